import { type Crypto, type Json, canonicalText, toHex, utf8 } from '@entente/canonical'
import type { ReleaseStatement } from '@entente/container'
import type { Label } from '@entente/label'

/**
 * Everything of a release statement that decides who may list its item, but for times: what many items have in common.
 * Interned: each item holds the number of its likeness, and a decision is made once per likeness.
 */
export interface Likeness extends Pick<ReleaseStatement, 'originator' | 'recipient' | 'area' | 'basis'> {
  readonly label: Omit<Label, 'created' | 'review'>
}

/** The likeness of a statement as canonical text: the same text, the same decision. */
export function likenessText(body: ReleaseStatement): string {
  const { created: _, review: __, ...label } = body.label
  const { originator, recipient, area, basis } = body
  return canonicalText({ originator, recipient, area, ...(basis === undefined ? {} : { basis }), label } as unknown as Json)
}

/** SHA-256 of a likeness' text, hexadecimal. */
export function likenessHash(crypto: Pick<Crypto, 'sha256'>, text: string): string {
  return toHex(crypto.sha256(utf8(text)))
}
