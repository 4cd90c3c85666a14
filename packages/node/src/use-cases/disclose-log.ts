import { type Opening, printDisclosure } from '@entente/ledger'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { HOME_LOG } from '../trust.ts'
import { entryFor } from './entries.ts'

/**
 * Everything that stands in a log, for an auditor: every entry with its full opening, as a disclosure file. That it was
 * asked for is entered at home first, so that a disclosure of the home log shows itself too. Throws `node/absent`.
 */
export async function discloseLog(
  nation: Pick<Nation, 'crypto' | 'config' | 'db' | 'ledger' | 'enter' | 'now'>,
  log: string,
  auditor: string,
): Promise<Uint8Array> {
  const { logs } = await nation.ledger.call('status', {})
  const known = logs.find((one) => one.log === log)
  if (known === undefined) throw new NodeError('node/absent', 'nothing is here')
  const at = nation.now()
  const entry = entryFor(nation, HOME_LOG, at, { act: 'disclose', log, person: auditor })
  await nation.enter({ at, kind: 'disclose', body: {}, entries: [entry], effects: [], conditions: [] })
  const rows = await nation.db.selectFrom('entries').select(['position', 'opening']).where('log', '=', log).orderBy('position').execute()
  return printDisclosure({
    log: known.origin,
    entries: rows.map(({ position, opening }) => ({ index: position, opening: JSON.parse(opening) as Opening })),
  })
}
