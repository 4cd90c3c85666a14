import type { Nation } from '../nation.ts'
import { policyOf } from '../policies.ts'

/** A partner as the frame of a screen shows it. */
export interface PartnerStatus {
  readonly nation: string
  readonly names: { readonly en: string; readonly ja: string }
  /** What the latest call to it came to. */
  readonly reachable: boolean
  /** Seconds. */
  readonly since: number
}

/** What the frame of every screen shows. */
export interface NodeStatus {
  readonly realm: Nation['config']['realm']
  readonly nation: string
  readonly exercise: boolean
  /** The node's clock, in seconds. */
  readonly now: number
  /** Sorted by nation. */
  readonly partners: readonly PartnerStatus[]
}

/** How the node stands, from what it knows already: waits for no network. */
export function nodeStatus(nation: Pick<Nation, 'config' | 'trust' | 'policies' | 'contacts' | 'now'>): NodeStatus {
  const { config, trust, policies, contacts, now } = nation
  const { realm } = config
  const partners = [...trust().partners.keys()].sort().map((code): PartnerStatus => {
    const { reachable, since } = contacts.with(code)
    return { nation: code, names: policyOf(policies, code)?.nationNames ?? { en: code, ja: code }, reachable, since }
  })
  return { realm, nation: config.nation, exercise: realm === 'exercise', now: now(), partners }
}
