import type { HybridSigner } from '@entente/canonical'
import { statementId } from '@entente/container'
import { readDraft } from './draft.ts'
import { ClientError } from './errors.ts'
import type { Client } from './pins.ts'
import { type MakeScratch, streamOf } from './scratch.ts'
import { type SealedRendition, sealRendition } from './seal.ts'
import { type DraftView, preparedShape, releasedShape } from './shapes.ts'
import { type Announced, type UploadOptions, uploadContainer } from './upload.ts'

/** What an officer decided. */
export interface ReleaseChoice {
  readonly draft: string
  /** Nations that get the tear line; the own nation gets the whole in any case. */
  readonly to: readonly string[]
  readonly officer: HybridSigner
  readonly scratch: MakeScratch
  /** What was on the officer's screen, where that was read before: portions that changed since are not sealed. */
  readonly shown?: DraftView
  progress?(progress: ReleaseProgress): void
}

/** Where a release is: which rendition of how many, and in it sealing, sending (with bytes), or done. */
export interface ReleaseProgress {
  readonly rendition: number
  readonly renditions: number
  readonly recipient: string
  readonly step: 'sealing' | 'sending' | 'sent'
  readonly bytes?: number
  readonly size?: number
}

/** What came of a release. */
export interface ReleaseOutcome {
  /** Journal number. */
  readonly n: number
  readonly items: readonly { readonly item: string; readonly recipient: string }[]
}

/**
 * Releases a report that is in review: has the renditions prepared, seals each, sends each container in hashed parts, hands
 * all of them in at once. Nothing is released before the last step. Throws what `sealRendition` throws and what the node
 * refuses; `client/rendition-basis` when the node prepared for other nations than were chosen.
 */
export async function releaseReport(client: Client, choice: ReleaseChoice): Promise<ReleaseOutcome> {
  const { api } = client
  const draft = choice.shown ?? (await readDraft(api, choice.draft))
  const { renditions } = await api.post(`/api/drafts/${choice.draft}/sealing`, { to: [...choice.to] }, preparedShape)
  const expected = [client.pins.trust.anchors.nation, ...choice.to].sort().join()
  if (
    renditions
      .map(({ recipient }) => recipient)
      .sort()
      .join() !== expected
  ) {
    throw new ClientError('client/rendition-basis', 'renditions for other nations than were chosen', {
      values: { nation: choice.to.join(' ') },
    })
  }
  const handedIn: { readonly sealed: SealedRendition; readonly container: Announced }[] = []
  for (const [index, prepared] of renditions.entries()) {
    const at = { rendition: index + 1, renditions: renditions.length, recipient: prepared.recipient }
    const scratch = await choice.scratch()
    try {
      choice.progress?.({ ...at, step: 'sealing' })
      const content = (portion: { readonly sha256: string }): AsyncIterable<Uint8Array> => fileOf(client, choice.draft, portion.sha256)
      const sealed = await sealRendition(client, { draft, prepared, officer: choice.officer, content }, (bytes) => scratch.write(bytes))
      const options: UploadOptions = { progress: ({ bytes, size }) => choice.progress?.({ ...at, step: 'sending', bytes, size }) }
      const announced = { statement: statementId(client.crypto, sealed.signed.body), size: scratch.size }
      const container = await uploadContainer(client.crypto, api, announced, streamOf(scratch), options)
      choice.progress?.({ ...at, step: 'sent' })
      handedIn.push({ sealed, container })
    } finally {
      await scratch.remove()
    }
  }
  const body = { draft: choice.draft, renditions: handedIn.map(({ sealed: { signed, card }, container }) => ({ signed, card, container })) }
  return api.post('/api/releases', body, releasedShape)
}

/** A file of the draft; its digest is checked when it is written into the report. */
async function* fileOf(client: Client, draft: string, sha256: string): AsyncGenerator<Uint8Array> {
  yield* await client.api.stream(`/api/drafts/${draft}/files/${sha256}`)
}
