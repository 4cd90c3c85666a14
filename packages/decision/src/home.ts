import type { CompiledFacts, CompiledPolicy } from './compile.ts'
import { type Condition, Refusal, keyOf } from './condition.ts'
import { addLabelConditions } from './label.ts'
import type { Asking, Kind } from './model.ts'
import type { Reasons } from './reason.ts'

/**
 * The home rule: a nation's own person and its own item. Clearance of its own scheme, need to know, the label's rules on
 * persons, no suspension. No agreement has a say, and none is cited.
 */
export function addHomeConditions(
  conditions: Condition[],
  facts: CompiledFacts,
  { originator, label, area }: Kind,
  policy: CompiledPolicy | undefined,
): void {
  if (facts.deciding !== originator) conditions.push(new Refusal('decision/direction', { from: originator, to: originator }))
  conditions.push(READERS_ACT)
  addLabelConditions(conditions, policy, originator, [originator], label)
  conditions.push(new HomeCleared(policy, label.classification), new HomeNeed(area, facts.homeAbove.get(area)))
}

/** Letting something out of the nation is an officer's release under a delegation, never a reader's act. */
const READERS_ACT: Condition = {
  key: 'home act',
  fails: ({ act }) => act === 'onward-release',
  say: (reasons, { act }) => reasons.add('decision/act-not-granted', { act }),
}

class HomeCleared implements Condition {
  readonly #policy: CompiledPolicy | undefined
  readonly #classification: string

  constructor(policy: CompiledPolicy | undefined, classification: string) {
    this.#policy = policy
    this.#classification = classification
  }

  get key(): string {
    return keyOf('home cleared', this.#policy?.id ?? [], this.#classification)
  }

  fails({ person: { clearance } }: Asking): boolean {
    return clearance === undefined || (this.#policy !== undefined && !this.#opens(this.#policy, clearance))
  }

  say(reasons: Reasons, { person: { clearance } }: Asking): void {
    const policy = this.#policy
    if (clearance === undefined || policy === undefined) {
      reasons.add('decision/clearance-missing', {})
      return
    }
    const needed = [...policy.clearanceOrders].filter(([code]) => this.#opens(policy, code)).sort(([, a], [, b]) => a - b)[0]?.[0]
    const values = { clearance, classification: this.#classification }
    if (needed === undefined) reasons.add('decision/clearance-too-low', values, {}, 'nearest/lower-rendition')
    else reasons.add('decision/clearance-too-low', { ...values, needed })
  }

  #opens(policy: CompiledPolicy, clearance: string): boolean {
    return policy.opens.get(clearance)?.has(this.#classification) === true
  }
}

class HomeNeed implements Condition {
  readonly #area: string
  readonly #above: ReadonlySet<string> | undefined

  constructor(area: string, above: ReadonlySet<string> | undefined) {
    this.#area = area
    this.#above = above
  }

  get key(): string {
    return keyOf('home need', this.#area)
  }

  fails({ person }: Asking): boolean {
    return person.areas?.some((area) => area === this.#area || this.#above?.has(area) === true) !== true
  }

  say(reasons: Reasons): void {
    reasons.add('decision/need-to-know', { area: this.#area })
  }
}
