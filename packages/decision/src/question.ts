import { type Shape, readDocument, shapes } from '@entente/canonical'
import type { Act, Use } from '@entente/agreement'
import { labelShape } from '@entente/label'
import * as v from 'valibot'
import type { PersonFacts } from '@entente/clearance'
import type { Basis, Question } from './model.ts'

/** The longest question that is read: 64 KiB. */
export const MAX_QUESTION_BYTES = 65_536

const code: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u))
const mark: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u))
const act: Shape<Act> = v.picklist(['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive'])
const use: Shape<Use> = v.picklist(['act-on', 'name-source', 'court'])

function list(item: Shape<string>): Shape<string[]> {
  return v.pipe(v.array(item), v.maxLength(256))
}

const person: Shape<PersonFacts> = v.strictObject({
  nation: shapes.nation,
  pseudonym: shapes.shortText,
  clearance: v.exactOptional(code),
  citizenships: v.exactOptional(list(shapes.nation)),
  areas: v.exactOptional(list(code)),
  purpose: v.exactOptional(code),
  suspended: v.exactOptional(v.boolean()),
  briefings: v.exactOptional(list(mark)),
  organisation: v.exactOptional(code),
  post: v.exactOptional(code),
  facility: v.exactOptional(code),
})

const basis: Shape<Basis> = v.strictObject({
  agreement: v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u), v.maxLength(64)),
  version: shapes.sha256,
  article: v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,2}(?:\.[1-9][0-9]{0,2}){0,3}$/u)),
  grant: code,
})

const item: Shape<Question['item']> = v.strictObject({
  originator: shapes.nation,
  basis: v.exactOptional(basis),
  label: labelShape,
  area: code,
  via: v.exactOptional(shapes.nation),
  releasedAt: shapes.instant,
  expiresAt: v.exactOptional(shapes.instant),
  stopped: v.boolean(),
})

const questionShape: Shape<Question> = v.strictObject({
  act,
  person,
  item,
  purpose: code,
  use: v.exactOptional(use),
  at: shapes.instant,
})

/** A question from JSON bytes (spec/decision.md 8, spec/schema/question.schema.json). Strict; throws `CanonicalError`. */
export function readQuestion(bytes: Uint8Array): Question {
  return readDocument(questionShape, bytes, 'question', MAX_QUESTION_BYTES)
}
