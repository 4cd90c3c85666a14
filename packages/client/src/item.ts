import { type Json, canonicalText } from '@entente/canonical'
import {
  type Card,
  type Container,
  type RandomAccess,
  type VerifiedContainer,
  checkCard,
  checkPayloadDigest,
  readContainer,
  verifyContainer,
} from '@entente/container'
import { printMarking } from '@entente/label'
import { ClientError } from './errors.ts'
import type { NodeApi } from './node-api.ts'
import { type Client, labelPolicyOf, statementTrustOf } from './pins.ts'
import type { MakeScratch, Scratch } from './scratch.ts'
import { type ItemPage, type ItemView, type RegisterLine, itemPageShape, itemShape, registerShape } from './shapes.ts'

/** An item whose statement, payload, label and card were all checked, without a key: what a reader may sign a request for. */
export interface VerifiedItem {
  readonly view: ItemView
  readonly card: Card
  readonly verified: VerifiedContainer
}

/** What a person asks a list for. */
export interface ListQuestion {
  readonly purpose?: string
  /** Words, `"phrases"`, and the chips `origin:`, `level:`, `area:`, `since:2026-11-01`. */
  readonly q?: string
  /** Lines of a page, 1 to 200; 100 if absent. */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: string
}

/**
 * A page of what the person may know of, the latest first; their purpose lets more be listed where the agreement asks for
 * one. Throws a `NodeRefusal` with `node/bad-search` for a query that does not read.
 */
export async function listItems(client: Pick<Client, 'api'>, question: ListQuestion = {}): Promise<ItemPage> {
  return client.api.get(`/api/items${queryOf({ ...question })}`, itemPageShape)
}

/** What the own nation released, the latest first, for its officers; with titles only where the officer may know them. */
export async function readRegister(api: NodeApi): Promise<readonly RegisterLine[]> {
  return (await api.get('/api/register', registerShape)).items
}

/** One item as the node has it; unverified. Throws `client/absent`. */
export async function readItem(client: Pick<Client, 'api'>, item: string, purpose?: string): Promise<ItemView> {
  return client.api.get(`/api/items/${item}${queryOf({ purpose })}`, itemShape)
}

function queryOf(members: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value).toWellFormed())}`],
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/**
 * Fetches the container of an item into a scratch: so many bytes as were named, or `client/container-digest`. Which bytes is for
 * `verifyItem` to find out, from what an officer signed; the node's own word on their hash would add nothing.
 */
export async function fetchContainer(client: Pick<Client, 'api'>, view: ItemView, makeScratch: MakeScratch): Promise<Scratch> {
  const scratch = await makeScratch()
  try {
    for await (const bytes of await client.api.stream(`/api/items/${view.item}/container`)) {
      if (scratch.size + bytes.length > view.container.size) throw otherBytes(view.item)
      await scratch.write(bytes)
    }
    if (scratch.size !== view.container.size) throw otherBytes(view.item)
    return scratch
  } catch (error) {
    await scratch.remove()
    throw error
  }
}

function otherBytes(item: string): ClientError {
  return new ClientError('client/container-digest', 'another container than was named', { values: { item } })
}

/**
 * Verifies a container against the device's pins: the statement, by an officer delegated at the time of release, of the
 * originator that it names and for the own nation; manifest, label in both forms, policy, and every byte of the payload.
 * Throws `client/container-foreign`, `client/item-expired`, `container/…`, `exchange/key-unknown`.
 */
export async function verifyReleased(
  client: Pick<Client, 'crypto' | 'pins' | 'now' | 'crc32'>,
  source: RandomAccess,
): Promise<VerifiedContainer> {
  const container: Container = await readContainer(client.crypto, source)
  const body = container.statement?.body
  if (body === undefined) throw new ClientError('client/container-foreign', 'a container without a release statement')
  const verified = await verifyContainer(client.crypto, container, statementTrustOf(client.pins, body))
  await checkPayloadDigest(client.crypto, verified, client.crc32)
  if (client.now() >= body.expires)
    throw new ClientError('client/item-expired', 'the item has expired', { values: { until: body.expires } })
  return verified
}

/**
 * Verifies an item whole, before anything is signed: the container, and that list, card and statement are of one piece.
 * Throws as `verifyReleased`, `client/other-item`, `container/card-digest`.
 */
export async function verifyItem(
  client: Pick<Client, 'crypto' | 'pins' | 'now' | 'crc32'>,
  view: ItemView,
  source: RandomAccess,
): Promise<VerifiedItem> {
  const verified = await verifyReleased(client, source)
  const { body, id } = verified.statement
  const same =
    body.item === view.item &&
    body.serial === view.serial &&
    id === view.statement &&
    canonicalText(verified.container.statement as unknown as Json) === canonicalText(view.signed as unknown as Json)
  if (!same) throw otherItem(view.item)
  const { card } = view
  checkCard(client.crypto, card, body.cardDigest)
  const banner = printMarking(body.label, labelPolicyOf(client.pins, body.label), { form: 'banner' })
  if (card.item !== body.item || card.area !== body.area || card.originator !== body.originator || card.banner !== banner)
    throw otherItem(view.item)
  return { view, card, verified }
}

function otherItem(item: string): ClientError {
  return new ClientError('client/other-item', 'the container is of another item than the list says', { values: { item } })
}
