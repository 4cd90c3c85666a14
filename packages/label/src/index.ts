/** What a marking says: read, print, compare, join, cut; as attributes and as STANAG 4774 XML (spec/label.md). */
export type { CapcoCode } from './capco/codes.ts'
export { type NamedAttribute, ismAttributes, ismElement } from './capco/ism-xml.ts'
export { ISM_NAMESPACE, type IsmAttributes, ismToLabel, labelToIsm } from './capco/ism.ts'
export { rollUp, withoutDisclosureMark } from './capco/roll-up.ts'
export type { SchemeCode } from './schemes/codes.ts'
export { readDocumentProperty, writeDocumentProperty } from './schemes/document-property.ts'
export { type MailForm, type MailMarking, readMailMarking, writeMailMarking } from './schemes/mail.ts'
export { type Change, type ReadOptions, type Reading, type Syntax, type WriteOptions, syntaxOf } from './schemes/syntax.ts'
export { checkSpifLabel } from './forms/spif/check.ts'
export { type SpifJoin, joinSpifLabels } from './forms/spif/join.ts'
export {
  type LacvValue,
  namesOfSpifClearance,
  namesOfSpifLabel,
  spifClearance,
  spifClearanceByLacv,
  spifLabel,
  spifLabelByLacv,
} from './forms/spif/label.ts'
export { mapSpifLabel } from './forms/spif/map.ts'
export { type SpifMarkingOptions, spifClearanceMarking, spifMarking } from './forms/spif/marking.ts'
export type { MarkingPlace, Spif, SpifClearance, SpifLabel } from './forms/spif/model.ts'
export { readSpif } from './forms/spif/read.ts'
export { type AccessAnswer, type AccessReason, type LabelClearance, accessBy } from './access.ts'
export { alternativeFor } from './alternative.ts'
export { attributesOf } from './attributes.ts'
export { checkLabel } from './check.ts'
export { communityMembers, expandedSet } from './community.ts'
export {
  type EquivalenceRow,
  type MapAnswer,
  type MappingTable,
  PERSON_DECIDES,
  equivalentCode,
  mapLabel,
  newestAt,
  readMappingTables,
} from './equivalence.ts'
export { type LabelCode, LabelError } from './errors.ts'
export { type JoinResult, type PersonDecidesReason, bannerOf, joinAt, joinLabels } from './join.ts'
export { labelId } from './label-id.ts'
export type * from './model.ts'
export { audienceOf, compareLevels, dominates, reachesLevel, releasableTo } from './order.ts'
export { parseMarking } from './parse.ts'
export { readPolicy } from './policy.ts'
export { tearLine } from './portion.ts'
export { printMarking, receivedMarking } from './print.ts'
export {
  codeShape,
  labelShape,
  policyIdShape,
  portionShape,
  readLabel,
  readLabelClearance,
  readWideLabel,
  tagShape,
  wideLabelShape,
} from './shape.ts'
export { MAX_SUCCESSION, labelAt, withoutSuccession } from './succession.ts'
export { MAX_MARKING_LENGTH } from './text.ts'
export { type ClearanceAccess, type ClearanceRefusal, accessByClearance } from './forms/access.ts'
export type { FormCode } from './forms/codes.ts'
export type { Confidentiality, ConfidentialityClearance, ConfidentialityLabel, NamedCategory } from './forms/confidentiality.ts'
export { type Carried, type ConvertContext, type FormName, type LabelForm, convertLabel, forms } from './forms/convert.ts'
export {
  type EssLabel,
  essOfSpifLabel,
  readEss,
  readEssBase64,
  spifLabelOfEss,
  writeEss,
  writeEssBase64,
  writeEssLabel,
} from './forms/ess.ts'
export { type JsonLabel, readJsonLabel, writeAssertedLabel } from './forms/json.ts'
export { REVIEW_AFTER_SECONDS, labelOf, namesOf, toStanag4774 } from './forms/names.ts'
export { type FormOptions, type FormReading, readClearance, readStanag4774, writeClearance, writeStanag4774 } from './forms/stanag-4774.ts'
export {
  STIX_EXTENSIONS,
  type StixKind,
  type StixMarking,
  type StixReading,
  readStixMarking,
  writeStixMarking,
} from './forms/stix-markings.ts'
export { type CarriedLabel, type MessageLabel, readXep0258, writeXep0258 } from './forms/xep-0258.ts'
export { MAX_XML_DEPTH, type XmlElement, readXml } from './forms/xml.ts'
