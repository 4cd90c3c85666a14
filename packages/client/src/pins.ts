import { type Crypto, type Json, EntenteError, canonicalBytes, toHex } from '@entente/canonical'
import type { StatementTrust } from '@entente/container'
import { type Anchors, type Released, type Trust, releasingOfficers, statementOf, verifyTrust } from '@entente/exchange'
import { type Label, type MarkingPolicy, attributesOf, readPolicy, toStanag4774 } from '@entente/label'
import { ClientError } from './errors.ts'
import type { NodeApi } from './node-api.ts'
import { policiesShape, trustShape } from './shapes.ts'

/** What a device believes: everything verified from the authority keys that it has pinned, nothing on its node's word. */
export interface Pins {
  readonly trust: Trust
  /** Marking policies by id, as the device has them. */
  readonly policies: ReadonlyMap<string, MarkingPolicy>
}

/** What every flow works with. */
export interface Client {
  readonly crypto: Crypto
  readonly api: NodeApi
  readonly pins: Pins
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly now: () => number
  /** The host's CRC-32 where it has a faster one. */
  readonly crc32?: (bytes: Uint8Array, before?: number) => number
}

/** Numbers of key statements that the device has believed, by nation: none that is older counts from then on. */
export type SeenNumbers = Readonly<Record<string, number>>

/**
 * Asks the own node for the signed documents and verifies them from the device's anchors. Throws `client/trust` with the
 * reason when any of it does not hold, or when a key statement is older than one that the device has seen.
 */
export async function readPins(
  crypto: Crypto,
  api: NodeApi,
  anchors: Anchors,
  held: { readonly policies: ReadonlyMap<string, MarkingPolicy>; readonly seen?: SeenNumbers },
): Promise<Pins> {
  const documents = await api.get('/api/trust', trustShape)
  let trust: Trust
  try {
    trust = await verifyTrust(crypto, anchors, {
      agreements: documents.agreements.map(canonicalBytes),
      statements: documents.statements.map(canonicalBytes),
      held: documents.held.map(canonicalBytes),
      notices: documents.notices.map(canonicalBytes),
    })
  } catch (cause) {
    if (!(cause instanceof EntenteError)) throw cause
    throw notTrusted((cause as EntenteError).code, cause)
  }
  for (const [nation, number] of Object.entries(held.seen ?? {})) {
    const statement = nation === anchors.nation ? trust.own : trust.partners.get(nation)
    if (statement !== undefined && statement.number < number) throw notTrusted('exchange/key-statement-number')
  }
  return { trust, policies: held.policies }
}

function notTrusted(reason: string, cause?: unknown): ClientError {
  return new ClientError('client/trust', 'what the node says about keys does not hold', {
    values: { reason },
    ...(cause === undefined ? {} : { cause }),
  })
}

/** The numbers to remember after `readPins`. */
export function seenNumbers(trust: Trust): SeenNumbers {
  return Object.fromEntries([trust.own, ...trust.partners.values()].map((statement) => [statement.nation, statement.number]))
}

/**
 * Asks the own node for the marking policies and takes those that the device has pinned: `digests` are SHA-256 (hexadecimal)
 * of each document's RFC 8785 bytes, by policy id. What is not pinned is left aside. Throws `client/policy` with `policy`
 * where a pinned one is missing or is another document.
 */
export async function readPolicies(
  crypto: Crypto,
  api: NodeApi,
  digests: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, MarkingPolicy>> {
  const { policies } = await api.get('/api/policies', policiesShape)
  const given = new Map(policies.map((document) => [toHex(crypto.sha256(canonicalBytes(document))), document]))
  const pinned = new Map<string, MarkingPolicy>()
  for (const [id, digest] of Object.entries(digests)) pinned.set(id, policyIn(given.get(digest), id))
  return pinned
}

/** INVARIANT: the digest is compared before a word of the document is read. */
function policyIn(document: Json | undefined, id: string): MarkingPolicy {
  const other = (cause?: unknown): ClientError =>
    new ClientError('client/policy', 'not the marking policy that is pinned', {
      values: { policy: id },
      ...(cause === undefined ? {} : { cause }),
    })
  if (document === undefined) throw other()
  let policy: MarkingPolicy
  try {
    policy = readPolicy(document)
  } catch (cause) {
    throw other(cause)
  }
  if (policy.id !== id) throw other()
  return policy
}

/** The marking policy that a label names; throws `client/label-policy`. */
export function labelPolicyOf(pins: Pins, label: Label): MarkingPolicy {
  const policy = pins.policies.get(label.policy)
  if (policy === undefined)
    throw new ClientError('client/label-policy', 'a label of an unknown policy', { values: { policy: label.policy } })
  return policy
}

/** What a release statement is checked against: the originator's officers at the time of release, for a reader of this nation. */
export function statementTrustOf(pins: Pins, stated: { readonly originator: string; readonly label: Label } & Released): StatementTrust {
  const { trust } = pins
  const policy = labelPolicyOf(pins, stated.label)
  return {
    realm: trust.anchors.realm,
    originator: stated.originator,
    officers: releasingOfficers(trust, statementOf(trust, stated.originator), policy, stated),
    recipient: trust.anchors.nation,
    attributesOf: (label) => attributesOf(label, policy),
    labelXmlOf: (label) => toStanag4774(label, policy),
  }
}
