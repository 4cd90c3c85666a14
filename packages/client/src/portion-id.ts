import { type Crypto, toHex } from '@entente/canonical'

/** A fresh random id for a portion: 96 bits of chance, hexadecimal. */
export function freshPortionId(crypto: Crypto): string {
  return toHex(crypto.random(12))
}
