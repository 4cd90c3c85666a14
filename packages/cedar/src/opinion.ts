import type { Question } from '@entente/decision'
import { type EncodedQuestion, type End, type EncodedContext, type Standing, encodeContexts, encodeHome, encodeQuestion } from './encode.ts'
import type { KnownNotice, KnownVersion, World } from './model.ts'
import type { Ask } from './request.ts'

/** The name of the policy set of the home rule. */
export const HOME_SET = 'home'

/** What Cedar makes of a question: permit only if every version that has a say permits. */
export interface Opinion {
  readonly permit: boolean
  /** Set and policy of every forbid that fired before the first refusal was certain. */
  readonly forbids: readonly { readonly set: string; readonly policy: string }[]
  /** Set and policy of every permit of an answer that permits. */
  readonly permits: readonly { readonly set: string; readonly policy: string }[]
}

/** A version with what stands beside it in the chain. */
interface Link {
  readonly version: KnownVersion
  readonly here: Standing
  readonly next: Standing | undefined
  readonly notices: readonly KnownNotice[]
}

/**
 * Asks Cedar a question of spec/decision.md, by the procedure of spec/cedar.md: whom it was released under, who has a say, and
 * then each of those whether it permits. All must. This only carries questions and answers to and fro.
 */
export function secondOpinion(question: Question, world: World, ask: Ask): Opinion {
  return new Asking(question, world, ask).opinion()
}

class Asking {
  readonly #question: Question
  readonly #world: World
  readonly #ask: Ask
  readonly #encoded: EncodedQuestion
  readonly #links: readonly Link[]

  constructor(question: Question, world: World, ask: Ask) {
    this.#question = question
    this.#world = world
    this.#ask = ask
    this.#encoded = encodeQuestion(question, world.policies)
    this.#links = linksOf(world)
  }

  opinion(): Opinion {
    const { person, item, act } = this.#question
    if (person.nation === item.originator) return this.#all([[HOME_SET, encodeHome(this.#question, this.#world)]], act)
    const released = this.#links.find((link) => this.#says('released-under', link, {}))
    if (released === undefined) return { permit: false, forbids: [], permits: [] }
    const name = released.version.body.agreement
    const begun = this.#links.filter((link) => this.#says('answers', link, {}))
    const ends = begun.filter((link) => link.version.body.agreement === name).flatMap((link) => this.#ends(link))
    const standing = this.#standing(begun)
    const asked = begun.flatMap((link) => {
      const own = link.version.body.agreement === name
      const with_ = own ? { ends, releasedUnder: released.version.body.version, standing } : { ends: terminations(link) }
      const has = with_.ends.length === 0 || this.#says('answers', link, with_)
      return has ? [[link.version.id, this.#contexts(link, with_)] as const] : []
    })
    return this.#all(asked, act)
  }

  /** Whether a version says yes in every context. */
  #says(action: string, link: Link, more: More): boolean {
    return this.#contexts(link, more).every((context) => this.#put(action, link.version.id, context).permit)
  }

  #contexts(link: Link, { ends = [], releasedUnder, standing = [] }: More): readonly EncodedContext[] {
    return encodeContexts(this.#question, this.#world, {
      version: link.version.id,
      here: link.here,
      ...(link.next === undefined ? {} : { next: link.next }),
      ...(releasedUnder === undefined ? {} : { releasedUnder }),
      standing,
      notices: link.notices,
      ends,
    })
  }

  #put(action: string, set: string, { context, entities }: EncodedContext): ReturnType<Ask> {
    const { principal, resource, entities: own } = this.#encoded
    return this.#ask(set, { principal, action: { type: 'Action', id: action }, resource, context, entities: [...own, ...entities] })
  }

  /** Asks until one refuses. */
  #all(asked: readonly (readonly [string, readonly EncodedContext[]])[], act: string): Opinion {
    const permits: Opinion['permits'][number][] = []
    for (const [set, contexts] of asked) {
      for (const context of contexts) {
        const { permit, policies } = this.#put(act, set, context)
        const told = policies.map((policy) => ({ set, policy }))
        if (!permit) return { permit: false, forbids: told, permits: [] }
        permits.push(...told)
      }
    }
    return { permit: asked.length > 0, forbids: [], permits }
  }

  /** Of the agreements on which those asked rest: the ones of which a version says that it stands. */
  #standing(begun: readonly Link[]): readonly string[] {
    const bases = new Set(begun.flatMap(({ version }) => (version.body.basis ?? []).map(({ agreement }) => agreement)))
    return [...bases].filter((name) =>
      this.#links.some((link) => link.version.body.agreement === name && this.#says('stands', link, { ends: terminations(link) })),
    )
  }

  /** What this version's text and the notices on it say of an end, for any nation. */
  #ends(link: Link): readonly End[] {
    const { body } = link.version
    const { person, item } = this.#question
    const memberships = body.parties.flatMap(({ nation, memberFrom, memberUntil }): End[] => {
      const member = { kind: 'membership', nation, ...(memberFrom === undefined ? {} : { memberFrom }) } as const
      const withdrawn = link.notices.filter((notice) => notice.body.notice === 'withdraw' && notice.body.nation === nation)
      return [
        ...(memberUntil === undefined ? [] : [{ kind: 'membership', nation, at: memberUntil } as const]),
        ...withdrawn.map(({ effect }) => ({ ...member, at: effect })),
      ]
    })
    const parties = body.parties.map(({ nation }) => nation)
    const { narrowsFrom } = link.here
    const dropped = [person.nation, item.originator, ...(item.via === undefined ? [] : [item.via])]
      .filter((nation) => !parties.includes(nation))
      .flatMap((nation): End[] => (narrowsFrom === undefined ? [] : [{ kind: 'membership', nation, at: narrowsFrom }]))
    return [...terminations(link), ...memberships, ...dropped, ...lapse(link)]
  }
}

interface More {
  readonly ends?: readonly End[]
  readonly releasedUnder?: number
  readonly standing?: readonly string[]
}

function terminations({ notices }: Link): readonly End[] {
  return notices.filter(({ body }) => body.notice === 'terminate').map(({ effect }) => ({ kind: 'termination', at: effect }))
}

function lapse({ version, here, next }: Link): readonly End[] {
  const { inForceUntil } = version.body
  if (inForceUntil === undefined) return []
  return [
    {
      kind: 'lapse',
      at: inForceUntil,
      ...(here.inForceFrom === undefined ? {} : { inForceFrom: here.inForceFrom }),
      ...(next?.inForceFrom === undefined ? {} : { supersededAt: next.inForceFrom }),
    },
  ]
}

/** Every version with the one after it and the notices on its agreement, oldest first. */
function linksOf({ agreements, notices = [] }: World): readonly Link[] {
  const chains = Map.groupBy(agreements, ({ body }) => body.agreement)
  return [...chains].flatMap(([name, unsorted]) => {
    const chain = unsorted.toSorted((a, b) => a.body.version - b.body.version)
    const own = notices.filter(({ body }) => body.agreement === name)
    const standings = chain.map((version) => standingOf(version, own))
    return chain.map((version, index) => ({ version, here: standings[index] ?? {}, next: standings[index + 1], notices: own }))
  })
}

/** From when a version narrows here, and from when it is in force here: its date, the notes that it waits for, both logs. */
function standingOf({ id, body, narrowingOnly, inForceSince = 0 }: KnownVersion, notices: readonly KnownNotice[]): Standing {
  const notes = notices.filter((notice) => notice.body.notice === 'note' && notice.body.version === id)
  const effects = body.parties.map(({ nation }) => notes.filter((note) => note.body.nation === nation).map(({ effect }) => effect))
  if (body.entry?.by === 'notes' && effects.some((given) => given.length === 0)) return {}
  const waited = body.entry?.by === 'notes' ? effects.map((given) => Math.min(...given)) : []
  const narrowsFrom = Math.max(body.inForceFrom, ...waited)
  return narrowingOnly === true ? { narrowsFrom } : { narrowsFrom, inForceFrom: Math.max(narrowsFrom, inForceSince) }
}
