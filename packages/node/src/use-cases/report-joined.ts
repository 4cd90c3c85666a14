import { type Json, canonicalBytes, fromBase64Url, readShape, shapes } from '@entente/canonical'
import { verifyJoined } from '@entente/exchange'
import type { Opening } from '@entente/ledger'
import * as v from 'valibot'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { HOME_LOG, logName } from '../trust.ts'
import { entryFor } from './entries.ts'
import { type PostNeeds, enterWithLetter } from './post-envelope.ts'
import { findItem } from './register.ts'

type Needs = PostNeeds & Pick<Nation, 'db' | 'trust' | 'notice'>

/** How long the same receipt again makes no second entry, in seconds: a day. */
const REPEAT_SECONDS = 86_400
const receiptShape = v.looseObject({
  body: v.looseObject({ request: shapes.sha256, leaf: shapes.sha256, outcome: v.picklist(['opened', 'failed']) }),
})

/**
 * Takes what a reader's client says became of an opening: into the own record for an own item, and to the originator for a
 * partner's. Only for openings of which there is an entry here; anything else is `node/absent`.
 */
export async function reportJoined(nation: Needs, id: string, joined: unknown): Promise<void> {
  const item = await findItem(nation, id)
  const { body } = readShape(receiptShape as never, joined, 'joined') as v.InferOutput<typeof receiptShape>
  if (item === undefined || item.body.recipient !== nation.config.nation) throw new NodeError('node/absent', 'nothing is here')
  const at = nation.now()
  const request = `joined:${body.leaf}`
  const act = {
    at,
    kind: 'joined',
    effects: [{ effect: 'request', request, until: at + REPEAT_SECONDS }] as const,
    conditions: [],
    request,
  }
  const { basis, originator } = item.body
  if (basis !== undefined) {
    await checkGranted(nation, id, body.request)
    const entry = entryFor(nation, logName(basis.agreement, originator), at, {
      act: 'joined',
      item: id,
      request: body.request,
      opening: body.leaf,
      outcome: body.outcome,
    })
    await enterWithLetter(
      nation,
      { ...act, body: {}, entries: [entry] },
      { partner: originator, agreement: basis.agreement, type: 'joined', body: joined as Json },
    )
    return
  }
  const outcome = await verifyOwn(nation, id, body.leaf, joined)
  const entry = entryFor(nation, HOME_LOG, at, { act: 'joined', item: id, request: body.request, opening: body.leaf, outcome })
  await nation.enter({ ...act, body: { joined: [{ leaf: body.leaf, outcome }] }, entries: [entry] })
}

async function verifyOwn(nation: Needs, item: string, leaf: string, joined: unknown): Promise<'opened' | 'failed'> {
  const row = await nation.db.selectFrom('openings').selectAll().where('leaf', '=', leaf).where('item', '=', item).executeTakeFirst()
  if (row === undefined) throw new NodeError('node/absent', 'nothing is here')
  const expected = { realm: nation.config.realm, holderKey: fromBase64Url(row.holder_key), request: row.request, leaf }
  return (await verifyJoined(nation.crypto, canonicalBytes(joined as Json), expected)).outcome
}

/** This nation granted the request: the originator checks the rest, this keeps anybody from sending it noise. */
async function checkGranted(nation: Needs, item: string, request: string): Promise<void> {
  const rows = await nation.db.selectFrom('entries').select('opening').where('item', '=', item).where('act', '=', 'grant').execute()
  const granted = rows.some(({ opening }) =>
    (JSON.parse(opening) as Opening).fields.some(({ name, value }) => name === 'request' && value === request),
  )
  if (!granted) throw new NodeError('node/absent', 'nothing is here')
}
