import { type Signer, toHex } from '@entente/canonical'
import { type Card, type RandomAccess, type ReportPart, open, readReport } from '@entente/container'
import {
  type EntryEvidence,
  HOME_AGREEMENT,
  type Joined,
  type JoinedReceipt,
  type KeyedAct,
  type ProvenEntry,
  leafBytes,
  shapedAnswerEnvelope,
  signJoined,
} from '@entente/exchange'
import { requestCredential, requestNonce } from './enrol.ts'
import { NodeRefusal, absent } from './errors.ts'
import { type VerifiedItem, fetchContainer, readItem, verifyItem } from './item.ts'
import { type OpeningRequest, joinOpening, signRequest } from './opening.ts'
import type { Client } from './pins.ts'
import type { MakeScratch } from './scratch.ts'
import { answersShape } from './shapes.ts'

/** How long a request may be answered, in seconds. */
const REQUEST_SECONDS = 60

/** What a reader asks for. */
export interface OpeningChoice {
  readonly item: string
  readonly purpose: string
  readonly act?: KeyedAct
  /** The device's key K towards an originator; throws when the device has none. */
  holder(originator: string): Promise<Signer>
  readonly scratch: MakeScratch
  /** A container that the reader kept; without it the node is asked for it. */
  readonly saved?: RandomAccess
  /** Told what is being done, as it begins. */
  progress?(step: OpeningStep): void
}

/** Fetching the container; verifying it without a key; asking for the shares; checking the proofs and decrypting. */
export type OpeningStep = 'fetch' | 'verify' | 'ask' | 'decrypt'

/** What proves an opening to anybody who has the same pins. */
export interface OpeningEvidence {
  /** Hash of the request that was signed. */
  readonly request: string
  /** The originator's entry first, then the own nation's grant where it answered too: opened and proven, with places. */
  readonly entries: readonly ProvenEntry[]
  /** As they came: leaf, what the relay saw of the opening, and the cosigned proof. */
  readonly proofs: readonly EntryEvidence[]
}

/** An item that was opened. */
export interface OpenedItem {
  readonly item: string
  readonly card: Card
  readonly originator: string
  readonly expires: number
  readonly evidence: OpeningEvidence
  /**
   * The report, then its files as streams; to be read once, to the end. Then the node is told that it was opened, or that
   * it failed. Keep nothing of a stream that ends with an error.
   */
  readonly parts: AsyncGenerator<ReportPart, void, void>
  /**
   * Says, signed with the device's key, that the reader has received the report: an entry in the own log and at the
   * originator. Only after `parts` was read: before, and after a failure, it is `client/absent`.
   */
  acknowledge(): Promise<void>
  /** Gives up what is kept for reading, where `parts` is not read to its end. */
  close(): Promise<void>
}

/**
 * Opens an item (spec/key-release.md): verifies everything that can be without a key, then asks with a request that the
 * device's key signs, checks both nations' entries and proofs, joins the shares. Throws `client/absent` for what is not there
 * and for what was refused alike, and what the checks throw.
 */
export async function openItem(client: Client, choice: OpeningChoice): Promise<OpenedItem> {
  choice.progress?.('fetch')
  const view = await readItem(client, choice.item, choice.purpose)
  const fetched = choice.saved === undefined ? await fetchContainer(client, view, choice.scratch) : undefined
  const close = async (): Promise<void> => fetched?.remove()
  try {
    choice.progress?.('verify')
    const item = await verifyItem(client, view, choice.saved ?? (fetched as RandomAccess))
    choice.progress?.('ask')
    const { opened, evidence, tell } = await askForKey(client, choice, item)
    choice.progress?.('decrypt')
    const { body } = item.verified.statement
    const report = readReport(client.crypto, open(client.crypto, item.verified, opened.dataKey), client.crc32)
    return {
      item: body.item,
      card: item.card,
      originator: body.originator,
      expires: body.expires,
      evidence,
      parts: told(report, tell, close),
      acknowledge: () => tell('acknowledged'),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Tell = (outcome: JoinedReceipt['outcome']) => Promise<void>

async function* told(parts: AsyncIterable<ReportPart>, tell: Tell, close: () => Promise<void>): AsyncGenerator<ReportPart, void, void> {
  let outcome: 'opened' | 'failed' = 'failed'
  try {
    for await (const part of parts) {
      // From the report on the reader has seen something, whatever comes after.
      if (part.kind === 'report') outcome = 'opened'
      yield part
    }
  } catch (error) {
    outcome = 'failed'
    throw error
  } finally {
    await close()
    await tell(outcome)
  }
}

async function askForKey(
  client: Client,
  choice: OpeningChoice,
  item: VerifiedItem,
): Promise<{ readonly opened: Joined & { readonly joined: true }; readonly evidence: OpeningEvidence; readonly tell: Tell }> {
  const { crypto, api, pins, now } = client
  const { body } = item.verified.statement
  const holder = await choice.holder(body.originator)
  const request = await makeRequest(client, choice, item, holder)
  const answers = await api.post('/api/openings', { request: request.compact }, answersShape).catch((error: unknown) => {
    throw error instanceof NodeRefusal && error.code === 'node/refused' ? absent(error) : error
  })
  const originator = shapedAnswerEnvelope(answers.originator)
  const recipient = answers.recipient === undefined ? undefined : shapedAnswerEnvelope(answers.recipient)
  const leaf = toHex(crypto.sha256(leafBytes(originator)))
  const tell: Tell = async (outcome) => {
    const joined = await signJoined({ realm: pins.trust.anchors.realm, request: request.hash, leaf, at: now(), outcome }, holder)
    await api.send('/api/openings/joined', { item: body.item, joined })
  }
  let joined: Joined
  try {
    joined = await joinOpening(client, item.verified, request, { originator, ...(recipient === undefined ? {} : { recipient }) })
  } catch (error) {
    // The opening stands in the originator's ledger; that nothing came of it belongs there too.
    await tell('failed').catch(() => {})
    throw error
  }
  if (!joined.joined) throw absent()
  const proofs = [originator, ...(recipient === undefined ? [] : [recipient])].map(({ leaf: bytes, opening, proof }) => ({
    leaf: bytes,
    opening,
    proof,
  }))
  return { opened: joined, evidence: { request: request.hash, entries: joined.entries, proofs }, tell }
}

async function makeRequest(client: Client, choice: OpeningChoice, item: VerifiedItem, holder: Signer): Promise<OpeningRequest> {
  const { crypto, api, now } = client
  const { statement } = item.verified
  const { body } = statement
  const agreement = body.basis?.agreement ?? HOME_AGREEMENT
  const credential = await requestCredential(client, { agreement, originator: body.originator, item: body.item, holder })
  // A nonce lives a minute: it comes last.
  const nonce = await requestNonce(api, crypto, body.originator, holder, body.item)
  const issuedAt = now()
  const { act = 'open', purpose } = choice
  return signRequest(client, { statement, act, purpose, credential, nonce, holder, issuedAt, expires: issuedAt + REQUEST_SECONDS })
}
