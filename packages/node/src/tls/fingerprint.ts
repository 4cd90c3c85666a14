import { toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'

/** SHA-256 of a PEM certificate's DER, lower-case hexadecimal: what a key statement pins. */
export function anchorDigest(pem: string): string {
  return toHex(nodeCrypto.sha256(Uint8Array.fromBase64(pem.replaceAll(/-----[A-Z ]+-----|\s/gu, ''))))
}
