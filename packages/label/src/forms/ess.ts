import { fromBase64, fromUtf8, toBase64, utf8 } from '@entente/canonical'
import { LabelError, anotherPolicy } from '../errors.ts'
import type { CategoryKind } from '../model.ts'
import {
  type BerValue,
  TAG,
  bitsOf,
  der,
  derBits,
  derInteger,
  derObjectId,
  derSet,
  integerOf,
  malformed,
  objectIdOf,
  readBer,
} from './der.ts'
import { type LacvValue, spifLabelByLacv } from './spif/label.ts'
import type { Spif, SpifEncoding, SpifLabel } from './spif/model.ts'
import { notCarried } from '../print.ts'

/** An ESS security label (RFC 2634, ITU-T X.841): integers, whose names only a policy knows. At least one part is there. */
export interface EssLabel {
  readonly policyId?: string
  /** In decimal, of any size. */
  readonly classification?: string
  readonly privacyMark?: string
  readonly categories: readonly LacvValue[]
}

/** The category syntaxes of ACP 145, by the last arc of 2.16.840.1.101.2.1.8.3. */
const SYNTAXES: readonly { readonly arc: number; readonly kind: CategoryKind; readonly encoding?: SpifEncoding }[] = [
  { arc: 0, kind: 'restrictive', encoding: 'bits' },
  { arc: 1, kind: 'permissive', encoding: 'integers' },
  { arc: 2, kind: 'permissive', encoding: 'bits' },
  { arc: 3, kind: 'informative' },
  { arc: 4, kind: 'restrictive', encoding: 'integers' },
]
const ACP_145 = '2.16.840.1.101.2.1.8.3'
const MAX_CATEGORIES = 64
const MAX_VALUES = 4_096
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]{1,128}$/u
const CATEGORY_TYPE = 0x80
const CATEGORY_VALUE = 0xa1

/**
 * An ESS label from BER, its parts in any order (a SET has none; published labels are not all in the order of DER). Throws
 * `form/der`, and `form/unknown-category` for a category syntax other than ACP 145's, whose meaning is not known.
 */
export function readEss(bytes: Uint8Array): EssLabel {
  const set = readBer(bytes)
  if (set.tag !== TAG.set) throw malformed('not a set', set.at)
  const label: { -readonly [Part in keyof EssLabel]: EssLabel[Part] } = { categories: [] }
  const seen = new Set<string>()
  for (const part of set.children) {
    const name = readPart(part, label)
    if (seen.has(name)) throw malformed(`${name} twice`, part.at)
    seen.add(name)
  }
  if (seen.size === 0) throw malformed('an empty label', set.at)
  return label
}

function readPart(part: BerValue, label: { -readonly [Part in keyof EssLabel]: EssLabel[Part] }): string {
  switch (part.tag) {
    case TAG.objectId:
      label.policyId = objectIdOf(part)
      return 'policy'
    case TAG.integer:
      label.classification = integerOf(part)
      return 'classification'
    case TAG.printableString:
    case TAG.utf8String:
      label.privacyMark = textOf(part)
      return 'privacy mark'
    case TAG.set:
      if (part.children.length === 0 || part.children.length > MAX_CATEGORIES) throw malformed('too few or too many categories', part.at)
      label.categories = part.children.flatMap(categoryOf)
      if (label.categories.length > MAX_VALUES) throw malformed('too many values', part.at)
      return 'categories'
    default:
      throw malformed('no part of a label', part.at)
  }
}

function textOf({ tag, content, at }: BerValue): string {
  let text: string
  try {
    text = fromUtf8(content)
  } catch (cause) {
    throw new LabelError('form/der', `not a text at byte ${at}`, { values: { at }, cause })
  }
  if (text === '' || text.length > 256 || /\p{Cc}/u.test(text) || (tag === TAG.printableString && !PRINTABLE.test(text))) {
    throw malformed('not a text', at)
  }
  return text
}

function categoryOf({ tag, children, at }: BerValue): readonly LacvValue[] {
  const [type, value, more] = children
  const inner = value?.children
  if (tag !== TAG.sequence || type?.tag !== CATEGORY_TYPE || value?.tag !== CATEGORY_VALUE || more !== undefined || inner?.length !== 1) {
    throw malformed('not a category', at)
  }
  const id = objectIdOf(type)
  const syntax = SYNTAXES.find(({ arc }) => id === `${ACP_145}.${arc}`)
  if (syntax === undefined)
    throw new LabelError('form/unknown-category', `no category syntax \`${id}\``, { values: { text: id, policy: '', at } })
  const [body] = inner
  const [name, values, rest] = body?.children ?? []
  if (body?.tag !== TAG.sequence || name?.tag !== TAG.objectId || values === undefined || rest !== undefined)
    throw malformed('not a category', at)
  const encoding = syntax.encoding ?? (values.tag === TAG.bitString ? 'bits' : 'integers')
  if (encoding === 'integers' && values.tag !== TAG.set) throw malformed('not a set of integers', values.at)
  const numbers = encoding === 'bits' ? bitsOf(values).map(String) : values.children.map(integerOf)
  if (numbers.length === 0) throw malformed('a category without values', at)
  const tagSetId = objectIdOf(name)
  return numbers.map((lacv) => ({ tagSetId, kind: syntax.kind, encoding, lacv }))
}

/** An ESS label in DER. Throws `label/not-carried` for a value that is no integer or whose encoding the policy does not say. */
export function writeEssLabel({ policyId, classification, privacyMark, categories }: EssLabel): Uint8Array {
  const parts = [
    ...(policyId === undefined ? [] : [derObjectId(policyId)]),
    ...(classification === undefined ? [] : [derInteger(classification)]),
    ...(privacyMark === undefined ? [] : [der(TAG.utf8String, utf8(privacyMark))]),
    ...(categories.length === 0 ? [] : [derSet(grouped(categories).map(writeCategory), 'bytes')]),
  ]
  if (parts.length === 0) throw notCarried('')
  return derSet(parts, 'tag')
}

function grouped(values: readonly LacvValue[]): readonly (readonly LacvValue[])[] {
  const groups = new Map<string, LacvValue[]>()
  for (const value of values) {
    const key = `${value.tagSetId} ${value.kind} ${value.encoding ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return [...groups.values()]
}

function writeCategory(values: readonly LacvValue[]): Uint8Array {
  const [first] = values
  const { kind, encoding, tagSetId } = first ?? {}
  const syntax = SYNTAXES.find((one) => one.kind === kind && (one.encoding === undefined || one.encoding === encoding))
  const wrong = values.find(({ lacv }) => !/^[0-9]{1,64}$/u.test(lacv) || (encoding === 'bits' && Number(lacv) > 65_535))
  if (syntax === undefined || encoding === undefined || tagSetId === undefined || wrong !== undefined) {
    const text = wrong?.lacv ?? tagSetId ?? ''
    throw notCarried(text)
  }
  const numbers = values.map(({ lacv }) => lacv)
  const list = encoding === 'bits' ? derBits(numbers.map(Number)) : derSet(numbers.map(derInteger), 'bytes')
  const body = der(TAG.sequence, derObjectId(tagSetId), list)
  return der(TAG.sequence, derObjectId(`${ACP_145}.${syntax.arc}`, CATEGORY_TYPE), der(CATEGORY_VALUE, body))
}

/** What an ESS label says under a SPIF. Throws `label/another-policy`, `form/missing`, `form/unknown-…`. */
export function spifLabelOfEss(spif: Spif, { policyId, classification, privacyMark, categories }: EssLabel): SpifLabel {
  if (policyId !== spif.id) {
    throw anotherPolicy(policyId ?? '', spif.name)
  }
  if (classification === undefined) throw new LabelError('form/missing', 'no classification', { values: { text: 'classification' } })
  return spifLabelByLacv(spif, classification, categories, privacyMark)
}

/** The integers of a label under a SPIF. */
export function essOfSpifLabel({ spif, classification, values, privacyMark }: SpifLabel): EssLabel {
  return {
    policyId: spif.id,
    classification: classification.lacv,
    ...(privacyMark === undefined ? {} : { privacyMark }),
    categories: values.map(({ tagSet, tag, value }) => ({
      tagSetId: tagSet.id,
      kind: tag.kind,
      ...(tag.encoding === undefined ? {} : { encoding: tag.encoding }),
      lacv: value.lacv,
    })),
  }
}

/** A label under a SPIF as an ESS label in DER. Throws as `writeEssLabel`. */
export function writeEss(label: SpifLabel): Uint8Array {
  return writeEssLabel(essOfSpifLabel(label))
}

/** An ESS label in base64, as it stands in XML and in text. White space in it is passed over. Throws as `readEss`. */
export function readEssBase64(text: string): EssLabel {
  let bytes: Uint8Array
  try {
    bytes = fromBase64(text.replace(/[ \t\r\n]+/gu, ''))
  } catch (cause) {
    throw new LabelError('form/der', 'not base64', { values: { at: 0 }, cause })
  }
  return readEss(bytes)
}

export function writeEssBase64(label: EssLabel): string {
  return toBase64(writeEssLabel(label))
}
