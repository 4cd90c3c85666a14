import { keyIdOf } from '@entente/canonical'
import type { KeyLine } from '@entente/client'
import type { Room } from './use-room.ts'

/** Which of the two persons of an authority holds a key, with the beginning of its number: an agreement names keys and no people. */
export function personOf({ version, session }: Room, { nation, keyId }: KeyLine): { readonly n: number; readonly key: string } {
  const party = version.body.parties.find((one) => one.nation === nation)
  const second = party?.countersigningKey
  const n = second !== undefined && keyIdOf(session.client.crypto, second) === keyId ? 2 : 1
  return { n, key: keyId.slice(0, 8) }
}
