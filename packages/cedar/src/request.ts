/** A value as Cedar's JSON has it. */
export type CedarValue = string | number | boolean | readonly CedarValue[] | { readonly [name: string]: CedarValue | undefined }

export type EntityId = { readonly type: string; readonly id: string }

export interface Entity {
  readonly uid: EntityId
  readonly attrs: Readonly<Record<string, CedarValue>>
  readonly parents: readonly EntityId[]
  readonly tags?: Readonly<Record<string, CedarValue>>
}

/** One request to Cedar, in the JSON of its bindings. */
export interface CedarRequest {
  readonly principal: EntityId
  readonly action: EntityId
  readonly resource: EntityId
  readonly context: Readonly<Record<string, CedarValue>>
  readonly entities: readonly Entity[]
}

/** What Cedar said: its answer, and the policies that it rests on. */
export interface CedarAnswer {
  readonly permit: boolean
  /** Ids of the permits, or of the forbids. */
  readonly policies: readonly string[]
}

/** Asks a policy set: that of a version by its id, or `home`. Cedar itself; nothing here evaluates a policy. */
export type Ask = (set: string, request: CedarRequest) => CedarAnswer
