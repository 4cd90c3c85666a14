import { enterAct } from '@entente/client'
import { deskGiven } from '../clearance-desk.ts'
import { type Command, answer, clock, inDays } from '../command.ts'
import { usage } from '../errors.ts'
import { EXIT } from '../problem.ts'

/** `entente clearance grant`: the own office grants a clearance. */
export const command: Command = {
  usage: 'clearance grant PERSON --level LEVEL --citizenship NATION… --as CLEARANCE-OFFICER [--days N]',
  summary: { en: 'grant a clearance', ja: 'クリアランスを与える' },
  options: { level: { type: 'string' }, citizenship: { type: 'string', multiple: true }, days: { type: 'string' } },
  positionals: [1, 1],
  async run(given) {
    const clearance = given.text('level')
    const citizenships = given.texts('citizenship').map((nation) => nation.toUpperCase())
    if (clearance === undefined || citizenships.length === 0) throw usage(given.command, '--level, --citizenship')
    const person = given.positionals[0] ?? ''
    const number = await enterAct(await deskGiven(given), {
      act: 'grant',
      person,
      clearance,
      citizenships,
      validFrom: clock(),
      validUntil: inDays(given.text('days'), 365),
    })
    answer(given, { number, person }, [`${number}  ${person}  ${clearance}`])
    return EXIT.done
  },
}
