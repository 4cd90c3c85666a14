import type { CompiledAgreement, CompiledFacts, CompiledVersion } from './compile.ts'
import { type Forbidden, type Hop, forbiddenOn, hopsOf } from './prohibition.ts'
import { type Span, spanOf, wasMember } from './span.ts'

/** What has a say on a path from a release until now. */
export interface Stood extends Span {
  /** Each nation on it was a member of each of these versions at the release. */
  readonly areMembers: boolean
}

/** The way from an originator to the nation whose people read, and what of the agreements stands on it: worked out once. */
export class Path {
  readonly originator: string
  readonly nation: string
  readonly via: string | undefined
  readonly hops: readonly Hop[]
  /** The nations on it. */
  readonly nations: readonly string[]
  /** Those that hold what comes by it. */
  readonly receivers: readonly string[]
  readonly #forbidden = new Map<CompiledVersion, readonly Forbidden[]>()
  readonly #stood = new Map<CompiledAgreement, (Stood | undefined)[][]>()

  constructor(originator: string, nation: string, via: string | undefined) {
    this.originator = originator
    this.nation = nation
    this.via = via
    this.hops = hopsOf(originator, nation, via)
    this.nations = via === undefined ? [originator, nation] : [originator, nation, via]
    this.receivers = this.nations.slice(1)
  }

  /** The prohibitions of a version that stand on it. */
  forbidden(version: CompiledVersion): readonly Forbidden[] {
    const known = this.#forbidden.get(version)
    if (known !== undefined) return known
    const found = forbiddenOn(version, this)
    this.#forbidden.set(version, found)
    return found
  }

  /** What an agreement says from a release until now: the same for all that begins, and ends, between the same two turns. */
  stood(agreement: CompiledAgreement, since: number, at: number): Stood {
    const { turns } = agreement
    let all = this.#stood.get(agreement)
    if (all === undefined) this.#stood.set(agreement, (all = []))
    const released = (all[indexIn(turns, since)] ??= [])
    return (released[indexIn(turns, at)] ??= this.#standing(agreement, since, at))
  }

  #standing(agreement: CompiledAgreement, since: number, at: number): Stood {
    const span = spanOf(agreement, this.nations, since, at)
    const areMembers = span.asked.every((version) => this.nations.every((nation) => wasMember(version, nation, since)))
    return { ...span, areMembers }
  }
}

/** The place of the last turn that is not after a second; the first is before all. */
export function indexIn(turns: readonly number[], second: number): number {
  let index = turns.length - 1
  while (index > 0 && (turns[index] ?? 0) > second) index--
  return index
}

type Known = Map<string, Map<string, Map<string | undefined, Path>>>
const KNOWN = new WeakMap<CompiledFacts, Known>()

/** The path by which an item comes to the readers of a nation. Kept between nations of the facts, of which there are few. */
export function pathOf(facts: CompiledFacts, originator: string, nation: string, via: string | undefined): Path {
  let all = KNOWN.get(facts)
  if (all === undefined) KNOWN.set(facts, (all = new Map()))
  const known = all.get(originator)?.get(nation)?.get(via)
  if (known !== undefined) return known
  const path = new Path(originator, nation, via)
  const { nations } = facts
  if (!nations.has(originator) || !nations.has(nation) || (via !== undefined && !nations.has(via))) return path
  const ofOriginator = all.get(originator) ?? new Map<string, Map<string | undefined, Path>>()
  const ofNation = ofOriginator.get(nation) ?? new Map<string | undefined, Path>()
  all.set(originator, ofOriginator.set(nation, ofNation.set(via, path)))
  return path
}
