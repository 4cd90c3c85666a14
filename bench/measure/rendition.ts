/** A report with one file, prepared for release in a real nation: what the benchmarks of sealing and opening work on. */
import { createHash } from 'node:crypto'
import { type FileHandle, open as openFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { type HybridSigner, fromBase64Url } from '@entente/canonical'
import { type Client, type DraftView, type PreparedRendition, sealRendition } from '@entente/client'
import {
  type RandomAccess,
  type ReleaseStatement,
  type Sink,
  cardDigest,
  encodePolicy,
  makeKeys,
  seal,
  signStatement,
} from '@entente/container'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { attributesOf, printMarking, toStanag4774 } from '@entente/label'
import { prepareSealing, saveDraft, submitDraft } from '@entente/node'
import { type World, twoNations } from '@entente/testkit'

export const PIECE_BYTES = 1_048_576

type SealingClient = Pick<Client, 'crypto' | 'pins' | 'now' | 'crc32'>

/** A file's bytes in pieces of 1 MiB; a piece is good until the next one is asked for. */
export async function* bytesOf(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await openFile(path, 'r')
  const piece = new Uint8Array(PIECE_BYTES)
  try {
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES)
      if (bytesRead === 0) return
      yield piece.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** A file to write one after the other, and to read anywhere. */
export async function randomAccess(path: string): Promise<RandomAccess & { close(): Promise<void> }> {
  const file: FileHandle = await openFile(path, 'r')
  const { size } = await file.stat()
  return {
    size,
    async read(offset, length, into = new Uint8Array(length)) {
      const { bytesRead, buffer } = await file.read(into, 0, length, offset)
      return buffer.subarray(0, bytesRead)
    },
    close: () => file.close(),
  }
}

/** Writes `bytes` bytes of chance: a block of it again and again, each time with another number in front. */
export async function writeChance(path: string, bytes: number): Promise<void> {
  const file = await openFile(path, 'w')
  const block = crypto.random(Math.min(PIECE_BYTES, bytes))
  const view = new DataView(block.buffer)
  for (let at = 0; at < bytes; at += block.length) {
    view.setFloat64(0, at)
    await file.writeFile(block.subarray(0, Math.min(block.length, bytes - at)))
  }
  await file.close()
}

/** A file's SHA-256 in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of bytesOf(path)) hash.update(piece)
  return hash.digest('hex')
}

/** A nation, an officer, and a rendition that was prepared for the partner. */
export class PreparedReport implements AsyncDisposable {
  readonly client: SealingClient
  /** The partner's side, which verifies and opens. */
  readonly reader: SealingClient
  readonly #world: World
  readonly #draft: DraftView
  readonly #prepared: PreparedRendition
  readonly #officer: HybridSigner

  private constructor(world: World, draft: DraftView, prepared: PreparedRendition) {
    this.#world = world
    this.#draft = draft
    this.#prepared = prepared
    this.#officer = world.hands.officerKey
    const sideOf = ({ parts }: World['originator']): SealingClient => ({
      crypto,
      pins: { trust: parts.trust(), policies: parts.policies },
      now: () => parts.now(),
      crc32: (bytes, before) => crc32(bytes, before),
    })
    this.client = sideOf(world.originator)
    this.reader = sideOf(world.recipient)
  }

  static async make(): Promise<PreparedReport> {
    const world = await twoNations({ seed: 'bench/seal' })
    const { parts } = world.originator
    const { author, officer, area, marking, partner } = world.hands
    const draft = await saveDraft(parts, author, {
      title: { en: 'EXERCISE report', ja: '演習報告' },
      area,
      portions: [{ kind: 'text', marking, texts: [{ lang: 'en', text: 'EXERCISE.' }] }],
    })
    await submitDraft(parts, author, draft.id)
    const prepared = (await prepareSealing(parts, officer, draft.id, [partner])).find(({ recipient }) => recipient === partner)
    if (prepared === undefined) throw new Error('no rendition for the partner')
    return new PreparedReport(world, draft as unknown as DraftView, prepared)
  }

  /** The draft with the file in the place of its text: marked alike, so that the prepared rendition stands. */
  #with(size: number, sha256: string): DraftView {
    const [text] = this.#draft.portions
    if (text === undefined) throw new Error('the draft has no portion')
    const { id, label, marking } = text
    const file = { kind: 'file', id, label, marking, name: 'recording.bin', mediaType: 'application/octet-stream', size, sha256 }
    return { ...this.#draft, portions: [file as unknown as DraftView['portions'][number]] }
  }

  /** Everything that a client does from file to container: report, seal, statement, card. */
  async sealAsClient(file: { readonly path: string; readonly size: number; readonly sha256: string }, sink: Sink): Promise<void> {
    const rendition = {
      draft: this.#with(file.size, file.sha256),
      prepared: this.#prepared,
      officer: this.#officer,
      content: () => bytesOf(file.path),
    }
    await sealRendition(this.client, rendition, sink)
  }

  /** The container alone: these bytes as the payload. Gives the data key, so that it can be opened again. */
  async sealBytes(bytes: AsyncIterable<Uint8Array>, sink: Sink, mediaType = 'application/octet-stream'): Promise<Uint8Array> {
    const { label, keyControl, keyServices, item, originator, area, portions: _, ...fixed } = this.#prepared
    const policy = this.client.pins.policies.get(label.policy)
    const [first, second] = keyServices
    if (policy === undefined || first === undefined) throw new Error('the nation lacks its policy or its key')
    const service = (one: typeof first) => ({ name: one.name, kid: one.kid, kem: fromBase64Url(one.publicKey) })
    const keys = await makeKeys(crypto, {
      policy: encodePolicy(item, attributesOf(label, policy)),
      control: keyControl,
      originator: service(first),
      ...(second === undefined ? {} : { recipient: service(second) }),
    })
    const card = { item, title: { en: 'EXERCISE' }, area, banner: printMarking(label, policy, { form: 'banner' }), originator }
    await seal(
      bytes,
      {
        crypto,
        keys,
        label,
        labelXml: toStanag4774(label, policy),
        mediaType,
        crc32: (piece, before) => crc32(piece, before),
        statement: (digests) => {
          const body: ReleaseStatement = {
            realm: this.client.pins.trust.anchors.realm,
            ...fixed,
            item,
            originator,
            area,
            label,
            keyControl,
            foreignClients: false,
            cardDigest: cardDigest(crypto, card),
            ...digests,
          }
          return signStatement(crypto, this.#officer, body)
        },
      },
      sink,
    )
    return keys.dataKey
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world[Symbol.asyncDispose]()
  }
}
