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
import { STOP_REASONS, type StopReason } from './message.ts'
import { type SignedOnce, signedOnceShape, wire } from './wire.ts'

/**
 * An originator's officer stops an item for ever. It is signed by the officer's device, so that no node can say that a
 * person took something back who did not (spec/key-release.md, stops).
 */
export interface StopOrder {
  readonly realm: Realm
  readonly item: string
  readonly serial: number
  readonly reason: StopReason
  /** Seconds since 1970-01-01T00:00:00Z, by the device's clock. */
  readonly at: number
  /** The other renditions of the same report stop too. Absent: this item only. */
  readonly wholeReport?: true
}

const stopOrderShape: Shape<StopOrder> = v.strictObject({
  realm: shapes.realm,
  item: shapes.uuid,
  serial: wire.positive,
  reason: v.picklist(STOP_REASONS),
  at: shapes.instant,
  wholeReport: v.exactOptional(v.literal(true)),
}) as Shape<StopOrder>

/** The shape of a signed stop: exactly one officer's signature. */
export const signedStopShape: Shape<SignedOnce<StopOrder>> = signedOnceShape(stopOrderShape)

/** The domain tag of a stop. */
export function stopDomain(realm: Realm): Domain {
  return { realm, type: 'stop', version: 1 }
}

/** The id of a stop: SHA-256 of what the officer signs, lower-case hexadecimal. */
export function stopId(crypto: Crypto, order: StopOrder): string {
  return idOf(crypto, stopDomain(order.realm), order as unknown as Json)
}

/** Signs a stop with an officer's device key. Throws `exchange/malformed` for a body that no one would read. */
export async function signStop(crypto: Crypto, order: StopOrder, officer: HybridSigner): Promise<Signed<StopOrder>> {
  const own = reading('stop', () => readShape(stopOrderShape, order, 'stop'))
  return signDocument(crypto, stopDomain(own.realm), own, officer)
}

/**
 * Reads a signed stop and checks that one of `officers` (those delegated now) signed it; gives the order and that key's id.
 * Throws `exchange/malformed` (`what`, `why`), `exchange/wrong-realm` (`realm`), `exchange/stranger-key` and
 * `exchange/signature-invalid` (both with `key`).
 */
export async function verifyStop(
  crypto: Crypto,
  value: unknown,
  expected: { readonly realm: Realm; readonly officers: readonly HybridPublicKey[] },
): Promise<{ readonly order: StopOrder; readonly officer: string }> {
  const signed = reading('stop', () => readShape(signedStopShape, value, 'stop'))
  const { body, signatures } = signed
  if (body.realm !== expected.realm)
    throw new ExchangeError('exchange/wrong-realm', 'a stop of another realm', { values: { realm: body.realm } })
  const [{ keyId }] = signatures
  const key = expected.officers.find((candidate) => keyIdOf(crypto, candidate) === keyId)
  if (key === undefined)
    throw new ExchangeError('exchange/stranger-key', 'a stop by nobody who is an officer now', { values: { key: keyId } })
  try {
    return { order: await verifyDocument(crypto, stopDomain(expected.realm), signed, key), officer: keyId }
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    throw new ExchangeError('exchange/signature-invalid', 'the signature of a stop does not hold', { values: { key: keyId }, cause })
  }
}
