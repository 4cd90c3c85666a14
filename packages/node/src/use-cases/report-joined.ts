import { type Json, type Shape, canonicalBytes, fromBase64Url, readShape, shapes } from '@entente/canonical'
import { type JoinedReceipt, verifyJoined } from '@entente/exchange'
import * as v from 'valibot'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { HOME_LOG, logName } from '../trust.ts'
import { entryFor } from './entries.ts'
import { type PostNeeds, enterWithLetter } from './post-envelope.ts'
import { findItem } from './register.ts'

type Needs = PostNeeds & Pick<Nation, 'db' | 'trust' | 'notice'>

/** How long the same receipt again makes no second entry where two come at once, in seconds; later the first one's entry tells. */
const REPEAT_SECONDS = 86_400
const receiptShape: Shape<{ readonly body: { readonly request: string; readonly leaf: string } }> = v.object({
  body: v.object({ request: shapes.sha256, leaf: shapes.sha256 }),
})

/** What this nation remembers of a request that it granted: for which item, by which device key, and what its reader said of it. */
interface GrantedRequest {
  readonly item: string
  /** URL-safe base64. */
  readonly holderKey: string
  readonly leaf?: string
  readonly outcome?: JoinedReceipt['outcome']
}

/** The fact to be entered with a grant: whose receipts about the request count here. */
export function grantedFact(request: string, granted: GrantedRequest): { readonly name: string; readonly value: string } {
  return { name: factName(request), value: JSON.stringify(granted) }
}

/**
 * Takes what a reader's device says became of an opening: into the own record for an own item, and to the originator for a
 * partner's. Only for openings of which there is an entry here, and an acknowledgement only after the same request was said
 * to have opened it: anything else is `node/absent`. Throws `exchange/joined-invalid` for another key's signature.
 */
export async function reportJoined(nation: Needs, id: string, joined: unknown): Promise<void> {
  const item = await findItem(nation, id)
  const { request, leaf } = readShape(receiptShape, joined, 'joined').body
  const { basis, originator } = item?.body ?? {}
  const known = basis === undefined ? await openingOf(nation, leaf) : await grantOf(nation, request)
  if (item === undefined || item.body.recipient !== nation.config.nation || known?.item !== id) throw absent()
  const expected = { realm: nation.config.realm, holderKey: fromBase64Url(known.holderKey), request: known.request, leaf }
  const { outcome } = await verifyJoined(nation.crypto, canonicalBytes(joined as Json), expected)
  if (!isNews(known, leaf, outcome)) return
  const at = nation.now()
  const repeat = `${outcome === 'acknowledged' ? 'acknowledged' : 'joined'}:${leaf}`
  const act = {
    at,
    kind: 'joined',
    effects: [{ effect: 'request', request: repeat, until: at + REPEAT_SECONDS }] as const,
    conditions: [],
    request: repeat,
  }
  const fields = { act: 'joined', item: id, request, opening: leaf, outcome }
  if (basis === undefined || originator === undefined) {
    await nation.enter({ ...act, body: { joined: [{ leaf, outcome }] }, entries: [entryFor(nation, HOME_LOG, at, fields)] })
    return
  }
  const fact = grantedFact(request, { item: id, holderKey: known.holderKey, leaf, outcome })
  await enterWithLetter(
    nation,
    { ...act, body: { facts: [fact] }, entries: [entryFor(nation, logName(basis.agreement, originator), at, fields)] },
    { partner: originator, agreement: basis.agreement, type: 'joined', body: joined as Json },
  )
}

type Known = GrantedRequest & { readonly request: string }

/** Whether a receipt says more than is known. Throws `node/absent` for an acknowledgement of what was not opened. */
function isNews(known: Known, leaf: string, outcome: JoinedReceipt['outcome']): boolean {
  if (known.outcome === undefined) {
    if (outcome === 'acknowledged') throw absent()
    return true
  }
  // INVARIANT: a request has one opening, and it is that one which is acknowledged.
  if (known.leaf !== leaf) throw absent()
  if (outcome !== 'acknowledged' || known.outcome === 'acknowledged') return false
  if (known.outcome === 'failed') throw absent()
  return true
}

/** An opening of an own item by an own reader. */
async function openingOf(nation: Needs, leaf: string): Promise<Known | undefined> {
  const row = await nation.db.selectFrom('openings').selectAll().where('leaf', '=', leaf).executeTakeFirst()
  if (row === undefined) return undefined
  const { item, request, outcome } = row
  return { item, request, holderKey: row.holder_key, leaf, ...(outcome === null ? {} : { outcome }) }
}

/** A request for a partner's item that this nation granted. The originator checks that it was permitted. */
async function grantOf(nation: Needs, request: string): Promise<Known | undefined> {
  const row = await nation.db.selectFrom('meta').select('value').where('name', '=', factName(request)).executeTakeFirst()
  return row === undefined ? undefined : { ...(JSON.parse(row.value) as GrantedRequest), request }
}

function factName(request: string): string {
  return `request:${request}`
}

function absent(): NodeError {
  return new NodeError('node/absent', 'nothing is here')
}
