import type { Crypto, HybridPublicKey } from '@entente/canonical'
import type { CredentialPayload } from './credential-shape.ts'
import { refusal } from './errors.ts'
import { type Jws, verifyJws } from './jws.ts'

/** A clearance office as the current key statement of its nation's authority names it; nothing else is believed. */
export interface PinnedIssuer {
  /** The nation whose people this office vouches for, and no others: facts take it from here, not from the credential. */
  readonly nation: string
  /** `iss` of its credentials. */
  readonly name: string
  readonly keys: readonly { readonly kid: string; readonly publicKey: Uint8Array }[]
  /** Signs the status staples. */
  readonly statusKey: HybridPublicKey
}

/**
 * The pinned issuer of a credential, after its signature was found to hold under the pinned key that `kid` names.
 * Throws `clearance/unpinned-issuer`, `/unpinned-key`, `/issuer-signature`.
 */
export async function verifyIssuer(
  crypto: Crypto,
  credential: Jws<CredentialPayload>,
  issuers: readonly PinnedIssuer[],
): Promise<PinnedIssuer> {
  const issuer = issuers.find((candidate) => candidate.name === credential.payload.iss)
  if (issuer === undefined) throw refusal('clearance/unpinned-issuer', 'the issuer is not in the key statement of any party')
  const key = issuer.keys.find((candidate) => candidate.kid === credential.header['kid'])
  if (key === undefined) throw refusal('clearance/unpinned-key', 'the issuer has no such key', { nation: issuer.nation })
  await verifyJws(crypto, credential, key.publicKey, 'clearance/issuer-signature')
  return issuer
}
