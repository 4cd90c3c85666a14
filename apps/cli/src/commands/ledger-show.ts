import { type Json, type Shape, shapes } from '@entente/canonical'
import { readEvidence, verifyEntries } from '@entente/client'
import { type Command, type Given, answer, timeText } from '../command.ts'
import { type Person, personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'
import { membersOf } from './report-damage.ts'

/** `entente ledger show`: the own logs; or every entry about one item, verified against the device's pins. */
export const command: Command = {
  usage: 'ledger show --as AUDITOR [--item ITEM]',
  summary: { en: 'the own logs, or the verified entries about an item', ja: '自国の記録簿、または項目に関する記載を検証して表示する' },
  options: { item: { type: 'string' } },
  positionals: [0, 0],
  async run(given) {
    const person = await personGiven(given)
    const item = given.text('item')
    if (item !== undefined) return showItem(given, person, item)
    const status = await person.api.get('/api/ledger', shapes.json as Shape<Json>)
    answer(given, status, membersOf(status))
    return EXIT.done
  },
}

async function showItem(given: Given, person: Person, item: string): Promise<number> {
  const client = await person.client()
  const checked = await verifyEntries(client, await readEvidence(client, item))
  const entries = checked.map((one) => ({
    log: one.entry.log,
    index: one.entry.index,
    act: one.entry.act,
    at: one.entry.at,
    state: one.state,
    ...(one.state === 'wrong' ? { code: one.code } : {}),
    ...(one.state === 'proven' ? { leaf: one.proven.leafHash, fields: one.proven.fields } : {}),
  }))
  answer(given, { item, entries }, entries.map((one) => `${timeText(one.at)}  ${one.log} ${one.index}  ${one.act}  ${one.state}${'code' in one ? ` ${one.code}` : ''}`))
  return entries.some(({ state }) => state === 'wrong') ? EXIT.notVerified : EXIT.done
}
