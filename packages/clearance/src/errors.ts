import { CanonicalError, EntenteError, type MessageValues } from '@entente/canonical'

/** Found before the holder's signature is known to hold: anybody on the wire may have caused it (spec/clearance.md 6). */
export type AnonymousCode =
  | 'clearance/too-large'
  | 'clearance/malformed'
  | 'clearance/parts'
  | 'clearance/unbound'
  | 'clearance/algorithm'
  | 'clearance/type'
  | 'clearance/header-key'
  | 'clearance/header'
  | 'clearance/wrong-realm'
  | 'clearance/unpinned-issuer'
  | 'clearance/unpinned-key'
  | 'clearance/issuer-signature'
  | 'clearance/stolen'
  | 'clearance/other-disclosures'

/** Found after it: the holder of the device key did this, and a refusal is an entry of the ledger. */
export type HolderCode =
  | 'clearance/credential-type'
  | 'clearance/wrong-originator'
  | 'clearance/wrong-audience'
  | 'clearance/nonce-missing'
  | 'clearance/wrong-nonce'
  | 'clearance/stale'
  | 'clearance/issued-in-future'
  | 'clearance/lifetime'
  | 'clearance/not-yet-valid'
  | 'clearance/expired'
  | 'clearance/digest-duplicate'
  | 'clearance/disclosure-duplicate'
  | 'clearance/disclosure-unreferenced'
  | 'clearance/disclosure-not-allowed'
  | 'clearance/always-shown-missing'
  | 'clearance/staple-malformed'
  | 'clearance/staple-realm'
  | 'clearance/staple-nation'
  | 'clearance/staple-signature'
  | 'clearance/staple-credential'
  | 'clearance/staple-nonce'
  | 'clearance/staple-stale'
  | 'clearance/withdrawn'
  | 'clearance/suspended'

/** Found in one's own nation: by the office, the holder's client, or a caller that asks for something impossible. */
export type HomeCode =
  | 'clearance/input'
  | 'clearance/not-holder'
  | 'clearance/not-in-credential'
  | 'clearance/act-impossible'
  | 'clearance/act-order'
  | 'clearance/roster-axis'
  | 'clearance/batch'

export type ClearanceCode = AnonymousCode | HolderCode | HomeCode

/** What `clearance` throws: a credential, presentation or staple that does not hold, or an act that its office cannot do. */
export class ClearanceError extends EntenteError<ClearanceCode> {
  override name = 'ClearanceError'
}

const HOLDER_CODES: Readonly<Record<HolderCode, true>> = {
  'clearance/credential-type': true,
  'clearance/wrong-originator': true,
  'clearance/wrong-audience': true,
  'clearance/nonce-missing': true,
  'clearance/wrong-nonce': true,
  'clearance/stale': true,
  'clearance/issued-in-future': true,
  'clearance/lifetime': true,
  'clearance/not-yet-valid': true,
  'clearance/expired': true,
  'clearance/digest-duplicate': true,
  'clearance/disclosure-duplicate': true,
  'clearance/disclosure-unreferenced': true,
  'clearance/disclosure-not-allowed': true,
  'clearance/always-shown-missing': true,
  'clearance/staple-malformed': true,
  'clearance/staple-realm': true,
  'clearance/staple-nation': true,
  'clearance/staple-signature': true,
  'clearance/staple-credential': true,
  'clearance/staple-nonce': true,
  'clearance/staple-stale': true,
  'clearance/withdrawn': true,
  'clearance/suspended': true,
}

/**
 * Whether a refusal of `verifyPresentation` came after the holder's signature was found to hold. Such refusals are
 * entries of the ledger; earlier ones go to the security log, since anybody can cause them in any number.
 */
export function attributable(code: ClearanceCode): boolean {
  return Object.hasOwn(HOLDER_CODES, code)
}

/** A refusal with its code, its message for logs and the values that fill its sentence. */
export function refusal(code: ClearanceCode, message: string, values?: MessageValues): ClearanceError {
  return new ClearanceError(code, message, values === undefined ? {} : { values })
}

/** Runs a reader of `canonical` and gives its error a code of ours, so that a caller has one class to catch. */
export function reading<T>(code: ClearanceCode, part: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    const where = cause.values['where']
    throw new ClearanceError(code, `${part}: ${cause.message}`, { cause, values: { part, ...(where === undefined ? {} : { where }) } })
  }
}
