/** A person of this nation, as the embedded provider and the authenticator know them. */
export type Person = {
  /** Stable id, `[a-z0-9-]`, at most 64 characters: the `sub` of the tokens and a part of the person's provider path. */
  readonly id: string
  readonly names: { readonly en: string; readonly ja: string }
  readonly roles: readonly string[]
}

/** Looked up at every request, so that a person who is struck off has no access from the next request on. */
export type FindPerson = (id: string) => Person | undefined

export function findIn(people: readonly Person[]): FindPerson {
  const byId = new Map(people.map((person) => [person.id, person]))
  return (id) => byId.get(id)
}
