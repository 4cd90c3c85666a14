/** Containers: OpenTDF 4.3.0 files with a release statement; sealed, inspected, verified and opened as streams (spec/container.md). */
export { ASSERTION_IDS, type ForeignAssertion, LABEL_ASSERTION, LABEL_XML_ASSERTION, RELEASE_ASSERTION } from './assertions.ts'
export {
  type Card,
  type Place,
  type Titled,
  areaShape,
  cardDigest,
  cardShape,
  checkCard,
  placeShape,
  readCard,
  titledShape,
} from './card.ts'
export { type Crc32, crc32 } from './crc32.ts'
export { type ContainerCode, ContainerError } from './errors.ts'
export {
  type ContainerKeys,
  type ForeignWrap,
  type KeyControl,
  type KeyRole,
  type KeyService,
  type KeyServiceKey,
  SHARE_BYTES,
  checkPolicyBinding,
  joinShares,
  keysFit,
  makeKeys,
  policyBinding,
  splitDataKey,
  unwrapShare,
  wrapShare,
  wrappedKeyOf,
} from './keys.ts'
export {
  type Assertion,
  DEFAULT_SEGMENT_BYTES,
  type KeyAccess,
  MAX_MANIFEST_BYTES,
  MAX_SEGMENTS,
  MAX_SEGMENT_BYTES,
  MIN_SEGMENT_BYTES,
  type Manifest,
  type PolicyBinding,
  type Segment,
  readManifest,
} from './manifest.ts'
export { type ForeignOpened, type VerifiedContainer, checkPayloadDigest, open, openForeign, verifyContainer, whole } from './open.ts'
export { type Policy, decodePolicy, encodePolicy } from './policy.ts'
export { type Container, type SegmentPlace, readContainer } from './read.ts'
export {
  type FilePortion,
  MAX_PORTIONS,
  MAX_REPORT_BYTES,
  REPORT_MEDIA_TYPE,
  type Report,
  filesOf,
  isFileName,
  reportShape,
} from './report.ts'
export { type ReportPart, readReport } from './report-read.ts'
export { type ReportParts, writeReport } from './report-write.ts'
export { type SealOptions, type Sealed, type SealedDigests, seal } from './seal.ts'
export { type RandomAccess, type Sink, bytesSource, collect } from './source.ts'
export {
  type Basis,
  type ReleaseStatement,
  type StatementTrust,
  type Stated,
  type VerifiedStatement,
  checkStatement,
  manifestDigest,
  readStatement,
  releaseStatementShape,
  signStatement,
  statementDomain,
  statementId,
} from './statement.ts'
