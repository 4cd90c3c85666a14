import { type MessageValues, unreachable } from '@entente/canonical'
import { checkLabel } from './check.ts'
import { expandedSet } from './community.ts'
import type { Category, Label, MarkingPolicy, PersonRule } from './model.ts'

/**
 * What a person is cleared for under one policy, as a clearance of STANAG 4774 says it: every classification listed (not a
 * maximum), and the category values held. What is absent is not held.
 */
export interface LabelClearance {
  readonly policy: string
  readonly classifications: readonly string[]
  readonly categories: readonly Category[]
  /** The nation in whose service the person reads: releasability is asked of it. */
  readonly nation?: string
  readonly citizenships?: readonly string[]
  /** The organisation of the originating nation in which the person is posted. A fact of the moment, never of a label. */
  readonly host?: string
}

export type AccessReason = 'another-policy' | 'classification' | 'restrictive' | 'permissive' | 'releasability' | 'person-rule'

export type AccessAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'label/no-access'; readonly reason: AccessReason; readonly values: MessageValues }
  /** Nothing narrows, and the reader serves another nation: goes out only by a rule and an officer's decision. */
  | { readonly ok: false; readonly code: 'label/person-decides'; readonly reason: 'neutral'; readonly values: MessageValues }

/**
 * Whether a clearance opens a label at a time (spec/label.md section 5): the classification is listed, every restrictive and
 * at least one permissive value is held, every originator releases to the nation, every person rule admits the citizen.
 * Throws as `checkLabel` does.
 */
export function accessBy(label: Label, clearance: LabelClearance, policy: MarkingPolicy, at: number): AccessAnswer {
  checkLabel(label, policy)
  const no = (reason: AccessReason, values: MessageValues = {}): AccessAnswer => ({ ok: false, code: 'label/no-access', reason, values })
  if (clearance.policy !== label.policy) return no('another-policy', { found: clearance.policy, policy: label.policy })
  if (!clearance.classifications.includes(label.classification)) return no('classification', { text: label.classification })
  for (const category of label.categories) {
    const lacking = lackingIn(category, clearance.categories.find(({ tag }) => tag === category.tag)?.values ?? [])
    if (lacking !== undefined)
      return no(category.kind === 'permissive' ? 'permissive' : 'restrictive', { tag: category.tag, text: lacking })
  }
  const unmet = label.personRules.find((rule) => !admits(rule, clearance, policy))
  if (unmet !== undefined) return no('person-rule', { text: unmet.code })
  const { nation = '' } = clearance
  const sets = label.originators.filter(({ releasableTo }) => releasableTo !== 'neutral')
  const closed = sets.find(({ releasableTo: set }) => set !== 'neutral' && !expandedSet(set, policy, at).includes(nation))
  if (closed !== undefined) return no('releasability', { nation, originator: closed.nation })
  if (sets.length === 0 && !label.originators.some((part) => part.nation === nation)) {
    return { ok: false, code: 'label/person-decides', reason: 'neutral', values: { nation } }
  }
  return { ok: true }
}

/** A value that the reader lacks; undefined where nothing is lacking. */
function lackingIn({ kind, values }: Category, held: readonly string[]): string | undefined {
  switch (kind) {
    case 'restrictive':
      return values.find((value) => !held.includes(value))
    case 'permissive':
      return values.some((value) => held.includes(value)) ? undefined : values.join(' ')
    case 'informative':
      return undefined
    default:
      return unreachable(kind)
  }
}

/** A citizen, or a cleared officer posted where the policy lets the rule admit one. */
function admits(rule: PersonRule, { citizenships = [], host }: LabelClearance, policy: MarkingPolicy): boolean {
  if (citizenships.some((nation) => rule.nations.includes(nation))) return true
  const posted = policy.personRules.find(({ code }) => code === rule.code)?.posted
  return (
    host !== undefined &&
    posted !== undefined &&
    posted.hosts.includes(host) &&
    citizenships.some((nation) => posted.nations.includes(nation))
  )
}
