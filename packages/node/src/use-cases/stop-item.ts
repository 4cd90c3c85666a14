import type { Json, Signed } from '@entente/canonical'
import { type StopOrder, stopId, verifyStop } from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { officerKeys } from '../pins.ts'
import { HOME_LOG, logName } from '../trust.ts'
import { entryFor } from './entries.ts'
import { type Letter, type PostNeeds, enterWithLetters } from './post-envelope.ts'
import { type RegisteredItem, findItem, otherRenditions } from './register.ts'

/** How far an officer's device clock may be off, in seconds. */
const CLOCK_SECONDS = 120

type Needs = PostNeeds & Pick<Nation, 'db' | 'trust' | 'itemKeys' | 'notice'>

/** What became of a stop. */
export interface Stopped {
  /** Journal number at which the item named stopped. */
  readonly n: number
  /** Seconds; from then on no opening is entered. */
  readonly effective: number
  /** Every item that is stopped by it now, the one named first. */
  readonly items: readonly string[]
}

/**
 * Stops an own item for ever (spec/key-release.md, stops). It acts when it is durable here and waits for no cosignature
 * and no link; partners are told by letter when they can be reached. Stopping again changes nothing and gives the same answer.
 * Throws `node/absent`, `node/refused` (another item, serial or reason than was signed), `node/clock`, and what `verifyStop` throws.
 */
export async function stopItem(nation: Needs, item: string, ask: { readonly reason: string; readonly signed: unknown }): Promise<Stopped> {
  const { crypto, config, trust, now } = nation
  const named = await findItem(nation, item)
  if (named === undefined || named.body.originator !== config.nation) throw new NodeError('node/absent', 'nothing is here')
  const { order, officer } = await verifyStop(crypto, ask.signed, { realm: config.realm, officers: officerKeys(trust().own, now()) })
  if (order.item !== item || order.serial !== named.body.serial || order.reason !== ask.reason) {
    throw new NodeError('node/refused', 'the stop is about something else', { values: { reasons: 'exchange/statement-mismatch' } })
  }
  const others = order.wholeReport === true ? await otherRenditions(nation, named) : []
  const affected = [named, ...others.filter(({ body }) => body.originator === nation.config.nation)]
  // The register of the ledger process has the last word on what is stopped; the database only follows.
  const live: RegisteredItem[] = []
  for (const one of affected) if ((await nation.ledger.call('item', { item: one.body.item }))?.stopped !== true) live.push(one)
  if (live.length > 0) {
    // A repeated stop needs no fresh signature; one that would still change something does.
    const seconds = Math.abs(now() - order.at)
    if (seconds > CLOCK_SECONDS)
      throw new NodeError('node/clock', "the device's clock is off", { values: { seconds, limit: CLOCK_SECONDS } })
    await enterStop(nation, live, ask.signed as Signed<StopOrder>, officer)
  }
  for (const one of affected) await nation.itemKeys.destroy(one.body.item)
  return { ...(await standing(nation, item)), items: affected.map((one) => one.body.item) }
}

/** Destroys the keys of own items that are stopped: what a crash between a stop and its last step left behind. */
export async function destroyStoppedKeys(nation: Pick<Nation, 'db' | 'config' | 'itemKeys'>): Promise<void> {
  const rows = await nation.db
    .selectFrom('items')
    .select('item')
    .where('stopped', '=', 1)
    .where('originator', '=', nation.config.nation)
    .execute()
  for (const { item } of rows) if ((await nation.itemKeys.find(item)) !== undefined) await nation.itemKeys.destroy(item)
}

/** One record stops all of them; a second letter on the same link follows in a record of its own. */
async function enterStop(nation: Needs, items: readonly RegisteredItem[], signed: Signed<StopOrder>, officer: string): Promise<void> {
  const at = nation.now()
  const { reason } = signed.body
  const stop = stopId(nation.crypto, signed.body)
  const entries = items.map((one) =>
    entryFor(nation, logOf(one), at, {
      act: 'stop',
      item: one.body.item,
      serial: one.body.serial,
      statement: one.statement,
      reason,
      stop,
      officer,
    }),
  )
  const letters = items.flatMap((one): Letter[] => {
    const { basis, recipient, item, serial } = one.body
    if (basis === undefined) return []
    return [{ partner: recipient, agreement: basis.agreement, type: 'revoke', body: { item, serial, reason, effective: at } }]
  })
  const isFirstOfItsLink = (letter: Letter): boolean =>
    letters.find((other) => other.partner === letter.partner && other.agreement === letter.agreement) === letter
  await enterWithLetters(
    nation,
    {
      at,
      kind: 'stop',
      body: {
        stops: items.map((one) => one.body.item),
        facts: items.map((one) => ({ name: `stop:${one.body.item}`, value: JSON.stringify({ effective: at, signed }) })),
      },
      entries,
      effects: items.map(
        (one) => ({ effect: 'item', item: one.body.item, serial: one.body.serial, statement: one.statement, state: 'stopped' }) as const,
      ),
      conditions: [],
    },
    letters.filter(isFirstOfItsLink),
  )
  for (const letter of letters.filter((one) => !isFirstOfItsLink(one))) {
    await enterWithLetters(nation, { at, kind: 'stop-letter', body: {}, entries: [], effects: [], conditions: [] }, [letter])
  }
}

/** A stop stands where the item's other acts stand: in the partner's log if it went to one, at home otherwise. */
function logOf({ body }: RegisteredItem): string {
  return body.basis === undefined ? HOME_LOG : logName(body.basis.agreement, body.recipient)
}

async function standing(nation: Needs, item: string): Promise<{ readonly n: number; readonly effective: number }> {
  const { stopped_by: n } = await nation.db.selectFrom('items').select('stopped_by').where('item', '=', item).executeTakeFirstOrThrow()
  const fact = await nation.db.selectFrom('meta').select('value').where('name', '=', `stop:${item}`).executeTakeFirstOrThrow()
  return { n: n ?? 0, effective: (JSON.parse(fact.value) as { effective: number } & Json).effective }
}
