import type { Crypto, Realm, Signer } from '@entente/canonical'
import { type HeldCredential, holderThumbprint, readCredential } from '@entente/clearance'
import { issuerOf, signAsDevice } from '@entente/exchange'
import type { NodeApi } from './node-api.ts'
import type { Client } from './pins.ts'
import { credentialShape, nonceShape, numberShape } from './shapes.ts'

/**
 * Enrols one key of this device at the own clearance office, for use towards one originator, with the code that the office
 * handed to the person. Throws `NodeRefusal` `node/not-enrolled` for a code that is not good for this. Gives the act's number.
 */
export async function enrolDevice(
  { api, now }: { readonly api: NodeApi; readonly now: () => number },
  device: { readonly realm: Realm; readonly person: string; readonly code: string; readonly originator: string; readonly holder: Signer },
): Promise<{ readonly number: number }> {
  const { realm, person, code, originator, holder } = device
  return api.post(
    '/api/enrolments',
    { signed: await signAsDevice(holder, 'enrolment', { realm, person, code, originator, at: now() }) },
    numberShape,
  )
}

/** A credential for one item, as its holder reads it. */
export interface OwnCredential {
  readonly compact: string
  readonly held: HeldCredential
}

/**
 * Asks the own office for a credential for one item and checks that it is the office's own, for this key. `agreement` is
 * `home` for an item of the own nation. Throws what the node refuses and what `readCredential` throws.
 */
export async function requestCredential(
  { crypto, api, pins, now }: Pick<Client, 'crypto' | 'api' | 'pins' | 'now'>,
  about: { readonly agreement: string; readonly originator: string; readonly item: string; readonly holder: Signer },
): Promise<OwnCredential> {
  const { agreement, originator, item, holder } = about
  const { realm } = pins.trust.anchors
  const request = await signAsDevice(holder, 'credential-request', { realm, agreement, originator, item, at: now() })
  const { credential } = await api.post('/api/credentials', { request, item }, credentialShape)
  const held = await readCredential(crypto, credential, { issuers: [issuerOf(pins.trust.own)], holderKey: holder.publicKey })
  return { compact: credential, held }
}

/** A nonce of an originator's for a device key, by way of the own node. */
export async function requestNonce(api: NodeApi, crypto: Crypto, originator: string, holder: Signer, item?: string): Promise<string> {
  return (
    await api.post(
      '/api/nonces',
      { originator, thumbprint: holderThumbprint(crypto, holder.publicKey), ...(item === undefined ? {} : { item }) },
      nonceShape,
    )
  ).nonce
}
