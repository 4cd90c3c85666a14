import { checkLabel } from './check.ts'
import type { CategoryKind, Label, MarkingPolicy } from './model.ts'
import { audienceOf } from './order.ts'

const NAMESPACE = 'urn:nato:stanag:4774:confidentialitymetadatalabel:1:0'

/** Where a label has no review date, it is looked at again this long after it was made: five years of 365.25 days. */
export const REVIEW_AFTER_SECONDS: number = 157_788_000

/** The last second that an `xs:dateTime` with a four-digit year can say. */
const LAST_INSTANT = 253_402_300_799

const TYPES: Readonly<Record<CategoryKind, string>> = { restrictive: 'RESTRICTIVE', permissive: 'PERMISSIVE', informative: 'INFORMATIVE' }

/**
 * The label as a confidentiality label of STANAG 4774 (ADatP-4774 edition A version 1), UTF-8 XML without declaration.
 * `as` is `alternative` for a partner's reading of another's label. Several originators' sets become one, the nations
 * common to all, since 4774 has no set per originator; their names stand in an informative category.
 * Throws as `checkLabel` does.
 */
export function toStanag4774(label: Label, policy: MarkingPolicy, options: { readonly as?: 'originator' | 'alternative' } = {}): string {
  checkLabel(label, policy)
  const root = `slab:${options.as ?? 'originator'}ConfidentialityLabel`
  const review = label.review ?? Math.min(label.created + REVIEW_AFTER_SECONDS, LAST_INSTANT)
  const information = [
    element('slab:PolicyIdentifier', escaped(policy.id), { URI: policy.oid }),
    element('slab:Classification', escaped(label.classification)),
    ...categoriesOf(label).map(({ type, name, values }) =>
      element('slab:Category', values.map((value) => element('slab:GenericValue', escaped(value))).join(''), { Type: type, TagName: name }),
    ),
  ]
  const children = [
    element('slab:ConfidentialityInformation', information.join('')),
    element('slab:OriginatorID', `${policy.nation.toLowerCase()}.entente.example`, { IDType: 'dNSName' }),
    element('slab:CreationDateTime', dateTime(label.created)),
  ]
  return element(root, children.join(''), { 'xmlns:slab': NAMESPACE, ReviewDateTime: dateTime(review) })
}

interface XmlCategory {
  readonly type: string
  readonly name: string
  readonly values: readonly string[]
}

function categoriesOf(label: Label): readonly XmlCategory[] {
  const audience = audienceOf(label)
  return [
    ...label.categories.map(({ tag, kind, values }) => ({ type: TYPES[kind], name: tag, values })),
    ...(label.personRules.length === 0
      ? []
      : [{ type: TYPES.restrictive, name: 'Person Rule', values: label.personRules.map(({ code }) => code) }]),
    // Written even when it holds the originator only: a reader of 4774 may take its absence for no restriction.
    ...(audience === 'neutral' ? [] : [{ type: TYPES.permissive, name: 'Releasable To', values: audience }]),
    { type: TYPES.informative, name: 'Originating Nation', values: label.originators.map(({ nation }) => nation) },
  ]
}

function element(name: string, content: string, attributes: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  return `<${name}${written.join('')}>${content}</${name}>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function dateTime(instant: number): string {
  return `${new Date(instant * 1000).toISOString().slice(0, 19)}Z`
}
