import { type MarkingPolicy, reachesLevel } from '@entente/label'
import { areaCovers } from './areas.ts'
import type { Agreement } from './model.ts'

/** A release, as the delegations of a version are asked about it. */
export interface DelegatedRelease {
  readonly nation: string
  /** Office of the officer, as the key statement names it. */
  readonly office?: string
  readonly area: string
  readonly classification: string
  /** Seconds. */
  readonly at: number
}

/**
 * Whether an office may release this under a grant of a version (spec/agreement.md 5): one of the version's delegations of the
 * nation is the office's and covers area, classification, mode and time. A version without any for the nation asks for none; a
 * grant that it does not have is covered by none. `policy` is that of the classification; what it does not know is not covered.
 */
export function mayRelease(
  body: Pick<Agreement, 'areas' | 'delegations' | 'grants'>,
  grant: string,
  { nation, office, area, classification, at }: DelegatedRelease,
  policy: MarkingPolicy,
): boolean {
  const own = (body.delegations ?? []).filter((one) => one.nation === nation)
  if (own.length === 0) return true
  const mode = body.grants.find(({ id }) => id === grant)?.mode
  const known = new Set(policy.classifications.map(({ code }) => code))
  return own.some(
    (one) =>
      one.office === office &&
      mode !== undefined &&
      one.modes.includes(mode) &&
      (one.until === undefined || at < one.until) &&
      one.areas.some((code) => areaCovers(body, code, area)) &&
      known.has(classification) &&
      known.has(one.ceiling) &&
      reachesLevel(one.ceiling, classification, policy),
  )
}
