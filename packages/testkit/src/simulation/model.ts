import type { DiskView } from './disk-view.ts'

/** What a clearance office may hold of a person, as far as it matters for reading. */
export type Standing = 'cleared' | 'suspended' | 'withdrawn' | 'unassigned'

/** What a draft may be; `released` drafts are gone. */
export type DraftState = 'draft' | 'review' | 'returned' | 'released'

/**
 * What outsiders know of a world: what they were told, and, where an answer did not come, everything that may be so. As
 * simple as can be, and it shares no line with what it judges.
 */
export class Model {
  readonly #standings = new Map<string, ReadonlySet<Standing>>()
  /** Versions and notices come and go: what came from a partner may be hidden by them. */
  agreementMoves: boolean = false
  readonly #drafts = new Map<string, ReadonlySet<DraftState>>()
  /** What each item's text must contain. */
  readonly texts: Map<string, string> = new Map()

  /** Everything that a person's standing may be. */
  standings(person: string): ReadonlySet<Standing> {
    return this.#standings.get(person) ?? new Set(['withdrawn'])
  }

  /** The person's standing is this. */
  stands(person: string, standing: Standing): void {
    this.#standings.set(person, new Set([standing]))
  }

  /** The person's standing may be this by now. */
  mayStand(person: string, standing: Standing): void {
    this.#standings.set(person, new Set([...this.standings(person), standing]))
  }

  get drafts(): ReadonlyMap<string, ReadonlySet<DraftState>> {
    return this.#drafts
  }

  draftIs(id: string, state: DraftState): void {
    this.#drafts.set(id, new Set([state]))
  }

  draftMayBe(id: string, state: DraftState): void {
    this.#drafts.set(id, new Set([...(this.#drafts.get(id) ?? []), state]))
  }

  /**
   * Items that a person may be shown at a moment, from what their nation's disk says: those that must be in the list, and
   * those that may be.
   */
  listable(
    view: DiskView,
    nation: string,
    person: string,
    now: number,
  ): { readonly must: readonly string[]; readonly may: readonly string[] } {
    const standings = this.standings(person)
    if (!standings.has('cleared')) return { must: [], may: [] }
    const here = [...view.items].filter(
      ([, { recipient, expires, stoppedBy }]) => recipient === nation && stoppedBy === undefined && now < expires,
    )
    const may = here.map(([item]) => item)
    const must = here.filter(([, { originator }]) => !this.agreementMoves || originator === nation).map(([item]) => item)
    return { must: standings.size === 1 ? must : [], may }
  }
}
