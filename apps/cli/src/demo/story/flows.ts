import { type Json, canonicalBytes, readDocument, toHex } from '@entente/canonical'
import {
  type Client,
  answersShape,
  joinOpening,
  nodeApi,
  readPins,
  requestCredential,
  requestNonce,
  signRequest,
  verifyReleased,
} from '@entente/client'
import { type RandomAccess, type Report, bytesSource, open, readReport, whole } from '@entente/container'
import { nodeCrypto } from '@entente/crypto-node'
import { HOME_AGREEMENT, type ProvenEntry, anchorsShape, readAnswerEnvelope, signJoined } from '@entente/exchange'
import type { MarkingPolicy } from '@entente/label'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { policiesIn } from '../../data.ts'
import { ask, problemCode } from '../call.ts'
import { holderSigner } from '../devices.ts'
import { type Actor, type Scene, left } from './scene.ts'

const crypto = nodeCrypto
const REQUEST_SECONDS = 60

/** Every marking policy of the world, by id. */
async function policiesOf(scene: Scene): Promise<ReadonlyMap<string, MarkingPolicy>> {
  return new Map((await policiesIn(scene.world.policies)).map((policy) => [policy.id, policy]))
}

/** A person's client: the node's documents verified from the device's own pins. What the node refuses it throws as `NotOpened`. */
export async function clientOf(scene: Scene, { session, folder }: Actor): Promise<Client> {
  const api = nodeApi(async ({ method, path, contentType, body }) => {
    const answer = await session.fetch(path, {
      method,
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
      ...(body === undefined ? {} : { body }),
    })
    if (answer.status < 300) return { status: answer.status, body: answer.body ?? nothing() }
    const { status, headers } = answer
    const bytes = new Uint8Array(await answer.arrayBuffer())
    throw new NotOpened(status, problemCode({ status, headers, bytes }), path)
  })
  const anchors = readDocument(anchorsShape, await readFile(join(folder, 'anchors.json')), 'anchors')
  const pins = await readPins(crypto, api, anchors, { policies: await policiesOf(scene) })
  return { crypto, api, pins, now: scene.now, crc32: (bytes, before) => crc32(bytes, before) }
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

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

/**
 * Opens a container that the reader holds, in the steps of a reader's client: the story looks between them, and keeps the
 * data key and the plaintext to search for. Throws `NotOpened`.
 */
export async function openBytes(scene: Scene, reader: Actor, source: RandomAccess, before?: BeforeAsking): Promise<Opened> {
  const client = await clientOf(scene, reader)
  const { api, now, pins } = client
  const verified = await verifyReleased(client, source)
  const { body } = verified.statement
  const { item, originator } = body
  const holder = await holderSigner(reader.folder, originator)
  const credential = await requestCredential(client, { agreement: body.basis?.agreement ?? HOME_AGREEMENT, originator, item, holder })
  const nonce = await requestNonce(api, crypto, originator, holder, item)
  const request = await signRequest(client, {
    statement: verified.statement,
    act: 'open',
    purpose: scene.world.story.purpose,
    credential,
    nonce,
    holder,
    issuedAt: now(),
    expires: now() + REQUEST_SECONDS,
  })
  await before?.()
  const answers = await api.post('/api/openings', { request: request.compact }, answersShape)
  const envelope = (value: Json) => readAnswerEnvelope(canonicalBytes(value))
  const joined = await joinOpening(client, verified, request, {
    originator: envelope(answers.originator),
    ...(answers.recipient === undefined ? {} : { recipient: envelope(answers.recipient) }),
  })
  if (!joined.joined) throw new NotOpened(200, 'refused', `refused by the ${joined.by}`)
  const plaintext = await whole(open(crypto, verified, joined.dataKey))
  const { leafHash: leaf } = left(joined.entries[0], 6)
  const receipt = await signJoined({ realm: pins.trust.anchors.realm, request: request.hash, leaf, at: now(), outcome: 'opened' }, holder)
  await api.send('/api/openings/joined', { item, joined: receipt })
  return { ...(await readPlaintext(client, plaintext)), entries: joined.entries, dataKey: joined.dataKey, plaintext }
}

async function readPlaintext(
  client: Client,
  plaintext: Uint8Array,
): Promise<{ report: Report; files: { name: string; sha256: string }[] }> {
  let report: Report | undefined
  const files: { name: string; sha256: string }[] = []
  for await (const part of readReport(crypto, [plaintext], client.crc32)) {
    if (part.kind === 'report') ({ report } = part)
    else files.push({ name: part.portion.name, sha256: toHex(crypto.sha256(await whole(part.content))) })
  }
  return { report: left(report, 5), files }
}
