import { type Shape, readJson, readShape, shapes, utf8 } from '@entente/canonical'
import * as v from 'valibot'
import { LabelError } from '../errors.ts'
import type { CategoryKind, Label } from '../model.ts'
import { readWideLabel } from '../shape.ts'
import type { ConfidentialityLabel, NamedCategory } from './confidentiality.ts'
import { instantOf } from './elements.ts'
import { readStanag4774 } from './stanag-4774.ts'
import { dateTime } from './xml-write.ts'
import { notCarried } from '../print.ts'

const LABEL_SCHEMA = 'urn:entente:label:1'
const XML_SCHEMA = 'urn:nato:stanag:4774:confidentialitymetadatalabel:1:0'

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(256))
const oid = v.pipe(v.string(), v.regex(/^[0-2](?:\.(?:0|[1-9][0-9]{0,38})){1,32}$/u))
const values = v.pipe(
  v.array(text),
  v.minLength(1),
  v.maxLength(1_024),
  v.check((all: string[]) => new Set(all).size === all.length, 'each value once'),
)
const kinds: Readonly<Record<string, CategoryKind>> = { R: 'restrictive', P: 'permissive', I: 'informative' }

const namedShape: Shape<Omit<ConfidentialityLabel, 'as'>> = v.strictObject({
  policy: text,
  policyId: v.exactOptional(oid),
  classification: text,
  privacyMark: v.exactOptional(text),
  categories: v.pipe(
    v.array(
      v.strictObject({ tag: text, tagId: v.exactOptional(oid), kind: v.picklist(['restrictive', 'permissive', 'informative']), values }),
    ),
    v.maxLength(64),
  ),
  originator: v.exactOptional(v.strictObject({ type: text, id: text })),
  created: v.exactOptional(shapes.instant),
  review: v.exactOptional(shapes.instant),
}) as Shape<Omit<ConfidentialityLabel, 'as'>>

/** The originator's confidentiality label in the JSON elements of STANAG 5636, as OpenTDF assertions carry it. */
const assertedShape = v.strictObject({
  ocl: v.strictObject({
    pol: text,
    cls: text,
    catl: v.exactOptional(
      v.pipe(v.array(v.strictObject({ type: v.picklist(['R', 'P', 'I']), name: text, vals: values })), v.maxLength(64)),
    ),
    dcr: v.exactOptional(text),
  }),
  context: v.exactOptional(v.unknown()),
})

/** A label in JSON: one of ours, or one in the names of its policy. */
export type JsonLabel = { readonly kind: 'label'; readonly label: Label } | { readonly kind: 'named'; readonly label: ConfidentialityLabel }

/**
 * A label from JSON: our own form, the names of a policy (`{policy, classification, categories}`), an OpenTDF statement (`{ocl}`), or a
 * whole assertion that holds one of these or STANAG 4774 XML. Throws `form/json`, and as `readStanag4774`.
 */
export function readJsonLabel(json: string): JsonLabel {
  return inJson(() => ofValue(readJson(utf8(json)), 0))
}

function inJson<T>(run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof LabelError) throw cause
    const where = (cause as { values?: { where?: string } }).values?.where ?? ''
    throw wrongAt(where, cause)
  }
}

function ofValue(value: unknown, depth: number): JsonLabel {
  const has = (member: string) => typeof value === 'object' && value !== null && Object.hasOwn(value, member)
  if (has('statement') && depth === 0) return ofAssertion(value as object)
  if (has('ocl')) return { kind: 'named', label: ofAsserted(value) }
  if (has('originators')) return { kind: 'label', label: readWideLabel(value) }
  return { kind: 'named', label: { as: 'originator', ...readShape(namedShape, value, 'label') } }
}

function ofAssertion(assertion: object): JsonLabel {
  const { statement } = assertion as { readonly statement: unknown }
  if (typeof statement !== 'object' || statement === null) throw wrongAt('statement')
  const { schema, format, value } = statement as Readonly<Record<string, unknown>>
  if (format !== undefined && typeof format !== 'string') throw wrongAt('statement/format')
  if (schema === XML_SCHEMA && typeof value === 'string' && value.trimStart().startsWith('<')) {
    return { kind: 'named', label: readStanag4774(value).value }
  }
  if (schema !== undefined && schema !== XML_SCHEMA && schema !== LABEL_SCHEMA) throw wrongAt('statement/schema')
  if (value === undefined) throw wrongAt('statement/value')
  return ofValue(typeof value === 'string' ? readJson(utf8(value)) : value, 1)
}

function wrongAt(where: string, cause?: unknown): LabelError {
  return new LabelError('form/json', `no label in JSON${where === '' ? '' : ` at ${where}`}`, { values: { where }, cause })
}

function ofAsserted(value: unknown): ConfidentialityLabel {
  const { ocl } = readShape(assertedShape as Shape<v.InferOutput<typeof assertedShape>>, value, 'statement')
  const id = /^urn:oid:([0-2](?:\.(?:0|[1-9][0-9]{0,38})){1,32})$/u.exec(ocl.pol)?.[1]
  return {
    as: 'originator',
    policy: ocl.pol,
    ...(id === undefined ? {} : { policyId: id }),
    classification: ocl.cls,
    categories: (ocl.catl ?? []).map(({ type, name, vals }): NamedCategory => ({
      tag: name,
      kind: kinds[type] ?? 'informative',
      values: vals,
    })),
    ...(ocl.dcr === undefined ? {} : { created: instantOf(ocl.dcr, 0) }),
  }
}

/**
 * The value of an OpenTDF statement for a label, in the JSON elements of STANAG 5636. Throws `label/not-carried` for a privacy mark and a
 * succession, which it has no place for; the review date is not part of it.
 */
export function writeAssertedLabel({
  policy,
  policyId,
  classification,
  privacyMark,
  categories,
  created,
  succession,
}: ConfidentialityLabel): string {
  const extra = privacyMark !== undefined ? 'PrivacyMark' : succession === undefined ? undefined : 'SuccessionHandling'
  if (extra !== undefined) throw notCarried(extra)
  return JSON.stringify({
    ocl: {
      pol: policyId === undefined ? policy : `urn:oid:${policyId}`,
      cls: classification,
      catl: categories.map(({ tag, kind, values: vals }) => ({ type: kind.charAt(0).toUpperCase(), name: tag, vals })),
      ...(created === undefined ? {} : { dcr: dateTime(created) }),
    },
  })
}
