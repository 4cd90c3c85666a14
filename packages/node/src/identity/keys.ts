import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readJson, readShape, shapes, utf8 } from '@entente/canonical'
import { calculateJwkThumbprint, type JSONWebKeySet } from 'jose'
import * as v from 'valibot'
import { TOKEN_ALGORITHM } from './authenticate.ts'
import { AuthError } from './errors.ts'
import type { ProviderStorage } from './store.ts'

const SAVED = v.strictObject({
  version: v.literal(1),
  kid: shapes.base64url,
  /** Ed25519, RFC 8037. */
  x: shapes.base64url,
  d: shapes.base64url,
  /** Signs the provider's cookies. */
  cookie: shapes.base64url,
})

export type ProviderKeys = {
  /** With the private part: for the provider only. */
  readonly signing: JSONWebKeySet
  /** For whoever verifies. */
  readonly verifying: JSONWebKeySet
  readonly cookie: string
}

/** The provider's keys; made and saved at the first start. Throws `auth/state-not-valid` when the saved text does not read. */
export async function providerKeys(storage: ProviderStorage): Promise<ProviderKeys> {
  const saved = readSaved((await storage.load('keys')) ?? (await makeKeys(storage)))
  const open = { kty: 'OKP', crv: 'Ed25519', x: saved.x, kid: saved.kid, use: 'sig', alg: TOKEN_ALGORITHM }
  return { signing: { keys: [{ ...open, d: saved.d }] }, verifying: { keys: [open] }, cookie: saved.cookie }
}

function readSaved(text: string): v.InferOutput<typeof SAVED> {
  try {
    return readShape(SAVED, readJson(utf8(text)), 'provider keys')
  } catch (cause) {
    throw new AuthError('auth/state-not-valid', 'the saved keys do not read', { values: { what: 'keys' }, cause })
  }
}

async function makeKeys(storage: ProviderStorage): Promise<string> {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x })
  const text = JSON.stringify({ version: 1, kid, x, d, cookie: randomBytes(32).toString('base64url') })
  await storage.save('keys', text)
  return text
}
