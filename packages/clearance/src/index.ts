/** Who may know: credentials with key binding, status staples, pairwise pseudonyms, the clearance office (spec/clearance.md). */
export * from './acts.ts'
export * from './batch.ts'
export {
  MAX_CREDENTIAL_SECONDS,
  MAX_DISCLOSURES,
  MAX_PRESENTATION_CHARACTERS,
  type HolderJwk,
  credentialType,
  holderJwk,
  holderThumbprint,
} from './credential-shape.ts'
export { type CredentialContent, issueCredential, newCredentialId } from './credential.ts'
export { type AnonymousCode, type ClearanceCode, ClearanceError, type HolderCode, type HomeCode, attributable } from './errors.ts'
export type { PinnedIssuer } from './issuer.ts'
export type * from './model.ts'
export * from './office.ts'
export {
  type HeldCredential,
  type ParsedPresentation,
  type PresentationChoice,
  type UnverifiedPresentation,
  parsePresentation,
  present,
  readCredential,
  readUnverified,
  requestHash,
} from './presentation.ts'
export * from './pseudonym.ts'
export * from './roster.ts'
export * from './status.ts'
export * from './verify.ts'
