import { type Crypto, type Json, canonicalBytes, toHex } from '@entente/canonical'
import type { Label } from './model.ts'

/**
 * The id of a label: SHA-256, lower-case hexadecimal, over the canonical bytes of `{type, version, body}`. Labels of
 * equal content have equal ids, because a label has one spelling only.
 */
export function labelId(label: Label, crypto: Pick<Crypto, 'sha256'>): string {
  return toHex(crypto.sha256(canonicalBytes({ type: 'label', version: 1, body: label as unknown as Json })))
}
