import * as v from 'valibot'
import { type Json, type Shape, readShape } from '@entente/canonical'
import { makeNonce } from '@entente/exchange'
import type { Nation } from '../nation.ts'

const thumbprintShape: Shape<{ readonly thumbprint: string }> = v.strictObject({
  thumbprint: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u)),
})

/** A nonce for one device key of one nation's reader, good for a minute. */
export function giveNonce(
  nation: Pick<Nation, 'crypto' | 'config' | 'nonceKey' | 'now'>,
  recipient: string,
  body: Json,
): { readonly nonce: string } {
  const { thumbprint } = readShape(thumbprintShape, body, 'nonce request')
  return { nonce: makeNonce(nation.crypto, nation.nonceKey, { realm: nation.config.realm, recipient, thumbprint }, nation.now()) }
}
