/** Requests for a key as a reader's client signs them, for items that it has and for items that it only heard of. */
import { type Json, fromBase64, fromBase64Url, readJson, toBase64, toHex } from '@entente/canonical'
import { credentialHash, readCredential, readUnverified } from '@entente/clearance'
import { type OpeningRequest, signRequest } from '@entente/client'
import {
  type AnswerContext,
  type EntryEvidence,
  GRANT_SECONDS,
  ephemeralHash,
  lastBegun,
  HOME_AGREEMENT,
  NO_AGREEMENT,
  issuerOf,
  leafBytes,
  logName,
  openAnswer,
  readAnswerEnvelope,
  readRequestBody,
  statementOf,
  witnessName,
  writeRelayedRequest,
} from '@entente/exchange'
import { entryFor, findItem } from '@entente/node'
import type { Reader } from '@entente/testkit'
import type { Side } from './pair.ts'

/** A request, and the item it names. */
export interface Asked extends OpeningRequest {
  readonly item: string
}

/**
 * A request of a reader for `wanted`, signed with everything that it honestly has: the statement is that of `held`, an item
 * that lies at its node, with the other's id in it.
 */
export async function requestFor(side: Side, reader: Reader, held: string, wanted: string): Promise<Asked> {
  const { crypto } = side.world
  const { parts } = reader.host
  const found = await findItem(parts, held)
  if (found === undefined) throw new Error('the reader has nothing to begin with')
  const { body, statement } = found
  const holder = reader.keyFor(body.originator)
  const compact = await reader.credential(body.originator, body.basis?.agreement ?? HOME_AGREEMENT, held)
  const credential = await readCredential(crypto, compact, { issuers: [issuerOf(parts.trust().own)], holderKey: holder.publicKey })
  const request = await signRequest(
    { crypto, pins: { trust: parts.trust(), policies: parts.policies }, now: () => parts.now() },
    {
      statement: { body: { ...body, item: wanted }, id: statement },
      act: 'open',
      purpose: reader.purpose,
      credential: { compact, held: credential },
      nonce: await reader.nonce(body.originator),
      holder,
      issuedAt: parts.now(),
      expires: parts.now() + 60,
    },
  )
  return { ...request, item: wanted }
}

/** Relays a request as a node would that asks its own rules nothing: a grant for whatever is asked for, cosigned like any other. */
export async function relay(side: Side, reader: Reader, asked: Asked): Promise<{ readonly status: number; readonly body: Uint8Array }> {
  const { parts } = reader.host
  const { crypto } = side.world
  const { originator } = side.world
  const unverified = readUnverified(crypto, asked.compact)
  const body = readRequestBody(unverified.requestBody ?? '')
  const agreement = body.basis?.agreement ?? ''
  const at = parts.now()
  const { credentialId } = unverified
  const staple = await parts.office.call('staple', {
    credentialId,
    credentialHash: credentialHash(crypto, credentialId),
    nonce: unverified.nonce ?? '',
  })
  const entry = entryFor(parts, logName(agreement, originator.code), at, {
    act: 'grant',
    item: asked.item,
    serial: body.serial,
    statement: body.statement,
    request: asked.hash,
    ephemeral: ephemeralHash(crypto, body.ephemeral),
    pseudonym: pseudonymOf(asked.compact),
    purpose: body.purpose,
    version: lastBegun(parts.trust(), agreement, at)?.id ?? '',
    expires: at + GRANT_SECONDS,
  })
  const witness = witnessName(statementOf(parts.trust(), originator.code).names.kas, parts.config.realm)
  const { proof = '' } = await parts.enter({
    at,
    kind: 'grant',
    body: {},
    entries: [entry],
    effects: [],
    conditions: [],
    cosigned: { by: witness, withinMilliseconds: 4_000 },
  })
  const grant: EntryEvidence = { leaf: toBase64(fromBase64Url(entry.leaf)), opening: entry.opening as unknown as Json, proof }
  return parts.partners.post(
    originator.code,
    '/openings',
    'application/json',
    writeRelayedRequest({ request: asked.compact, staple: staple as unknown as Json, grant }),
  )
}

/** What a client with the request's key reads in an originator's answer, taking the basis that it asked under for the item's. */
export async function readAnswer(side: Side, asked: Asked, bytes: Uint8Array): Promise<Json> {
  const { crypto } = side.world
  const body = readRequestBody(readUnverified(crypto, asked.compact).requestBody ?? '')
  const envelope = readAnswerEnvelope(bytes)
  const context: AnswerContext = {
    realm: body.realm,
    version: body.basis?.version ?? NO_AGREEMENT,
    statement: body.statement,
    request: asked.hash,
    leaf: toHex(crypto.sha256(leafBytes(envelope))),
    ephemeral: ephemeralHash(crypto, body.ephemeral),
    role: 'originator',
  }
  try {
    return (await openAnswer(crypto, asked.key, fromBase64(envelope.sealed), context)) as unknown as Json
  } catch {
    return 'unreadable'
  }
}

/** The pseudonym in a credential's own words: the claim `sub`. */
function pseudonymOf(compact: string): string {
  const payload = readJson(fromBase64Url(compact.split('.')[1] ?? '')) as { readonly sub?: string }
  return payload.sub ?? ''
}
