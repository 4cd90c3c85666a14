import { checkLabel } from '../check.ts'
import { LabelError, anotherPolicy, unknownClassification } from '../errors.ts'
import type { Category, Label, MarkingPolicy, OriginatorPart, PersonRule, PolicyCategory, PolicyClassification } from '../model.ts'
import { audienceOf, levelOf } from '../order.ts'
import { policyCodes } from '../policy-codes.ts'
import { type Confidentiality, type ConfidentialityLabel, type NamedCategory, lower, samePolicy } from './confidentiality.ts'
import { writeStanag4774 } from './stanag-4774.ts'
import { notCarried } from '../print.ts'

/** Where a label has no review date, it is looked at again this long after it was made: five years of 365.25 days. */
export const REVIEW_AFTER_SECONDS: number = 157_788_000

/** The last second that an `xs:dateTime` with a four-digit year can say. */
const LAST_INSTANT = 253_402_300_799

const PERSON_RULE = 'Person Rule'
const RELEASABLE_TO = 'Releasable To'
const ORIGINATING_NATION = 'Originating Nation'
/** The value of the context that says that there is a releasability set; it is never shown (ADatP-4774 appendix 2). */
const RELEASABLE = 'Releasable'
const CONTEXT = 'context'

/**
 * The label as a confidentiality label of STANAG 4774 (ADatP-4774 edition A version 1), UTF-8 XML without declaration.
 * `as` is `alternative` for a partner's reading of another's label. Several originators' sets become one, the nations
 * common to all, since 4774 has no set per originator; their names stand in an informative category.
 * Throws as `checkLabel` does, and `label/not-carried` where a scheme with contexts has no place for what the label says.
 */
export function toStanag4774(label: Label, policy: MarkingPolicy, options: { readonly as?: 'originator' | 'alternative' } = {}): string {
  return writeStanag4774(namesOf(label, policy, options))
}

/** A label in the names that its policy has in machine forms (spec/label.md section 12.1). Throws as `checkLabel` does. */
export function namesOf(
  label: Label,
  policy: MarkingPolicy,
  { as = 'originator' }: { readonly as?: 'originator' | 'alternative' } = {},
): ConfidentialityLabel {
  checkLabel(label, policy)
  return { ...baseOf(label, policy, as), review: label.review ?? Math.min(label.created + REVIEW_AFTER_SECONDS, LAST_INSTANT) }
}

/** Without the default of the review date: a successor has none. */
function baseOf(label: Label, policy: MarkingPolicy, as: 'originator' | 'alternative'): ConfidentialityLabel {
  const level = policy.classifications.find(({ code }) => code === label.classification)
  const { succession, review } = label
  return {
    as,
    ...idsOf(policy),
    classification: level === undefined ? label.classification : levelName(level, policy),
    categories: hasContext(policy) ? contextCategories(label, policy) : ownCategories(label),
    originator: { type: 'dNSName', id: `${policy.nation.toLowerCase()}.entente.example` },
    created: label.created,
    ...(review === undefined ? {} : { review }),
    ...(succession === undefined ? {} : { succession: { at: succession.at, label: baseOf(succession.label, policy, as) } }),
  }
}

/** What a policy is called in machine forms. */
export function idsOf({ id, oid }: MarkingPolicy): { readonly policy: string; readonly policyId: string } {
  return { policy: id, policyId: oid.slice('urn:oid:'.length) }
}

/** Schemes with contexts name their tags and values in words and have no originating nations (ADatP-4774 appendix 2). */
function hasContext(policy: MarkingPolicy): boolean {
  return policy.syntax === 'nato'
}

function levelName(level: PolicyClassification, policy: MarkingPolicy): string {
  return hasContext(policy) ? level.code.replaceAll('-', ' ') : level.code
}

function ownCategories(label: Label): readonly NamedCategory[] {
  const audience = audienceOf(label)
  return [
    ...label.categories,
    ...(label.personRules.length === 0
      ? []
      : [{ kind: 'restrictive', tag: PERSON_RULE, values: label.personRules.map(({ code }) => code) } as const]),
    // Written even when it holds the originator only: a reader of 4774 may take its absence for no restriction.
    ...(audience === 'neutral' ? [] : [{ kind: 'permissive', tag: RELEASABLE_TO, values: audience } as const]),
    { kind: 'informative', tag: ORIGINATING_NATION, values: label.originators.map(({ nation }) => nation) },
  ]
}

function contextCategories(label: Label, policy: MarkingPolicy): readonly NamedCategory[] {
  const [only, other] = label.originators
  if (only === undefined || other !== undefined || only.nation !== policy.nation || only.releasableTo === 'neutral') {
    throw notCarried(other?.nation ?? only?.nation ?? '')
  }
  const [rule] = label.personRules
  if (rule !== undefined) throw notCarried(rule.code)
  const [context, another] = label.categories.find(({ tag }) => tag === CONTEXT)?.values ?? []
  const more = only.releasableTo.filter((name) => name !== policy.nation)
  if (context === undefined || another !== undefined || more.includes(context)) throw notCarried(another ?? context ?? CONTEXT)
  const categories = policy.categories.flatMap((category): readonly NamedCategory[] => {
    const held = label.categories.find(({ tag }) => tag === category.tag)
    if (held === undefined) return []
    const values = inOrder(held.values, category).map((code) => nameOf(code, category, policy))
    const added = category.tag === CONTEXT && more.length > 0 ? [RELEASABLE] : []
    return [{ tag: category.names.en, kind: category.kind, values: [...values, ...added] }]
  })
  return more.length === 0
    ? categories
    : [...categories, { tag: RELEASABLE_TO, kind: 'permissive', values: [context, ...more].map((code) => readerName(code, policy)) }]
}

function inOrder(values: readonly string[], category: PolicyCategory): readonly string[] {
  const order = (code: string) => category.values.findIndex((value) => value.code === code)
  return [...values].sort((a, b) => order(a) - order(b))
}

function nameOf(code: string, category: PolicyCategory, policy: MarkingPolicy): string {
  return category.values.find((value) => value.code === code)?.names.en ?? readerName(code, policy)
}

/** A nation by its code, a community by its name. */
function readerName(code: string, policy: MarkingPolicy): string {
  return policy.communities?.find((community) => community.code === code)?.names.en ?? code
}

/**
 * The label that a machine form's names say under a policy of ours. Without a releasability set the default is narrow, as in a
 * marking. `created` stands in for a date that the form left out. Throws `label/another-policy`, `form/unknown-classification`,
 * `form/unknown-category`, `label/not-carried`, `form/required`, and as `checkLabel`.
 */
export function labelOf(named: ConfidentialityLabel, policy: MarkingPolicy, options: { readonly created?: number } = {}): Label {
  if (!samePolicy(named, idsOf(policy))) {
    throw anotherPolicy(named.policy, policy.id)
  }
  // The model has no place for a free text that decides nothing; dropping it would change what the originator said.
  if (named.privacyMark !== undefined) throw notCarried('PrivacyMark')
  const created = named.created ?? options.created
  if (created === undefined) throw new LabelError('form/missing', '`CreationDateTime` is missing', { values: { text: 'CreationDateTime' } })
  const label: Label = {
    policy: policy.id,
    classification: classificationOf(named, policy),
    ...(hasContext(policy) ? contextParts(named, policy) : ownParts(named, policy)),
    created,
    ...(named.review === undefined ? {} : { review: named.review }),
    ...(named.succession === undefined
      ? {}
      : { succession: { at: named.succession.at, label: labelOf(named.succession.label, policy, options) } }),
  }
  checkLabel(label, policy)
  return label
}

function classificationOf({ classification, policy: id }: Confidentiality, policy: MarkingPolicy): string {
  const same = sameFor(policy)
  const level = policy.classifications.find((one) => same(levelName(one, policy)) === same(classification) || one.code === classification)
  if (level === undefined) throw unknownClassification(classification, id)
  return level.code
}

function sameFor(policy: MarkingPolicy): (name: string) => string {
  return hasContext(policy) ? lower : (name) => name
}

type Parts = Pick<Label, 'categories' | 'personRules' | 'originators'>

function ownParts(named: Confidentiality, policy: MarkingPolicy): Parts {
  const special = ({ tag, kind }: NamedCategory) =>
    (tag === PERSON_RULE && kind === 'restrictive') ||
    (tag === RELEASABLE_TO && kind === 'permissive') ||
    (tag === ORIGINATING_NATION && kind === 'informative')
  const of = (tag: string, kind: NamedCategory['kind']) => named.categories.find((one) => one.tag === tag && one.kind === kind)?.values
  const wrong = named.categories.find(({ tag }, at) => named.categories.findIndex((other) => other.tag === tag) !== at)
  if (wrong !== undefined) throw unknown(wrong, wrong.values[0] ?? '', policy)
  const common = of(RELEASABLE_TO, 'permissive')
  const nations = of(ORIGINATING_NATION, 'informative') ?? [policy.nation]
  const level = levelOf(classificationOf(named, policy), policy)
  const unmarked = level.unmarkedRelease === 'neutral' ? ('neutral' as const) : ([] as const)
  const part = (nation: string): OriginatorPart => {
    const set = common ?? unmarked
    return { nation, releasableTo: set === 'neutral' ? set : sorted([nation, ...set]) }
  }
  const parts: Parts = {
    categories: named.categories
      .filter((one) => !special(one))
      .map((one) => categoryOf(one, policy))
      .sort(byTag),
    personRules: (of(PERSON_RULE, 'restrictive') ?? []).map((code) => personRule(code, policy)).sort((a, b) => (a.code < b.code ? -1 : 1)),
    originators: sorted(nations).map(part),
  }
  // INVARIANT: nobody reads whom the form does not name. A set of ours holds its originator, so one that did not must be cut elsewhere.
  const audience = audienceOf(parts)
  if (common !== undefined && audience !== 'neutral' && !audience.every((nation) => common.includes(nation))) {
    throw new LabelError('label/rel-without-own-nation', 'a releasability set without its originator', { values: {} })
  }
  return parts
}

function contextParts(named: Confidentiality, policy: MarkingPolicy): Parts {
  const same = sameFor(policy)
  const find = (name: string) => named.categories.find(({ tag }) => same(tag) === same(name))
  const contextName = policy.categories.find(({ tag }) => tag === CONTEXT)?.names.en ?? CONTEXT
  const context = find(contextName)
  const values = (context?.values ?? []).filter((value) => same(value) !== same(RELEASABLE))
  const [only] = values
  if (context?.kind !== 'permissive' || only === undefined || values.length > 1) throw required(contextName)
  const released = find(RELEASABLE_TO)
  // ADatP-4774 appendix 2: the set and the value `Releasable` of the context come together; the set holds the context itself and one more.
  if ((released !== undefined) !== values.length < context.values.length)
    throw required(released === undefined ? RELEASABLE_TO : RELEASABLE)
  const more = (released?.values ?? []).filter((value) => same(value) !== same(only)).map((value) => readerCode(value, policy))
  if (released !== undefined && (more.length === 0 || more.length === released.values.length)) throw required(only)
  if (more.includes(policy.nation)) throw notCarried(policy.nation)
  const wrong = named.categories.find(({ tag }, at) => named.categories.findIndex((other) => same(other.tag) === same(tag)) !== at)
  if (wrong !== undefined || (released !== undefined && released.kind !== 'permissive')) {
    throw unknown(wrong ?? released ?? context, '', policy)
  }
  return {
    categories: named.categories
      .filter((one) => one !== released)
      .map((one) => categoryOf(one === context ? { ...one, values } : one, policy))
      .sort(byTag),
    personRules: [],
    originators: [{ nation: policy.nation, releasableTo: sorted([policy.nation, ...more]) }],
  }
}

function required(text: string): LabelError {
  return new LabelError('form/required', `\`${text}\` is required`, { values: { text } })
}

function categoryOf(named: NamedCategory, policy: MarkingPolicy): Category {
  const same = sameFor(policy)
  const category = policy.categories.find(
    (one) => one.kind === named.kind && tagNames(one, policy).some((name) => same(name) === same(named.tag)),
  )
  if (category === undefined) throw unknown(named, named.values[0] ?? '', policy)
  const codes = named.values.map((name) => {
    const value = category.values.find((one) => one.code === name || (hasContext(policy) && same(one.names.en) === same(name)))
    if (value !== undefined) return value.code
    if (category.open === undefined) throw unknown(named, name, policy)
    return hasContext(policy) ? readerCode(name, policy) : name
  })
  return { tag: category.tag, kind: category.kind, values: sorted(codes) }
}

/** What a tag is called in machine forms: the name that is written first. */
function tagNames({ tag, names, input = [] }: PolicyCategory, policy: MarkingPolicy): readonly string[] {
  return [hasContext(policy) ? names.en : tag, ...input]
}

function readerCode(name: string, policy: MarkingPolicy): string {
  const same = sameFor(policy)
  const community = policy.communities?.find((one) => same(one.names.en) === same(name) || one.code === name)
  const nation = policy.releasableTo.find((one) => same(one.nation) === same(name))
  const code = community?.code ?? nation?.nation
  if (code === undefined) throw unknown({ tag: RELEASABLE_TO, kind: 'permissive', values: [name] }, name, policy)
  return code
}

function personRule(code: string, policy: MarkingPolicy): PersonRule {
  const rule = policyCodes(policy).heldRules.get(code)
  if (rule === undefined) throw unknown({ tag: PERSON_RULE, kind: 'restrictive', values: [code] }, code, policy)
  return rule
}

function unknown({ tag, kind }: NamedCategory, value: string, policy: MarkingPolicy): LabelError {
  const values = { text: value === '' ? tag : `${tag}/${value}`, policy: policy.id }
  return new LabelError('form/unknown-category', `\`${policy.id}\` has no ${kind} \`${values.text}\``, { values })
}

function sorted(codes: readonly string[]): readonly string[] {
  return [...new Set(codes)].sort()
}

function byTag(a: Category, b: Category): number {
  return a.tag < b.tag ? -1 : 1
}
