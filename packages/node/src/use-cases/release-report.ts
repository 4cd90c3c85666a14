import type { Json } from '@entente/canonical'
import { NodeError } from '../errors.ts'
import type { RecordEntry } from '../ledger/record.ts'
import type { Standing } from '../living-trust.ts'
import type { Nation } from '../nation.ts'
import type { Draft } from '../store/drafts.ts'
import { HOME_LOG, logName } from '../trust.ts'
import { unchanged } from './agreement-moves.ts'
import { type CheckedRendition, type HandedIn, checkRendition } from './check-rendition.ts'
import { inDraftTurn, reviewedDraft } from './draft-access.ts'
import { entryFor } from './entries.ts'
import { type Letter, enterWithLetters } from './post-envelope.ts'
import { removeDraft } from './remove-draft.ts'
import { SEALING_SECONDS, type Sealing, readSealing } from './sealing.ts'

/** What came of a release: its items, and the journal number under which all of them stand. */
export interface Released {
  readonly items: readonly { readonly item: string; readonly recipient: string }[]
  readonly n: number
}

type Needs = Pick<
  Nation,
  | 'crypto'
  | 'config'
  | 'policies'
  | 'trust'
  | 'decider'
  | 'standing'
  | 'db'
  | 'ledger'
  | 'enter'
  | 'envelopes'
  | 'wake'
  | 'drafts'
  | 'draftFiles'
  | 'itemKeys'
  | 'blobs'
  | 'person'
  | 'now'
>

/**
 * Releases a report: all renditions that were prepared, in one record with the letters that offer them. When it is durable
 * the draft and its plaintext go. The same release again gets the same answer. Throws `node/absent`, `node/own-report`,
 * `node/draft-state`, `node/conflict` (nothing prepared, or too long ago, or the draft changed), `node/not-as-prepared`,
 * `node/behind`, `node/agreement-moved`, and what `checkRendition` throws.
 */
export async function releaseReport(nation: Needs, officer: string, id: string, handedIn: readonly HandedIn[]): Promise<Released> {
  return inDraftTurn(nation, id, async () => {
    const before = await releasedBefore(nation, id, handedIn)
    if (before !== undefined) {
      const left = await nation.drafts.find(id)
      if (left !== undefined) await removeDraft(nation, left)
      return before
    }
    const standing = nation.standing()
    const draft = await reviewedDraft(nation, officer, id)
    const sealing = await preparedFor(nation, draft, officer)
    const renditions = await checkAll(nation, officer, draft, sealing, handedIn)
    await checkLogsOpen(nation, renditions)
    const n = await enterRelease(nation, standing, officer, draft, renditions)
    await removeDraft(nation, draft)
    return { items: renditions.map(({ signed }) => ({ item: signed.body.item, recipient: signed.body.recipient })), n }
  })
}

/** A release that stands already: its answer may have been lost on the way. */
async function releasedBefore(nation: Needs, id: string, handedIn: readonly HandedIn[]): Promise<Released | undefined> {
  const rows = await nation.db.selectFrom('items').select(['item', 'recipient', 'container']).where('report', '=', id).execute()
  const containers = new Set(handedIn.map(({ container }) => container.sha256))
  if (rows.length === 0 || rows.length !== containers.size || !rows.every(({ container }) => containers.has(container))) return undefined
  const own = rows.find(({ recipient }) => recipient === nation.config.nation) ?? rows[0]
  const entry = await nation.db
    .selectFrom('entries')
    .select('n')
    .where('item', '=', own?.item ?? '')
    .where('act', '=', 'release')
    .executeTakeFirstOrThrow()
  const items = rows.map(({ item, recipient }) => ({ item, recipient }))
  return {
    items: items.toSorted((a, b) => rank(nation, a.recipient) - rank(nation, b.recipient) || (a.recipient < b.recipient ? -1 : 1)),
    n: entry.n,
  }
}

function rank(nation: Needs, recipient: string): number {
  return recipient === nation.config.nation ? 0 : 1
}

async function preparedFor(nation: Needs, draft: Draft, officer: string): Promise<Sealing> {
  const sealing = await readSealing(nation, draft.id)
  const holds =
    sealing !== undefined && sealing.officer === officer && sealing.updated === draft.updated && nation.now() < sealing.at + SEALING_SECONDS
  if (!holds) throw new NodeError('node/conflict', 'nothing is prepared for this release', { values: { what: 'sealing' } })
  return sealing
}

async function checkAll(
  nation: Needs,
  officer: string,
  draft: Draft,
  sealing: Sealing,
  handedIn: readonly HandedIn[],
): Promise<readonly CheckedRendition[]> {
  if (handedIn.length !== sealing.renditions.length)
    throw new NodeError('node/not-as-prepared', 'not all renditions, or more', { values: { what: 'renditions' } })
  const checked: CheckedRendition[] = []
  for (const [index, prepared] of sealing.renditions.entries()) {
    const given = handedIn[index]
    if (given !== undefined) checked.push(await checkRendition(nation, officer, draft, prepared, given))
  }
  if (new Set(checked.map(({ container }) => container.sha256)).size !== checked.length)
    throw new NodeError('node/not-as-prepared', 'one container twice', { values: { what: 'container' } })
  return checked
}

/** A log that is shorter than its witness remembers takes no release, or a restored backup could say one thing twice. */
async function checkLogsOpen(nation: Needs, renditions: readonly CheckedRendition[]): Promise<void> {
  const { closed } = await nation.ledger.call('status', {})
  const shut = renditions.map(({ signed }) => logOf(signed.body)).find((log) => closed.includes(log))
  if (shut !== undefined)
    throw new NodeError('node/behind', 'a log of this nation must be reconciled with its witness first', { values: { log: shut } })
}

function logOf(body: CheckedRendition['signed']['body']): string {
  return body.basis === undefined ? HOME_LOG : logName(body.basis.agreement, body.recipient)
}

async function enterRelease(
  nation: Needs,
  standing: Standing,
  officer: string,
  draft: Draft,
  renditions: readonly CheckedRendition[],
): Promise<number> {
  const at = nation.now()
  const once = `release:${draft.id}`
  try {
    const { n } = await enterWithLetters(
      nation,
      {
        at,
        kind: 'release',
        body: {
          items: renditions.map(({ signed, statement, card, container }) => ({
            signed,
            statement,
            card,
            container: container.sha256,
            containerSize: container.size,
            report: draft.id,
          })),
        },
        entries: renditions.map((rendition) => releaseEntry(nation, officer, draft, rendition, at)),
        effects: [
          ...renditions.map(
            ({ signed: { body }, statement }) =>
              ({ effect: 'item', item: body.item, serial: body.serial, statement, state: 'released' }) as const,
          ),
          { effect: 'spend', nonce: once, until: at + 2 * SEALING_SECONDS },
        ],
        conditions: [
          { condition: 'unspent', nonce: once },
          ...[...new Set(renditions.map(({ signed }) => signed.body.basis?.agreement))].flatMap((agreement) =>
            unchanged(standing, agreement),
          ),
        ],
      },
      renditions.flatMap(letterOf),
    )
    return n
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'node/nonce-spent') throw cause
    throw new NodeError('node/conflict', 'the report was released already', { values: { what: 'draft' }, cause })
  }
}

/** People stand in the home log only; what a partner may once be shown names the agreement and nobody. */
function releaseEntry(
  nation: Needs,
  officer: string,
  draft: Draft,
  { signed: { body }, statement, container }: CheckedRendition,
  at: number,
): RecordEntry {
  const about = { act: 'release', item: body.item, serial: body.serial, statement, container: container.sha256 }
  const { basis } = body
  if (basis === undefined) return entryFor(nation, HOME_LOG, at, { ...about, report: draft.id, officer, author: draft.author })
  const articles = [`${basis.agreement} ${basis.article} ${basis.grant}`]
  return entryFor(nation, logOf(body), at, { ...about, version: basis.version, articles, expires: body.expires })
}

function letterOf({ signed, statement, card, container }: CheckedRendition): readonly Letter[] {
  const { body } = signed
  if (body.basis === undefined) return []
  const offer = { item: body.item, serial: body.serial, statement, release: signed, card, container: container.sha256 }
  return [
    { partner: body.recipient, agreement: body.basis.agreement, type: 'offer', body: offer as unknown as Json, attachments: [container] },
  ]
}
