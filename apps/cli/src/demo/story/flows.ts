import { areaCovers } from '@entente/agreement'
import { type HybridPublicKey, type Json, readDocument, readJson, toBase64Url, toHex, utf8 } from '@entente/canonical'
import { holderThumbprint, present, readCredential } from '@entente/clearance'
import {
  type RandomAccess,
  type ReleaseStatement,
  type Report,
  type VerifiedContainer,
  bytesSource,
  checkPayloadDigest,
  checkPolicyBinding,
  manifestDigest,
  open,
  readContainer,
  readReport,
  verifyContainer,
  whole,
} from '@entente/container'
import { nodeCrypto } from '@entente/crypto-node'
import {
  HOME_AGREEMENT,
  type ProvenEntry,
  type Trust,
  agreementInForce,
  anchorsShape,
  evidenceChecks,
  homePolicy,
  issuerOf,
  joinAnswers,
  linkPolicy,
  officerKeys,
  readAnswerEnvelope,
  requestHash,
  signAsDevice,
  signJoined,
  statementOf,
  verifyTrust,
  writeRequestBody,
} from '@entente/exchange'
import { type MarkingPolicy, attributesOf, readPolicy, toStanag4774 } from '@entente/label'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { ask, call, problemCode } from '../call.ts'
import { holderSigner } from '../devices.ts'
import { type Actor, type Scene, left } from './scene.ts'

const crypto = nodeCrypto
const REQUEST_SECONDS = 60
export const zipCrc32 = (bytes: Uint8Array, before = 0): number => crc32(bytes, before)

/** Every marking policy of the world, by id. */
export async function policiesOf(scene: Scene): Promise<ReadonlyMap<string, MarkingPolicy>> {
  const policies = new Map<string, MarkingPolicy>()
  for (const name of await readdir(scene.world.policies)) {
    const bytes = await readFile(join(scene.world.policies, name, 'nation.json')).catch(() => undefined)
    if (bytes === undefined) continue
    const policy = readPolicy(readJson(bytes))
    policies.set(policy.id, policy)
  }
  return policies
}

/** What the device believes: the node's documents, verified from the device's own pins. */
export async function trustOf(who: Actor): Promise<Trust> {
  const anchors = readDocument(anchorsShape, await readFile(join(who.folder, 'anchors.json')), 'anchors')
  const { agreements, statements } = await call<{ agreements: readonly Json[]; statements: readonly Json[] }>(
    who.session,
    'GET',
    '/api/trust',
  )
  const bytes = (value: Json): Uint8Array => utf8(JSON.stringify(value))
  return verifyTrust(crypto, anchors, { agreements: agreements.map(bytes), statements: statements.map(bytes) })
}

/** A report that a reader's client opened. */
export interface Opened {
  readonly report: Report
  /** The files in their order, each with the SHA-256 of what came out. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
  /** The proven entries: the originator's, then the own nation's grant. */
  readonly entries: readonly ProvenEntry[]
  readonly dataKey: Uint8Array
  readonly plaintext: Uint8Array
}

/** What a node said instead of opening. */
export class NotOpened extends Error {
  override name = 'NotOpened'
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, what: string) {
    super(`${what}: ${status} ${code}`)
    this.status = status
    this.code = code
  }
}

/** Fetches an item's container and opens it, as the reader's client does. Throws `NotOpened`. */
export async function openItem(scene: Scene, reader: Actor, item: string, before?: BeforeAsking): Promise<Opened> {
  const answer = await ask(reader.session, 'GET', `/api/items/${item}/container`)
  if (answer.status !== 200) throw new NotOpened(answer.status, problemCode(answer), 'container')
  return openBytes(scene, reader, bytesSource(answer.bytes), before)
}

/** Runs between the signing of a request and its sending. */
export type BeforeAsking = () => Promise<void>

/** Opens a container that the reader holds (6-key-release: R first, O last). Throws `NotOpened`. */
export async function openBytes(scene: Scene, reader: Actor, source: RandomAccess, before?: BeforeAsking): Promise<Opened> {
  const trust = await trustOf(reader)
  const { world, now } = scene
  const container = await readContainer(crypto, source)
  const stated = left(container.statement, 5).body
  const verified = await verified_(scene, trust, container, stated)
  const { body, id: statement } = verified.statement
  const holder = await holderSigner(reader.folder, body.originator)
  const originator = statementOf(trust, body.originator)
  const agreement = body.basis?.agreement ?? HOME_AGREEMENT
  const asked = await signAsDevice(holder, 'credential-request', {
    realm: world.realm,
    agreement,
    originator: body.originator,
    item: body.item,
    at: now(),
  })
  const { credential } = await must<{ credential: string }>(reader, 'POST', '/api/credentials', { request: asked, item: body.item })
  const held = await readCredential(crypto, credential, { issuers: [issuerOf(trust.own)], holderKey: holder.publicKey })
  const { nonce } = await must<{ nonce: string }>(reader, 'POST', '/api/nonces', {
    originator: body.originator,
    thumbprint: holderThumbprint(crypto, holder.publicKey),
    item: body.item,
  })
  const key = await crypto.kemKey()
  const ephemeral = toBase64Url(key.publicKey)
  const request = await present(
    crypto,
    credential,
    {
      disclose: { clearance: true, areas: nearestArea(trust, held.areas, body, now()), briefings: held.briefings },
      audience: originator.names.node,
      nonce,
      issuedAt: now(),
      requestBody: writeRequestBody({
        realm: world.realm,
        suite: 'entente-1',
        act: 'open',
        item: body.item,
        serial: body.serial,
        statement,
        purpose: world.story.purpose,
        ephemeral,
        ...(body.basis === undefined ? {} : { basis: body.basis }),
        expires: now() + REQUEST_SECONDS,
      }),
    },
    holder,
  )
  await before?.()
  const answers = await must<{ originator: Json; recipient?: Json }>(reader, 'POST', '/api/openings', { request })
  const envelope = (value: Json) => readAnswerEnvelope(utf8(JSON.stringify(value)))
  const own = body.originator === body.recipient
  const policyOf = (of: string, with_: string) => (own ? homePolicy(crypto, trust) : linkPolicy(crypto, trust, agreement, of, with_))
  const { manifest } = container
  const joined = await joinAnswers(
    crypto,
    {
      realm: world.realm,
      nation: reader.nation,
      requestHash: requestHash(crypto, request),
      key,
      statement: { ...body, id: statement },
      manifest: {
        digest: manifestDigest(crypto, manifest),
        policy: manifest.encryptionInformation.policy,
        keyAccess: manifest.encryptionInformation.keyAccess,
      },
    },
    { originator: envelope(answers.originator), ...(answers.recipient === undefined ? {} : { recipient: envelope(answers.recipient) }) },
    {
      originatorPolicy: policyOf(body.originator, body.recipient),
      recipientPolicy: policyOf(body.recipient, body.originator),
      originatorKas: originator.names.kas,
      recipientKas: statementOf(trust, body.recipient).names.kas,
    },
    {
      ...evidenceChecks(crypto),
      shareFits: (share, access, policy) => checkPolicyBinding(crypto, share, policy, access.policyBinding as never),
    },
  )
  if (!joined.joined) throw new NotOpened(200, 'refused', `refused by the ${joined.by}`)
  const plaintext = await whole(open(crypto, verified, joined.dataKey))
  const first = left(joined.entries[0], 6)
  const receipt = await signJoined(
    { realm: world.realm, request: requestHash(crypto, request), leaf: first.leafHash, at: now(), outcome: 'opened' },
    holder,
  )
  await must(reader, 'POST', '/api/openings/joined', { item: body.item, joined: receipt })
  return { ...(await readPlaintext(plaintext)), entries: joined.entries, dataKey: joined.dataKey, plaintext }
}

/** The one area of the reader's that covers the item's most closely: nothing else is shown to the originator. */
function nearestArea(trust: Trust, held: readonly string[], body: ReleaseStatement, now: number): readonly string[] {
  const version = body.basis === undefined ? undefined : agreementInForce(trust, body.basis.agreement, now)
  if (version === undefined) return held
  const covering = held.filter((area) => areaCovers(version.body, area, body.area))
  const nearest = covering.find((area) => covering.every((other) => areaCovers(version.body, other, area)))
  return nearest === undefined ? [] : [nearest]
}

async function readPlaintext(plaintext: Uint8Array): Promise<{ report: Report; files: { name: string; sha256: string }[] }> {
  let report: Report | undefined
  const files: { name: string; sha256: string }[] = []
  for await (const part of readReport(crypto, [plaintext], zipCrc32)) {
    if (part.kind === 'report') ({ report } = part)
    else files.push({ name: part.portion.name, sha256: toHex(crypto.sha256(await whole(part.content))) })
  }
  return { report: left(report, 5), files }
}

async function verified_(
  scene: Scene,
  trust: Trust,
  container: Awaited<ReturnType<typeof readContainer>>,
  stated: ReleaseStatement,
): Promise<VerifiedContainer> {
  const policies = await policiesOf(scene)
  const policy = left(policies.get(stated.label.policy), 5)
  const officers: readonly HybridPublicKey[] = officerKeys(statementOf(trust, stated.originator), stated.released)
  const verified = await verifyContainer(crypto, container, {
    realm: scene.world.realm,
    originator: stated.originator,
    recipient: trust.anchors.nation,
    officers,
    attributesOf: (label) => attributesOf(label, policy),
    labelXmlOf: (label) => toStanag4774(label, policy),
  })
  await checkPayloadDigest(crypto, verified, zipCrc32)
  return verified
}

async function must<T>(who: Actor, method: string, path: string, body: unknown): Promise<T> {
  const answer = await ask(who.session, method, path, body)
  if (answer.status >= 300) throw new NotOpened(answer.status, problemCode(answer), path)
  return (answer.bytes.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(answer.bytes))) as T
}
