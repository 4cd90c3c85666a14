import type { Question } from '@entente/decision'
import {
  type Beside,
  type EncodedContext,
  type EncodedQuestion,
  type End,
  type OfficeAsked,
  type Told,
  encodeBeside,
  encodeContexts,
  encodeHome,
  encodeOffice,
  encodeQuestion,
  encodeRelease,
} from './encode.ts'
import { type Link, linksOf } from './link.ts'
import type { KnownNotice, World } from './model.ts'
import type { Ask, CedarAnswer } from './request.ts'

/** The name of the policy set of the home rule. */
export const HOME_SET = 'home'

/** What Cedar makes of a question: permit only if every version that has a say permits. */
export interface Opinion {
  readonly permit: boolean
  /** Set and policy of every forbid that fired where it was first refused. */
  readonly forbids: readonly { readonly set: string; readonly policy: string }[]
  /** Set and policy of every permit of an answer that permits. */
  readonly permits: readonly { readonly set: string; readonly policy: string }[]
}

/** What a version is told beyond what stands beside it always. */
type More = Pick<Beside, 'suspended' | 'suspension' | 'ends'>

/**
 * Asks Cedar a question of spec/decision.md, by the procedure of spec/cedar.md: whom it was released under, who has a say, and
 * then each of those whether it permits. All must. This only carries questions and answers to and fro.
 */
export function secondOpinion(question: Question, world: World, ask: Ask): Opinion {
  return new Asking(question, world, ask).opinion()
}

/**
 * Whether an office may release what the question says under its basis, to a person of that nation: every version that has a say must
 * permit it (spec/cedar.md 2). The question's `at` is the second of the release.
 */
export function releaseOpinion(question: Question, asked: OfficeAsked, world: World, ask: Ask): boolean {
  return new Asking(question, world, ask).release(asked)
}

class Asking {
  readonly #question: Question
  readonly #world: World
  readonly #ask: Ask
  readonly #encoded: EncodedQuestion
  readonly #release: EncodedQuestion
  readonly #links: readonly Link[]
  /** Terminations of each agreement, once they were asked for. */
  readonly #heard: Map<string, readonly End[]> = new Map()

  constructor(question: Question, world: World, ask: Ask) {
    this.#question = question
    this.#world = world
    this.#ask = ask
    this.#encoded = encodeQuestion(question, world.policies)
    this.#release = encodeRelease(question)
    this.#links = linksOf(world)
  }

  opinion(): Opinion {
    const { person, item, act } = this.#question
    if (person.nation === item.originator) return this.#all([[HOME_SET, encodeHome(this.#question, this.#world)]], act)
    // The version that the basis names; where it is not among those known, nobody permits.
    const released = this.#links.find((link) => link.id === item.basis?.version && this.#isReleasedUnder(link))
    if (released === undefined) return { permit: false, forbids: [], permits: [] }
    const basis = this.#basis(released)
    const under = this.#all(basis, act)
    if (basis.length === 0 || !under.permit) return { ...under, permit: false }
    const { permit, forbids, permits } = this.#all(this.#others(released), act)
    return { permit, forbids, permits: permit ? [...under.permits, ...permits] : [] }
  }

  release(asked: OfficeAsked): boolean {
    const { item } = this.#question
    const released = this.#links.find((link) => link.id === item.basis?.version && this.#isReleasedUnder(link))
    if (released === undefined) return false
    const { context, ...office } = encodeOffice(this.#question, this.#world.policies, asked, released.body.version)
    return this.#basis(released).every(([set]) => this.#put('release', set, office, { context, entities: [] }).permit)
  }

  #isReleasedUnder(link: Link): boolean {
    const chain = this.#links.filter(({ body }) => body.agreement === link.body.agreement)
    return this.#says('released-under', link, { ends: this.#terminations(chain) })
  }

  /** The versions of the basis that have a say, each with what it is to be asked. */
  #basis(released: Link): readonly (readonly [string, readonly EncodedContext[]])[] {
    const own = this.#links.filter(({ body }) => body.agreement === released.body.agreement)
    const terminations = this.#terminations(own)
    const first = own.filter((link) => this.#says('answers', link, { ends: terminations }))
    const ends = first.flatMap((link, index) => {
      const said = index === 0 ? [...terminations, ...this.#ends(link)] : this.#ends(link)
      return said.filter((end) => this.#says('ended', link, { ends: [end] }))
    })
    const asked = ends.length === 0 ? first : first.filter((link) => this.#says('answers', link, { ends }))
    const told: Omit<Told, 'withdrawals'> = {
      ends,
      releasedUnder: released.body.version,
      begun: own
        .filter(({ readsLater }) => readsLater)
        .filter((link) => this.#says('begun', link))
        .map(({ body }) => body.version),
      suspended: this.#isSuspended(own),
      standing: this.#standing(asked),
    }
    return asked.map((link) => [link.id, this.#contexts(link, told)])
  }

  /** Versions of other agreements that have a say: they can only forbid. */
  #others(released: Link): readonly (readonly [string, readonly EncodedContext[]])[] {
    const others = Map.groupBy(
      this.#links.filter(({ body }) => body.agreement !== released.body.agreement),
      ({ body }) => body.agreement,
    )
    return [...others.values()].flatMap((chain) => {
      const ends = this.#terminations(chain)
      return chain.filter((link) => this.#says('answers', link, { ends })).map((link) => [link.id, this.#contexts(link, { ends })] as const)
    })
  }

  /** Whether a version says yes in every context. */
  #says(action: string, link: Link, more: More = {}): boolean {
    const { id, here, withdrawals } = link
    const contexts = encodeBeside(this.#question, { version: id, here, withdrawals, ...more })
    return contexts.every((context) => this.#put(action, id, this.#release, context).permit)
  }

  #contexts({ withdrawals }: Link, told: Omit<Told, 'withdrawals'>): readonly EncodedContext[] {
    return encodeContexts(this.#question, this.#world.deciding, { withdrawals, ...told })
  }

  #put(action: string, set: string, question: EncodedQuestion, { context, entities }: EncodedContext): CedarAnswer {
    const { principal, resource, entities: own } = question
    return this.#ask(set, { principal, action: { type: 'Action', id: action }, resource, context, entities: [...own, ...entities] })
  }

  /** Asks until one refuses. */
  #all(asked: readonly (readonly [string, readonly EncodedContext[]])[], act: string): Opinion {
    const permits: Opinion['permits'][number][] = []
    for (const [set, contexts] of asked) {
      for (const context of contexts) {
        const { permit, policies } = this.#put(act, set, this.#encoded, context)
        const told = policies.map((policy) => ({ set, policy }))
        if (!permit) return { permit: false, forbids: told, permits: [] }
        permits.push(...told)
      }
    }
    return { permit: true, forbids: [], permits }
  }

  /** Of the agreements on which those asked rest: the ones of which a version says that it stands. */
  #standing(asked: readonly Link[]): readonly string[] {
    const bases = new Set(asked.flatMap(({ body }) => (body.basis ?? []).map(({ agreement }) => agreement)))
    return [...bases].filter((name) => {
      const chain = this.#links.filter(({ body }) => body.agreement === name)
      const more = { ends: this.#terminations(chain), suspended: this.#isSuspended(chain) }
      return chain.some((link) => this.#says('stands', link, more))
    })
  }

  /** Whether the version that some suspension names says that it is in effect. */
  #isSuspended(chain: readonly Link[]): boolean {
    const notices = chain[0]?.notices ?? []
    return notices
      .filter(({ body }) => body.notice === 'suspend')
      .some((notice) => {
        const resumed = notices.filter(({ body }) => body.notice === 'resume' && body.of === notice.id)
        const link = named(chain, notice)
        return link !== undefined && this.#isHeard(link, notice) && this.#says('in-suspension', link, { suspension: { notice, resumed } })
      })
  }

  /** Terminations by who was a member, as the version that each names says. */
  #terminations(chain: readonly Link[]): readonly End[] {
    const name = chain[0]?.body.agreement ?? ''
    const known = this.#heard.get(name) ?? this.#hear(chain)
    this.#heard.set(name, known)
    return known
  }

  #hear(chain: readonly Link[]): readonly End[] {
    const said = (chain[0]?.notices ?? []).filter(({ body }) => body.notice === 'terminate')
    return said
      .filter((notice) => {
        const link = named(chain, notice)
        return link !== undefined && this.#isHeard(link, notice)
      })
      .map(({ effect }) => ({ kind: 'termination', at: effect }))
  }

  #isHeard(link: Link, { body, effect }: KnownNotice): boolean {
    return this.#says('heard', link, { ends: [{ kind: 'notice', nation: body.nation, at: effect }] })
  }

  /** What this version's text, and the withdrawals from it, say of an end, for any nation. */
  #ends(link: Link): readonly End[] {
    const { person, item } = this.#question
    const { parties, inForceUntil } = link.body
    const { narrowsFrom, inForceFrom, supersededAt } = link.here
    const memberships = parties.flatMap(({ nation, memberFrom, memberUntil }): End[] => {
      const withdrawn = link.notices.filter(({ body }) => body.notice === 'withdraw' && body.nation === nation)
      return [
        ...(memberUntil === undefined ? [] : [{ kind: 'membership', nation, at: memberUntil } as const]),
        ...withdrawn.map(({ effect }): End => ({
          kind: 'membership',
          nation,
          at: effect,
          ...(memberFrom === undefined ? {} : { memberFrom }),
        })),
      ]
    })
    // Who is no party of it is no member from its beginning on.
    const dropped = [person.nation, item.originator, ...(item.via === undefined ? [] : [item.via])]
      .filter((nation) => parties.every((party) => party.nation !== nation))
      .flatMap((nation): End[] => (narrowsFrom === undefined ? [] : [{ kind: 'membership', nation, at: narrowsFrom }]))
    const lapse: End[] =
      inForceUntil === undefined
        ? []
        : [
            {
              kind: 'lapse',
              at: inForceUntil,
              ...(inForceFrom === undefined ? {} : { inForceFrom }),
              ...(supersededAt === undefined ? {} : { supersededAt }),
            },
          ]
    return [...memberships, ...dropped, ...lapse]
  }
}

/** The version that a notice names; the newest where it is none of these. */
function named(chain: readonly Link[], { body }: KnownNotice): Link | undefined {
  return chain.find(({ id }) => id === body.version) ?? chain.at(-1)
}
