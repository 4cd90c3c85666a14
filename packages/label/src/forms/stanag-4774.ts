import { LabelError } from '../errors.ts'
import type { CategoryKind } from '../model.ts'
import type { Change } from '../schemes/syntax.ts'
import type { Confidentiality, ConfidentialityClearance, ConfidentialityLabel, NamedCategory } from './confidentiality.ts'
import { Lenience, Sequence, attribute, instantOf, missing, onlyAttributes, textOf, unexpected, wrongValue } from './elements.ts'
import { dateTime, element, escaped } from './xml-write.ts'
import { type XmlElement, readXml } from './xml.ts'
import { notCarried } from '../print.ts'

export const LABEL_NAMESPACE = 'urn:nato:stanag:4774:confidentialitymetadatalabel:1:0'
export const CLEARANCE_NAMESPACE = 'urn:nato:stanag:4774:confidentialityclearance:1:0'

const KINDS: ReadonlyMap<string, CategoryKind> = new Map([
  ['RESTRICTIVE', 'restrictive'],
  ['PERMISSIVE', 'permissive'],
  ['INFORMATIVE', 'informative'],
])
const ROOTS: ReadonlyMap<string, ConfidentialityLabel['as']> = new Map([
  ['originatorConfidentialityLabel', 'originator'],
  ['alternativeConfidentialityLabel', 'alternative'],
  ['metadataConfidentialityLabel', 'metadata'],
  // For backwards compatibility, as the schema says.
  ['ConfidentialityLabel', 'originator'],
])
/** Names of the root that published examples and software write, and what they stand for. */
const WRONG_ROOTS: ReadonlyMap<string, string> = new Map([
  ['OriginatorConfidentialityLabel', 'originatorConfidentialityLabel'],
  ['AlternativeConfidentialityLabel', 'alternativeConfidentialityLabel'],
  ['MetadataConfidentialityLabel', 'metadataConfidentialityLabel'],
])
const ID_TYPES: ReadonlySet<string> = new Set([
  'rfc822Name',
  'dNSName',
  'directoryName',
  'uniformResourceIdentifier',
  'iPAddress',
  'x400Address',
  'userPrincipalName',
  'jID',
])
const MAX_VALUES = 1_024

export interface FormOptions {
  /** Lets the known errata of ADatP-4774 and of other software pass, each as a change (spec/label.md section 12.2). */
  readonly lenient?: boolean
}

/** What was read, and what a lenient reading let pass. */
export interface FormReading<T> {
  readonly value: T
  readonly changes: readonly Change[]
}

/**
 * A confidentiality label of STANAG 4774 (ADatP-4774 edition A version 1) from its XML, in the names of its policy. Strict is what
 * the schema allows; `lenient` also reads the errata of spec/label.md section 12.2. Throws `form/xml…`, `form/not-this-form`,
 * `form/missing`, `form/unexpected`, `form/value`, each with `values.at`.
 */
export function readStanag4774(xml: string | Uint8Array, options: FormOptions = {}): FormReading<ConfidentialityLabel> {
  return labelOfElement(readXml(xml), options)
}

/** The same from an element that stands inside another document. */
export function labelOfElement(root: XmlElement, { lenient = false }: FormOptions = {}): FormReading<ConfidentialityLabel> {
  const lenience = new Lenience(lenient)
  if (root.namespace !== LABEL_NAMESPACE) throw notThisForm(root)
  let name = root.name
  const right = WRONG_ROOTS.get(name)
  if (right !== undefined) {
    lenience.pass(notThisForm(root), { from: name, to: right })
    name = right
  }
  const as = ROOTS.get(name)
  if (as === undefined) throw notThisForm(root)
  return { value: readLabelElement(root, as, lenience), changes: lenience.changes }
}

function notThisForm(root: XmlElement): LabelError {
  return new LabelError('form/not-this-form', `\`${root.name}\` is not the root of this form`, { values: { text: root.name, at: root.at } })
}

function readLabelElement(root: XmlElement, as: ConfidentialityLabel['as'], lenience: Lenience): ConfidentialityLabel {
  onlyAttributes(root, 'ReviewDateTime', 'Id')
  const review = attribute(root, 'ReviewDateTime')
  const label = readBase(root, as, lenience)
  if (review === undefined && label.succession === undefined) {
    lenience.pass(missing('ReviewDateTime', root.at), { from: '', to: 'ReviewDateTime' })
  }
  return { ...label, ...(review === undefined ? {} : { review: instantOf(review, root.at) }) }
}

/** What a label and its successors have in common: a successor has no review date (ConfidentialityLabelBaseType). */
function readBase(root: XmlElement, as: ConfidentialityLabel['as'], lenience: Lenience): ConfidentialityLabel {
  const parts = new Sequence(root, LABEL_NAMESPACE)
  const information = informationOf(parts.required('ConfidentialityInformation'), lenience)
  const originator = parts.optional('OriginatorID')
  const created = creationOf(root, parts, lenience)
  const handling = parts.optional('SuccessionHandling')
  parts.end()
  return {
    as,
    ...information,
    ...(originator === undefined ? {} : { originator: originatorOf(originator) }),
    ...(created === undefined ? {} : { created }),
    ...(handling === undefined ? {} : { succession: successionOf(handling, as, lenience) }),
  }
}

function creationOf(root: XmlElement, parts: Sequence, lenience: Lenience): number | undefined {
  const creation = parts.optional('CreationDateTime', ...(lenience.lenient ? ['CreationDataTime'] : []))
  if (creation === undefined) {
    lenience.pass(missing('CreationDateTime', root.at), { from: '', to: 'CreationDateTime' })
    return undefined
  }
  if (creation.name !== 'CreationDateTime') {
    lenience.pass(unexpected(creation.name, creation.at), { from: creation.name, to: 'CreationDateTime' })
  }
  return instantOf(textOf(creation), creation.at)
}

function originatorOf(element: XmlElement): { type: string; id: string } {
  onlyAttributes(element, 'IDType')
  const type = attribute(element, 'IDType')
  if (type === undefined) throw missing('IDType', element.at)
  if (!ID_TYPES.has(type)) throw wrongValue(type, element.at)
  return { type, id: someText(element) }
}

function successionOf(
  handling: XmlElement,
  as: ConfidentialityLabel['as'],
  lenience: Lenience,
): { at: number; label: ConfidentialityLabel } {
  const parts = new Sequence(handling, LABEL_NAMESPACE)
  const at = parts.required('SuccessionDateTime')
  const label = parts.required('SuccessorConfidentialityLabel', ...(lenience.lenient ? ['successorConfidentialityLabel'] : []))
  parts.end()
  if (label.name !== 'SuccessorConfidentialityLabel') {
    lenience.pass(unexpected(label.name, label.at), { from: label.name, to: 'SuccessorConfidentialityLabel' })
  }
  onlyAttributes(label)
  return { at: instantOf(textOf(at), at.at), label: readBase(label, as, lenience) }
}

function informationOf(element: XmlElement, lenience: Lenience): Confidentiality {
  const parts = new Sequence(element, LABEL_NAMESPACE)
  const policy = policyOf(parts.required('PolicyIdentifier'), lenience)
  const classification = levelOf(parts.required('Classification'))
  const privacy = parts.optional('PrivacyMark')
  const categories = parts.all('Category').map((category) => categoryOf(category, lenience))
  parts.end()
  return { ...policy, classification, ...(privacy === undefined ? {} : { privacyMark: plainText(privacy) }), categories }
}

function policyOf(element: XmlElement, lenience: Lenience): { policy: string; policyId?: string } {
  onlyAttributes(element, 'URI', 'URL')
  const url = attribute(element, 'URL')
  if (url !== undefined) lenience.pass(unexpected('URL', element.at), { from: 'URL', to: 'URI' })
  const id = oidOf(attribute(element, 'URI') ?? url)
  return { policy: someText(element), ...(id === undefined ? {} : { policyId: id }) }
}

/** The dotted form of a `urn:oid:`; other URIs name no object. */
function oidOf(uri: string | undefined): string | undefined {
  return uri !== undefined && /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/iu.test(uri) ? uri.slice('urn:oid:'.length) : undefined
}

function categoryOf(element: XmlElement, lenience: Lenience): NamedCategory {
  onlyAttributes(element, 'Type', 'TagName', 'URI', 'type', 'tagName')
  const type = named(element, 'Type', 'type', lenience)
  const tag = named(element, 'TagName', 'tagName', lenience)
  let kind = KINDS.get(type)
  if (kind === undefined) {
    kind = KINDS.get(type.toUpperCase())
    if (kind === undefined) throw wrongValue(type, element.at)
    lenience.pass(wrongValue(type, element.at), { from: type, to: type.toUpperCase() })
  }
  const parts = new Sequence(element, LABEL_NAMESPACE)
  const values = parts.all('GenericValue').map(plainText)
  parts.end()
  if (values.length === 0) throw missing('GenericValue', element.at)
  if (values.length > MAX_VALUES || new Set(values).size !== values.length) throw wrongValue(tag, element.at)
  const id = oidOf(attribute(element, 'URI'))
  return { tag, ...(id === undefined ? {} : { tagId: id }), kind, values }
}

function named(element: XmlElement, name: string, erratum: string, lenience: Lenience): string {
  const right = attribute(element, name)
  const wrong = attribute(element, erratum)
  if (wrong !== undefined) lenience.pass(unexpected(erratum, element.at), { from: erratum, to: name })
  // Both at once would let two readers see two labels in one text.
  if (right !== undefined && wrong !== undefined) throw unexpected(erratum, element.at)
  const value = (right ?? wrong)?.trim() ?? ''
  if (value === '') throw missing(name, element.at)
  return value
}

/** The name of a classification; its URI, which the schema allows, says nothing more. */
function levelOf(element: XmlElement): string {
  onlyAttributes(element, 'URI')
  return someText(element)
}

function plainText(element: XmlElement): string {
  onlyAttributes(element)
  return someText(element)
}

function someText(element: XmlElement): string {
  const text = textOf(element)
  if (text === '' || text.length > 256) throw wrongValue(text, element.at)
  return text
}

/**
 * The XML of a label, UTF-8 without declaration, valid under the published schema. Throws `label/not-carried` without `created`,
 * without a review date and a succession, and for the review date of a successor.
 */
export function writeStanag4774(label: ConfidentialityLabel): string {
  const { review, succession } = label
  if (review === undefined && succession === undefined) throw notCarried('ReviewDateTime')
  const attributes = { 'xmlns:slab': LABEL_NAMESPACE, ...(review === undefined ? {} : { ReviewDateTime: dateTime(review) }) }
  return element(`slab:${label.as}ConfidentialityLabel`, writeBase(label), attributes)
}

function writeBase(label: ConfidentialityLabel): string {
  const { created, originator, succession } = label
  if (created === undefined) throw notCarried('CreationDateTime')
  return [
    element('slab:ConfidentialityInformation', writeInformation(label)),
    ...(originator === undefined ? [] : [element('slab:OriginatorID', escaped(originator.id), { IDType: originator.type })]),
    element('slab:CreationDateTime', dateTime(created)),
    ...(succession === undefined ? [] : [element('slab:SuccessionHandling', writeSuccession(succession))]),
  ].join('')
}

function writeSuccession({ at, label }: NonNullable<ConfidentialityLabel['succession']>): string {
  // The schema gives a successor no review date.
  if (label.review !== undefined) throw notCarried('ReviewDateTime')
  return element('slab:SuccessionDateTime', dateTime(at)) + element('slab:SuccessorConfidentialityLabel', writeBase(label))
}

function writeInformation({ policy, policyId, classification, privacyMark, categories }: Confidentiality): string {
  return [
    writePolicy(policy, policyId),
    element('slab:Classification', escaped(classification)),
    ...(privacyMark === undefined ? [] : [element('slab:PrivacyMark', escaped(privacyMark))]),
    ...categories.map(writeCategory),
  ].join('')
}

function writePolicy(policy: string, policyId: string | undefined): string {
  return element('slab:PolicyIdentifier', escaped(policy), policyId === undefined ? {} : { URI: `urn:oid:${policyId}` })
}

function writeCategory({ tag, tagId, kind, values }: NamedCategory): string {
  return element('slab:Category', values.map((value) => element('slab:GenericValue', escaped(value))).join(''), {
    Type: kind.toUpperCase(),
    TagName: tag,
    ...(tagId === undefined ? {} : { URI: `urn:oid:${tagId}` }),
  })
}

/** A clearance of ADatP-4774 annex A from its XML. Throws as `readStanag4774`. */
export function readClearance(xml: string | Uint8Array, { lenient = false }: FormOptions = {}): FormReading<ConfidentialityClearance> {
  const root = readXml(xml)
  if (root.namespace !== CLEARANCE_NAMESPACE || root.name !== 'ConfidentialityClearance') throw notThisForm(root)
  onlyAttributes(root)
  const lenience = new Lenience(lenient)
  const labels = new Sequence(root, LABEL_NAMESPACE)
  const policy = policyOf(labels.required('PolicyIdentifier'), lenience)
  const [, list, ...rest] = root.children
  if (list === undefined || list.namespace !== CLEARANCE_NAMESPACE || list.name !== 'ClassificationList') {
    throw missing('ClassificationList', list?.at ?? root.at)
  }
  const levels = new Sequence(list, LABEL_NAMESPACE)
  const classifications = levels.all('Classification').map(levelOf)
  levels.end()
  if (classifications.length === 0) throw missing('Classification', list.at)
  const categories = new Sequence({ ...root, children: rest, text: '' }, LABEL_NAMESPACE)
  const held = categories.all('Category').map((category) => categoryOf(category, lenience))
  categories.end()
  return { value: { ...policy, classifications, categories: held }, changes: lenience.changes }
}

/** The XML of a clearance, UTF-8 without declaration. */
export function writeClearance({ policy, policyId, classifications, categories }: ConfidentialityClearance): string {
  const list = classifications.map((level) => element('slab:Classification', escaped(level))).join('')
  const children = [writePolicy(policy, policyId), element('cc:ClassificationList', list), ...categories.map(writeCategory)]
  return element('cc:ConfidentialityClearance', children.join(''), { 'xmlns:cc': CLEARANCE_NAMESPACE, 'xmlns:slab': LABEL_NAMESPACE })
}
