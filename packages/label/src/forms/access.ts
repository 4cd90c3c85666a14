import { type Confidentiality, type ConfidentialityClearance, type NamedCategory, comparison, samePolicy } from './confidentiality.ts'
import { unreachable } from '@entente/canonical'

/** Why a clearance does not open a label: each reason that stands, in this order. */
export type ClearanceRefusal =
  | { readonly reason: 'another-policy' }
  | { readonly reason: 'classification'; readonly classification: string }
  | { readonly reason: 'restrictive'; readonly tag: string; readonly missing: readonly string[] }
  | { readonly reason: 'permissive'; readonly tag: string; readonly oneOf: readonly string[] }

export type ClearanceAccess = { readonly permitted: true } | { readonly permitted: false; readonly reasons: readonly ClearanceRefusal[] }

/**
 * The access decision of ADatP-4774.1 section 3.11.4: permitted only when the policy is the same, the classification is in the
 * clearance's list, every restrictive value is held, and of each permissive category at least one. Informative categories and the
 * privacy mark play no part. Each category of the label is asked by itself: two permissive ones are *and*, never *or*.
 */
export function accessByClearance(label: Confidentiality, clearance: ConfidentialityClearance): ClearanceAccess {
  if (!samePolicy(label, clearance)) return { permitted: false, reasons: [{ reason: 'another-policy' }] }
  const same = comparison(label.policy)
  const reasons: ClearanceRefusal[] = []
  if (!clearance.classifications.some((level) => same(level) === same(label.classification))) {
    reasons.push({ reason: 'classification', classification: label.classification })
  }
  for (const category of label.categories) {
    const held = heldOf(category, clearance, same)
    const missing = category.values.filter((value) => !held.has(same(value)))
    switch (category.kind) {
      case 'restrictive':
        if (missing.length > 0) reasons.push({ reason: 'restrictive', tag: category.tag, missing })
        break
      case 'permissive':
        if (missing.length === category.values.length) reasons.push({ reason: 'permissive', tag: category.tag, oneOf: category.values })
        break
      case 'informative':
        break
      default:
        return unreachable(category.kind)
    }
  }
  return reasons.length === 0 ? { permitted: true } : { permitted: false, reasons }
}

function heldOf({ tag, kind }: NamedCategory, clearance: ConfidentialityClearance, same: (name: string) => string): ReadonlySet<string> {
  const held = clearance.categories.filter((category) => category.kind === kind && same(category.tag) === same(tag))
  return new Set(held.flatMap(({ values }) => values.map(same)))
}
