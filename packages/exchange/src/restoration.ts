import {
  type Crypto,
  type Domain,
  type HybridPublicKey,
  type HybridSigner,
  type Json,
  type Realm,
  type Shape,
  type Signed,
  CanonicalError,
  idOf,
  keyIdOf,
  readShape,
  shapes,
  signDocument,
  verifyDocument,
} from '@entente/canonical'
import * as v from 'valibot'
import { ExchangeError, reading } from './errors.ts'
import { type SignedOnce, signedOnceShape } from './wire.ts'

/**
 * An officer accepts that a restored node goes on: that nothing was entered after these records, or that what was is lost and has been
 * made good (spec/node.md, restore). Signed by the officer's device: no node says by itself that it lost nothing.
 */
export interface RestorationOrder {
  readonly realm: Realm
  readonly nation: string
  /** When the backup was made, in seconds. */
  readonly made: number
  /** Records in the backup's journal. */
  readonly records: number
  /** Seconds, by the device's clock. */
  readonly at: number
}

const orderShape: Shape<RestorationOrder> = v.strictObject({
  realm: shapes.realm,
  nation: shapes.nation,
  made: shapes.instant,
  records: shapes.natural,
  at: shapes.instant,
})

const signedShape: Shape<SignedOnce<RestorationOrder>> = signedOnceShape(orderShape)

function domain(realm: Realm): Domain {
  return { realm, type: 'restoration', version: 1 }
}

/** The id of an order: SHA-256 of what the officer signs, lower-case hexadecimal. */
export function restorationId(crypto: Crypto, order: RestorationOrder): string {
  return idOf(crypto, domain(order.realm), order as unknown as Json)
}

/** Signs an order with an officer's device key. Throws `exchange/malformed` for a body that no one would read. */
export async function signRestoration(crypto: Crypto, order: RestorationOrder, officer: HybridSigner): Promise<Signed<RestorationOrder>> {
  const own = reading('restoration', () => readShape(orderShape, order, 'restoration'))
  return signDocument(crypto, domain(own.realm), own, officer)
}

/**
 * Reads a signed order and checks that one of `officers` (those delegated now) signed it; gives the order and that key's id.
 * Throws `exchange/malformed`, `exchange/wrong-realm`, `exchange/stranger-key` and `exchange/signature-invalid`.
 */
export async function verifyRestoration(
  crypto: Crypto,
  value: unknown,
  expected: { readonly realm: Realm; readonly officers: readonly HybridPublicKey[] },
): Promise<{ readonly order: RestorationOrder; readonly officer: string }> {
  const signed = reading('restoration', () => readShape(signedShape, value, 'restoration'))
  const [{ keyId }] = signed.signatures
  if (signed.body.realm !== expected.realm)
    throw new ExchangeError('exchange/wrong-realm', 'an order of another realm', { values: { realm: signed.body.realm } })
  const key = expected.officers.find((candidate) => keyIdOf(crypto, candidate) === keyId)
  if (key === undefined)
    throw new ExchangeError('exchange/stranger-key', 'an order by nobody who is an officer now', { values: { key: keyId } })
  try {
    return { order: await verifyDocument(crypto, domain(expected.realm), signed, key), officer: keyId }
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    throw new ExchangeError('exchange/signature-invalid', 'the signature of an order does not hold', { values: { key: keyId }, cause })
  }
}
