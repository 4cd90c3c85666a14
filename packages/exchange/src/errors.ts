import { CanonicalError, EntenteError } from '@entente/canonical'

export type ExchangeCode =
  | 'exchange/malformed'
  | 'exchange/too-large'
  | 'exchange/wrong-realm'
  | 'exchange/key-statement-nation'
  | 'exchange/key-statement-signature'
  | 'exchange/key-statement-number'
  | 'exchange/key-statement-time'
  | 'exchange/key-unknown'
  | 'exchange/pairing-same-nation'
  | 'exchange/pairing-commitment'
  | 'exchange/wrong-addressee'
  | 'exchange/wrong-sender'
  | 'exchange/wrong-link'
  | 'exchange/stranger-key'
  | 'exchange/signature-invalid'
  | 'exchange/wrong-previous'
  | 'exchange/replay-differs'
  | 'exchange/wrong-kind'
  | 'exchange/receipt-mismatch'
  | 'exchange/journal-order'
  | 'exchange/http-unsigned'
  | 'exchange/http-components'
  | 'exchange/http-parameters'
  | 'exchange/http-header'
  | 'exchange/http-digest'
  | 'exchange/http-time'
  | 'exchange/http-key-unknown'
  | 'exchange/http-signature'
  | 'exchange/http-replayed'
  | 'exchange/nonce-malformed'
  | 'exchange/nonce-invalid'
  | 'exchange/nonce-expired'
  | 'exchange/request-expired'
  | 'exchange/statement-mismatch'
  | 'exchange/statement-expired'
  | 'exchange/manifest-mismatch'
  | 'exchange/share-not-ours'
  | 'exchange/key-control'
  | 'exchange/entry-mismatch'
  | 'exchange/entry-stale'
  | 'exchange/entry-not-permit'
  | 'exchange/counter-entry-missing'
  | 'exchange/counter-entry-mismatch'
  | 'exchange/grant-expired'
  | 'exchange/proof-invalid'
  | 'exchange/answer-invalid'
  | 'exchange/answer-missing'
  | 'exchange/false-share'
  | 'exchange/joined-invalid'
  | 'exchange/step-not-allowed'
  | 'exchange/life-unknown'
  | 'exchange/life-number'
  | 'exchange/life-previous'
  | 'exchange/life-party'
  | 'exchange/life-repeated'
  | 'exchange/life-initialled'
  | 'exchange/life-not-settled'
  | 'exchange/life-key'
  | 'exchange/life-sealed'
  | 'exchange/life-notice'

/** What `exchange` throws: a message that is not what it must be, comes from the wrong hand, or proves too little. */
export class ExchangeError extends EntenteError<ExchangeCode> {
  override name = 'ExchangeError'
}

/**
 * Runs a reader of `canonical` over what came from outside, so that the caller sees one class of error:
 * `exchange/malformed` with the reader's own code in `values.why`, or `exchange/too-large`.
 */
export function reading<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    if (cause.code === 'canonical/too-large') {
      throw new ExchangeError('exchange/too-large', `${what} is too large`, { values: { what, ...cause.values }, cause })
    }
    throw new ExchangeError('exchange/malformed', `${what}: ${cause.message}`, { values: { what, why: cause.code }, cause })
  }
}
