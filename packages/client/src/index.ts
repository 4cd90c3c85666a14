/** What every client does the same way: what it believes, writing, sealing, releasing, opening, stopping, and checking evidence. */
export * from './agreements.ts'
export type { Holding } from './holdings.ts'
export * from './clearance-office.ts'
export type { Disclosure, DisclosureOption, DisclosureReason, PortionOutcome, ReaderCounts } from './disclosure.ts'
export { type CouldRead, type DamageAssessment, type ItemDamage, type PermittedOpening, readCouldRead, readDamage } from './damage.ts'
export * from './draft.ts'
export * from './enrol.ts'
export { type ClientCode, ClientError, NodeRefusal, absent } from './errors.ts'
export * from './evidence.ts'
export * from './item.ts'
export { type CheckedLetter, readLetters } from './letters.ts'
export * from './node-api.ts'
export * from './open.ts'
export * from './opening.ts'
export * from './pins.ts'
export * from './release.ts'
export { type MakeScratch, type Scratch, memoryScratch, streamOf } from './scratch.ts'
export { type RenditionToSeal, type SealedRendition, sealRendition } from './seal.ts'
export type {
  DraftLine,
  DraftView,
  EvidenceEntry,
  ItemLine,
  ItemPage,
  ItemView,
  ListedLine,
  MarkedPortion,
  Me,
  NodeStatus,
  PreparedRendition,
  RegisterLine,
  ReturnCode,
  Returned,
} from './shapes.ts'
export { RETURN_CODES, answersShape, meShape } from './shapes.ts'
export * from './status.ts'
export * from './stop.ts'
export * from './upload.ts'
