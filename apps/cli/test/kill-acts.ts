/** What people's clients do while their nation's processes are killed, and what must be found of it afterwards. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDocument } from '@entente/canonical'
import {
  type Client,
  type DraftParts,
  draftReport,
  listDrafts,
  memoryScratch,
  nodeApi,
  openItem,
  readPins,
  releaseReport,
  submitDraft,
} from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import { anchorsShape } from '@entente/exchange'
import type { MarkingPolicy } from '@entente/label'
import type { LogReport, VerifiedEntry } from '@entente/ledger'
import { policiesIn } from '#src/data.ts'
import { holderSigner, officerSigner } from '#src/demo/devices.ts'
import { deviceDirectory } from '#src/demo/set-up.ts'
import { type LoadedWorld, nationOf } from '#src/demo/world.ts'
import { loginAs } from '#src/login/index.ts'

/** A person's client, with the folder of their device. */
export interface Seat {
  readonly nation: string
  readonly device: string
  readonly client: Client
}

/** A data key that a reader's client joined: of what request, on which entries (SHA-256 of their leaves). */
export interface JoinedKey {
  readonly reader: string
  readonly item: string
  readonly request: string
  /** The originator's entry; then, where the reader is of another nation, that nation's grant. */
  readonly leaves: readonly string[]
}

/** What is set when the kill is done. */
export interface Ended {
  readonly now: boolean
}

/** Signs a person in at their node, and reads what their device believes. */
export async function seatOf(dir: string, data: LoadedWorld, nation: string, person: string, node: string): Promise<Seat> {
  const device = deviceDirectory(dir, nationOf(data, nation), person)
  const session = await loginAs({ node, deviceDir: device, person })
  const api = nodeApi(async ({ method, path, contentType, body }) => {
    const answer = await session.fetch(path, {
      method,
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
      ...(body === undefined ? {} : { body }),
    })
    return { status: answer.status, body: answer.body ?? nothing() }
  })
  const anchors = readDocument(anchorsShape, await readFile(join(device, 'anchors.json')), 'anchors')
  const pins = await readPins(nodeCrypto, api, anchors, { policies: await policiesOf(data) })
  return { nation, device, client: { crypto: nodeCrypto, api, pins, now: () => Math.floor(Date.now() / 1_000) } }
}

async function policiesOf({ policies }: LoadedWorld): Promise<ReadonlyMap<string, MarkingPolicy>> {
  return new Map((await policiesIn(policies)).map((policy) => [policy.id, policy]))
}

/** One report of one releasable portion, written, reviewed and released: its item for each nation. */
export async function releaseOne(data: LoadedWorld, author: Seat, officer: Seat): Promise<Readonly<Record<string, string>>> {
  const { id } = await draftReport(author.client, draftOf(data))
  await submitDraft(author.client.api, id)
  const key = await officerSigner(officer.device)
  if (key === undefined) throw new TypeError('the officer signs nothing')
  const { items } = await releaseReport(officer.client, {
    draft: id,
    to: [data.story.recipient],
    officer: key,
    scratch: async () => memoryScratch(),
  })
  return Object.fromEntries(items.map(({ item, recipient }) => [recipient, item]))
}

function draftOf({ story }: LoadedWorld): DraftParts {
  const texts = [{ lang: 'en' as const, text: 'EXERCISE. Nothing happened anywhere.' }]
  return { title: { en: 'EXERCISE' }, area: story.area, portions: [{ kind: 'text', marking: story.fileMarking, texts }] }
}

/** Opens an item again and again; a key counts as soon as the client has joined it. */
export async function openUntil(seat: Seat, item: string, purpose: string, joined: JoinedKey[], ended: Ended): Promise<void> {
  while (!ended.now) {
    try {
      await openOnce(seat, item, purpose, joined)
    } catch {
      // Killed under it, or refused while the link is down: no key, so nothing is to be found.
      await pause(20)
    }
  }
}

/** Opens an item once and reads it to its end. */
export async function openOnce(seat: Seat, item: string, purpose: string, joined: JoinedKey[]): Promise<void> {
  const { evidence, parts } = await openItem(seat.client, {
    item,
    purpose,
    holder: (originator) => holderSigner(seat.device, originator),
    scratch: async () => memoryScratch(),
  })
  joined.push({ reader: seat.nation, item, request: evidence.request, leaves: evidence.entries.map(({ leafHash }) => leafHash) })
  for await (const part of parts) if (part.kind === 'file') for await (const _ of part.content) void _
}

/** Writes drafts and gives them to review; one counts when that was answered. */
export async function submitUntil(data: LoadedWorld, author: Seat, submitted: Set<string>, ended: Ended): Promise<void> {
  while (!ended.now) {
    try {
      const { id } = await draftReport(author.client, draftOf(data))
      await submitDraft(author.client.api, id)
      submitted.add(id)
    } catch {
      // Killed under it: nothing was promised.
    }
    await pause(50)
  }
}

/** Whether every draft that was given to review is in review. */
export async function allInReview(author: Seat, submitted: ReadonlySet<string>): Promise<boolean> {
  const drafts = (await listDrafts(author.client.api)) as readonly { readonly id: string; readonly state: string }[]
  const inReview = new Set(drafts.filter(({ state }) => state === 'review').map(({ id }) => id))
  return [...submitted].every((id) => inReview.has(id))
}

/** A verified log of a nation, with the SHA-256 (hexadecimal) of each leaf that was disclosed, by index. */
export interface CheckedLog {
  readonly nation: string
  readonly report: LogReport
  readonly leaves: ReadonlyMap<number, string>
}

/**
 * INVARIANT: no key without an entry. Gives what is missing for a joined key: exactly one entry of the originator that
 * permits its request, and for a reader of another nation exactly one grant, which that entry names; both those that the
 * client was shown.
 */
export function missingFor(key: JoinedKey, originator: string, logs: readonly CheckedLog[]): string | undefined {
  const found = (nation: string, act: string): readonly { readonly entry: VerifiedEntry; readonly leaf: string }[] =>
    logs
      .filter((log) => log.nation === nation && log.report.ok)
      .flatMap(({ report, leaves }) =>
        report.entries
          .filter(({ fields }) => fields['act'] === act && fields['request'] === key.request && fields['item'] === key.item)
          .map((entry) => ({ entry, leaf: leaves.get(entry.index) ?? '' })),
      )
  const [open, ...moreOpen] = found(originator, 'open')
  if (open === undefined || moreOpen.length > 0) return `${moreOpen.length + (open === undefined ? 0 : 1)} entries`
  if (open.leaf !== key.leaves[0]) return 'another entry than was shown'
  if (key.reader === originator) return undefined
  const [grant, ...moreGrants] = found(key.reader, 'grant')
  if (grant === undefined || moreGrants.length > 0) return `${moreGrants.length + (grant === undefined ? 0 : 1)} grants`
  if (open.entry.fields['grant'] !== grant.leaf) return 'an entry for another grant'
  return key.leaves.length === 1 || key.leaves[1] === grant.leaf ? undefined : 'another grant than was shown'
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
