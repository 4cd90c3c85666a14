import type { Standing } from './course.ts'
import type { Item, Rules } from './item.ts'
import type { Asking, Decision } from './model.ts'
import { Reasons } from './reason.ts'

/** Bits of the first word: what stands against an item by its own dates, and by how the agreements stand. */
export const STOPPED = 1
export const EXPIRED = 2
export const TIME = 4

/** When an item was released, and how that ends. */
export interface Release {
  readonly releasedAt: number
  readonly expiresAt?: number
  readonly stopped: boolean
}

/** Words that the bits of so many conditions take: one for time, one for each 32. */
export function wordsFor(conditions: number): number {
  return 1 + Math.ceil(conditions / 32)
}

/** Sets a bit for each condition that stands against who asks, and those of the first word; gives whether there is any. */
export function fire(rules: Rules, standing: Standing, asking: Asking, release: Release, fired: Uint32Array): boolean {
  const { at } = asking
  const { releasedAt, expiresAt = Infinity, stopped } = release
  fired.fill(0)
  fired[0] = (stopped ? STOPPED : 0) | (at >= expiresAt ? EXPIRED : 0) | (standing.reasons.all.length > 0 ? TIME : 0)
  let index = 0
  for (const condition of rules.conditions) {
    const { life } = condition
    setBit(fired, index++, life === undefined ? condition.fails(asking) : at - releasedAt >= life)
  }
  return fired.some((word) => word !== 0)
}

/** Sets the bit of a condition, if so. */
export function setBit(fired: Uint32Array, bit: number, so: boolean): void {
  if (so) fired[1 + (bit >>> 5)] = (fired[1 + (bit >>> 5)] ?? 0) | (1 << (bit & 31))
}

/** The decision that bits stand for: a permit where none is set, else every reason in words. */
export function decisionOf(item: Item, rules: Rules, standing: Standing, asking: Asking, release: Release, fired: Uint32Array): Decision {
  const reasons = new Reasons()
  const [time = 0] = fired
  if ((time & STOPPED) !== 0) reasons.add('decision/stopped', {})
  if ((time & EXPIRED) !== 0) reasons.add('decision/expired', { until: release.expiresAt ?? asking.at })
  const subject = { label: item.label, releasedAt: release.releasedAt }
  let index = 0
  for (const condition of rules.conditions) {
    if (index === rules.general) reasons.addAll(standing.reasons)
    if (((fired[1 + (index >>> 5)] ?? 0) & (1 << (index & 31))) !== 0) condition.say(reasons, asking, subject)
    index++
  }
  if (rules.conditions.length <= rules.general) reasons.addAll(standing.reasons)
  const { found } = reasons
  return found === undefined ? permitOf(item, rules) : { permit: false, reasons: found }
}

function permitOf({ nation, originator, basis }: Item, { grants }: Rules): Decision {
  if (nation === originator)
    return { permit: true, articles: [], duties: [], keyControl: 'originator', mode: 'give', uses: ['act-on', 'court', 'name-source'] }
  const agreement = basis?.agreement ?? ''
  const articles = new Map(grants.map(({ grant }) => [grant.article, { agreement, article: grant.article, grant: grant.id }]))
  const duties = new Set(grants.flatMap(({ grant }) => grant.duties))
  const [released] = grants
  return {
    permit: true,
    articles: [...articles.values()],
    duties: [...duties].sort(),
    // Key control is the basis's: the shares were made as it says. Without a basis nothing gets here.
    keyControl: released?.grant.keyControl ?? 'both',
    mode: grants.every(({ grant }) => grant.mode === 'give') ? 'give' : 'show',
    uses: [...(released?.uses ?? [])].filter((use) => grants.every(({ uses }) => uses.has(use))).sort(),
  }
}
