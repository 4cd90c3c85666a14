import {
  CanonicalError,
  type Crypto,
  type Domain,
  type HybridPublicKey,
  type HybridSigner,
  type Realm,
  type Shape,
  type Signed,
  readShape,
  shapes,
  signDocument,
  signedShape,
  toHex,
  utf8,
  verifyDocument,
} from '@entente/canonical'
import * as v from 'valibot'
import { credentialIdShape } from './credential-shape.ts'
import { reading, refusal } from './errors.ts'

/** What the home nation says of a credential now. `valid` is the only state that lets anything through. */
export type CredentialState = 'valid' | 'suspended' | 'withdrawn'

/** The home nation's statement of one credential's state, for one nonce of the originator (6-key-release, opening 5). */
export interface StatusStaple {
  readonly nation: string
  readonly realm: Realm
  /** `credentialHash` of the credential id. */
  readonly credential: string
  readonly nonce: string
  /** Seconds since 1970. */
  readonly at: number
  readonly state: CredentialState
}

/** How old a staple may be, in seconds. */
export const MAX_STAPLE_AGE_SECONDS = 60

const stapleShape: Shape<StatusStaple> = v.strictObject({
  nation: shapes.nation,
  realm: shapes.realm,
  credential: shapes.sha256,
  nonce: shapes.shortText,
  at: shapes.instant,
  state: v.picklist(['valid', 'suspended', 'withdrawn']),
})

/** The shape of a signed staple as it travels. */
export const signedStapleShape: Shape<Signed<StatusStaple>> = signedShape(stapleShape)

/** Staples whose shape `shapedStaple` has checked. */
const wellFormed = new WeakSet<Signed<StatusStaple>>()

/** A staple as it came; proves nothing yet. Throws `canonical/shape`. */
export function shapedStaple(value: unknown): Signed<StatusStaple> {
  const staple = readShape(signedStapleShape, value, 'staple')
  wellFormed.add(staple)
  return staple
}

/** SHA-256 of a credential id, lower-case hexadecimal: how staples name a credential. */
export function credentialHash(crypto: Crypto, credentialId: string): string {
  return toHex(crypto.sha256(utf8(readShape(credentialIdShape, credentialId, 'credential id'))))
}

/** Signs a staple with the nation's status key (document type `status-staple`). */
export async function stapleStatus(crypto: Crypto, signer: HybridSigner, staple: StatusStaple): Promise<Signed<StatusStaple>> {
  const body = reading('clearance/input', 'staple', () => readShape(stapleShape, staple, 'staple'))
  return signDocument(crypto, stapleDomain(body.realm), body, signer)
}

/** What a staple must say. */
export interface ExpectedStaple {
  readonly realm: Realm
  readonly nation: string
  readonly credentialId: string
  readonly nonce: string
  /** Seconds since 1970. */
  readonly now: number
  /** How far the two nations' clocks may differ, in seconds. */
  readonly clockSkewSeconds: number
}

/**
 * Checks that this nation says now, for this nonce, that this credential is valid. Throws `clearance/staple-malformed`,
 * `/staple-realm`, `/staple-nation`, `/staple-signature`, `/staple-credential`, `/staple-nonce`, `/staple-stale`, and
 * `clearance/suspended` or `clearance/withdrawn` for what a true staple says.
 */
export async function verifyStaple(
  crypto: Crypto,
  staple: Signed<StatusStaple>,
  statusKey: HybridPublicKey,
  expected: ExpectedStaple,
): Promise<void> {
  const own = wellFormed.has(staple) ? staple : reading('clearance/staple-malformed', 'staple', () => shapedStaple(staple))
  const { body } = own
  if (body.realm !== expected.realm) throw refusal('clearance/staple-realm', 'the staple is of another realm')
  if (body.nation !== expected.nation)
    throw refusal('clearance/staple-nation', 'the staple is of another nation', { nation: expected.nation })
  try {
    await verifyDocument(crypto, stapleDomain(expected.realm), own, statusKey)
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    throw refusal('clearance/staple-signature', cause.message, { nation: expected.nation })
  }
  if (body.credential !== credentialHash(crypto, expected.credentialId)) {
    throw refusal('clearance/staple-credential', 'the staple is of another credential')
  }
  if (body.nonce !== expected.nonce) throw refusal('clearance/staple-nonce', 'the staple answers another nonce')
  const age = expected.now - body.at
  if (age > MAX_STAPLE_AGE_SECONDS || age < -expected.clockSkewSeconds) {
    throw refusal('clearance/staple-stale', 'the staple is not of this minute', { ageSeconds: age, limit: MAX_STAPLE_AGE_SECONDS })
  }
  if (body.state !== 'valid') throw refusal(`clearance/${body.state}`, `the credential is ${body.state}`, { by: 'staple' })
}

function stapleDomain(realm: Realm): Domain {
  return { realm, type: 'status-staple', version: 1 }
}
