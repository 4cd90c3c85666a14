/** What a marking says: read, print, compare, join, cut; as attributes and as STANAG 4774 XML (spec/label.md). */
export { attributesOf } from './attributes.ts'
export { checkLabel } from './check.ts'
export type { CapcoCode } from './capco/codes.ts'
export { ISM_NAMESPACE, type IsmAttributes, ismToLabel, labelToIsm } from './capco/ism.ts'
export { type NamedAttribute, ismAttributes, ismElement } from './capco/ism-xml.ts'
export { rollUp, withoutDisclosureMark } from './capco/roll-up.ts'
export type { FormCode } from './forms/codes.ts'
export {
  STIX_EXTENSIONS,
  type StixKind,
  type StixMarking,
  type StixReading,
  readStixMarking,
  writeStixMarking,
} from './forms/stix-markings.ts'
export type { SchemeCode } from './schemes/codes.ts'
export { type Change, type ReadOptions, type Reading, type Syntax, type WriteOptions, syntaxOf } from './schemes/syntax.ts'
export { type LabelCode, LabelError } from './errors.ts'
export { type JoinResult, type PersonDecidesReason, bannerOf, joinLabels } from './join.ts'
export { labelId } from './label-id.ts'
export type * from './model.ts'
export { audienceOf, compareLevels, dominates, releasableTo } from './order.ts'
export { MAX_MARKING_LENGTH, parseMarking } from './parse.ts'
export { readPolicy } from './policy.ts'
export { tearLine } from './portion.ts'
export { printMarking, receivedMarking } from './print.ts'
export { codeShape, labelShape, policyIdShape, portionShape, readLabel, tagShape } from './shape.ts'
export { REVIEW_AFTER_SECONDS, toStanag4774 } from './stanag-4774.ts'
