import { areaCovers } from '@entente/agreement'
import {
  type HybridPublicKey,
  type Json,
  type Signed,
  fromBase64Url,
  readDocument,
  readJson,
  toBase64Url,
  toHex,
  utf8,
} from '@entente/canonical'
import { holderThumbprint, present, readCredential } from '@entente/clearance'
import {
  type Card,
  type FilePortion,
  type RandomAccess,
  type ReleaseStatement,
  type Report,
  type VerifiedContainer,
  REPORT_MEDIA_TYPE,
  bytesSource,
  cardDigest,
  checkPayloadDigest,
  checkPolicyBinding,
  collect,
  encodePolicy,
  makeKeys,
  manifestDigest,
  open,
  readContainer,
  readReport,
  seal,
  signStatement,
  verifyContainer,
  whole,
  writeReport,
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
import { type Label, type MarkingPolicy, type Portion, attributesOf, printMarking, readPolicy, toStanag4774 } from '@entente/label'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { ask, call, problemCode } from '../call.ts'
import { holderSigner, officerSigner } from '../devices.ts'
import { DemoError } from '../errors.ts'
import { createHash } from 'node:crypto'
import { type Actor, type Released, type Scene, left } from './scene.ts'

const crypto = nodeCrypto
const REQUEST_SECONDS = 60
const PART_BYTES = 8_388_608
const zipCrc32 = (bytes: Uint8Array, before = 0): number => crc32(bytes, before)

interface Prepared {
  readonly item: string
  readonly serial: number
  readonly originator: string
  readonly recipient: string
  readonly portions: readonly string[]
  readonly label: Label
  readonly area: string
  readonly basis?: { readonly agreement: string; readonly version: string; readonly article: string; readonly grant: string }
  readonly keyControl: 'originator' | 'both' | 'either'
  readonly expires: number
  readonly released: number
  readonly keyServices: readonly {
    readonly role: 'originator' | 'recipient'
    readonly name: string
    readonly kid: string
    readonly publicKey: string
  }[]
}

/** Every marking policy of the world, by id. */
async function policiesOf(scene: Scene): Promise<ReadonlyMap<string, MarkingPolicy>> {
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

/** The officer approves: seals what the node prepared, signs the statements, and releases. */
export async function releaseDraft(scene: Scene, officer: Actor, draft: string, to: string): Promise<Released> {
  const policies = await policiesOf(scene)
  const signer = left(await officerSigner(officer.folder), 1)
  const view = await call<{ title: { en?: string; ja?: string }; area: string; portions: readonly (Portion & { marking: string })[] }>(
    officer.session,
    'GET',
    `/api/drafts/${draft}`,
  )
  const { renditions } = await call<{ renditions: readonly Prepared[] }>(officer.session, 'POST', `/api/drafts/${draft}/sealing`, {
    to: [to],
  })
  const handedIn: { signed: Signed<ReleaseStatement>; card: Card; container: { sha256: string; size: number } }[] = []
  for (const prepared of renditions) {
    const policy = left(policies.get(prepared.label.policy), 1)
    const portions = view.portions
      .filter(({ id }) => prepared.portions.includes(id))
      .map(({ marking: _marking, ...portion }) => portion as Portion)
    const report: Report = { title: view.title, area: view.area, portions }
    const card: Card = {
      item: prepared.item,
      title: view.title,
      area: prepared.area,
      banner: printMarking(prepared.label, policy, { form: 'banner' }),
      originator: prepared.originator,
    }
    const { bytes, signed } = await sealRendition(scene, officer, { prepared, policy, report, card, draft, signer })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { upload } = await call<{ upload: string }>(officer.session, 'POST', '/api/containers', { sha256, size: bytes.length })
    for (let number = 0; number * PART_BYTES < bytes.length; number++) {
      const part = bytes.subarray(number * PART_BYTES, (number + 1) * PART_BYTES)
      const answer = await officer.session.fetch(
        `/api/uploads/${upload}/parts/${number}?sha256=${createHash('sha256').update(part).digest('hex')}`,
        {
          method: 'PUT',
          headers: { 'content-type': 'application/octet-stream' },
          body: part,
        },
      )
      if (answer.status !== 204) throw new DemoError('demo/call-refused', `part: ${answer.status} ${await answer.text()}`)
    }
    await call(officer.session, 'POST', `/api/uploads/${upload}/complete`, { size: bytes.length, sha256 })
    handedIn.push({ signed, card, container: { sha256, size: bytes.length } })
  }
  const { items } = await call<{ items: readonly { item: string; recipient: string }[] }>(officer.session, 'POST', '/api/releases', {
    draft,
    renditions: handedIn,
  })
  const of = (recipient: string): string =>
    left(
      items.find((one) => one.recipient === recipient),
      5,
    ).item
  return { draft, own: of(officer.nation), given: of(to) }
}

async function sealRendition(
  scene: Scene,
  officer: Actor,
  given: {
    prepared: Prepared
    policy: MarkingPolicy
    report: Report
    card: Card
    draft: string
    signer: NonNullable<Awaited<ReturnType<typeof officerSigner>>>
  },
): Promise<{ bytes: Uint8Array; signed: Signed<ReleaseStatement> }> {
  const { prepared, policy, report, card, draft, signer } = given
  const [originator, recipient] = prepared.keyServices.map(({ name, kid, publicKey }) => ({ name, kid, kem: fromBase64Url(publicKey) }))
  const keys = await makeKeys(crypto, {
    policy: encodePolicy(prepared.item, attributesOf(prepared.label, policy)),
    control: prepared.keyControl,
    originator: left(originator, 5),
    ...(recipient === undefined ? {} : { recipient }),
  })
  const payload = collect()
  await writeReport(
    {
      crypto,
      report,
      crc32: zipCrc32,
      async *content(portion: FilePortion) {
        const answer = await ask(officer.session, 'GET', `/api/drafts/${draft}/files/${portion.sha256}`)
        yield answer.bytes
      },
    },
    payload.sink,
  )
  const container = collect()
  const { portions: _, keyServices: __, ...fixed } = prepared
  const sealed = await seal(
    [payload.bytes()],
    {
      crypto,
      keys,
      label: prepared.label,
      labelXml: toStanag4774(prepared.label, policy),
      mediaType: REPORT_MEDIA_TYPE,
      crc32: zipCrc32,
      statement: (digests) =>
        signStatement(crypto, signer, {
          ...fixed,
          realm: scene.world.realm,
          foreignClients: false,
          cardDigest: cardDigest(crypto, card),
          ...digests,
        }),
    },
    container.sink,
  )
  return { bytes: container.bytes(), signed: sealed.statement }
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
