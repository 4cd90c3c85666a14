import type { Crypto } from '@entente/canonical'
import { concatBytes, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'

/** Chance that comes the same way again from the same seed. */
export interface Chance {
  /** 0 or more, below `limit`. */
  below(limit: number): number
  bytes(length: number): Uint8Array
}

/** A stream of chance: SHA-256 over the seed and a counter. For tests only. */
export function chanceOf(seed: string): Chance {
  let counter = 0
  const bytes = (length: number): Uint8Array => {
    const parts: Uint8Array[] = []
    for (let have = 0; have < length; have += 32) parts.push(nodeCrypto.sha256(utf8(`${seed}\n${counter++}`)))
    return concatBytes(...parts).slice(0, length)
  }
  return { bytes, below: (limit) => new DataView(bytes(4).buffer).getUint32(0) % limit }
}

/** The real crypto with ids, salts and nonces that come the same way again; signatures and encapsulations stay as they are. */
export function seededCrypto(seed: string): Crypto {
  const chance = chanceOf(seed)
  return { ...nodeCrypto, random: (length) => chance.bytes(length) }
}
