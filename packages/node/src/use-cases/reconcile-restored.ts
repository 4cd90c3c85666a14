import { rm } from 'node:fs/promises'
import { restorationId, verifyRestoration } from '@entente/exchange'
import { type RestoredMark, readRestoredMark } from '../backup/restore.ts'
import { pathsOf } from '../config.ts'
import { NodeError } from '../errors.ts'
import { syncDirectory } from '../journal/journal.ts'
import type { Closure } from '../ledger/log.ts'
import type { Nation } from '../nation.ts'
import { officerKeys } from '../pins.ts'
import { HOME_LOG } from '../trust.ts'
import { entryFor } from './entries.ts'

type Needs = Pick<Nation, 'crypto' | 'config' | 'dir' | 'trust' | 'ledger' | 'enter' | 'now'>

/** How far an officer's device clock may be off, in seconds. */
const CLOCK_SECONDS = 120

/** Where a restored node stands. `restored` is missing on a node that was not, or that goes on already. */
export interface Restoration {
  readonly restored?: RestoredMark
  readonly logs: readonly { readonly log: string; readonly size: number; readonly closure?: Closure }[]
}

/** What an officer must know before accepting: when the backup was made, and what each witness says of its log. */
export async function restorationOf(nation: Pick<Needs, 'dir' | 'ledger'>): Promise<Restoration> {
  const restored = await readRestoredMark(nation.dir)
  await nation.ledger.call('reconcile', {})
  const { logs, closures } = await nation.ledger.call('status', {})
  return {
    ...(restored === undefined ? {} : { restored }),
    logs: logs.map(({ log, size }) => ({ log, size, ...(closures[log] === undefined ? {} : { closure: closures[log] }) })),
  }
}

/**
 * Ends the quarantine on an officer's signed word, once every witness says that it saw no more than is here. The act is an entry of the
 * home log. Throws `node/absent` (not restored), `node/behind` (`log`), `node/clock`, `node/refused` (of another backup), and what
 * `verifyRestoration` throws.
 */
export async function acceptRestoration(nation: Needs, signed: unknown): Promise<{ readonly n: number }> {
  const { crypto, config, trust, now, dir } = nation
  const { restored, logs } = await restorationOf(nation)
  if (restored === undefined) throw new NodeError('node/absent', 'nothing was restored here')
  const { order, officer } = await verifyRestoration(crypto, signed, { realm: config.realm, officers: officerKeys(trust().own, now()) })
  if (order.nation !== config.nation || order.made !== restored.made || order.records !== restored.records)
    throw new NodeError('node/refused', 'the order is about another backup', { values: { reasons: 'exchange/statement-mismatch' } })
  const seconds = Math.abs(order.at - now())
  if (seconds > CLOCK_SECONDS)
    throw new NodeError('node/clock', 'the order is of another time', { values: { seconds, limit: CLOCK_SECONDS } })
  const shut = logs.find(({ closure }) => closure !== undefined && closure !== 'quarantine')
  if (shut !== undefined)
    throw new NodeError('node/behind', 'a witness saw more than is here, or could not be asked', { values: { log: shut.log } })
  const at = now()
  const { made, records } = restored
  const entry = entryFor(nation, HOME_LOG, at, { act: 'reconcile', made, records, order: restorationId(crypto, order), officer })
  const { n } = await nation.enter({ at, kind: 'reconcile', body: {}, entries: [entry], effects: [], conditions: [] })
  // After the act is durable: a crash before this line leaves the node closed, and the act may be done again.
  await rm(pathsOf(dir).restored, { force: true })
  await syncDirectory(dir)
  await nation.ledger.call('lift', {})
  return { n }
}
