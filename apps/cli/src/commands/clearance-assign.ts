import { enterAct } from '@entente/client'
import { deskGiven } from '../clearance-desk.ts'
import { type Command, answer, inDays } from '../command.ts'
import { usage } from '../errors.ts'
import { EXIT } from '../problem.ts'

/** `entente clearance assign`: need to know, an area in a role for these purposes. */
export const command: Command = {
  usage: 'clearance assign PERSON --area AREA --role ROLE --purpose PURPOSE… --as CLEARANCE-OFFICER [--days N]',
  summary: { en: 'assign an area: need to know', ja: '分野を割り当てる（知る必要性）' },
  options: { area: { type: 'string' }, role: { type: 'string' }, purpose: { type: 'string', multiple: true }, days: { type: 'string' } },
  positionals: [1, 1],
  async run(given) {
    const [area, role] = [given.text('area'), given.text('role') ?? 'analyst']
    if (area === undefined) throw usage(given.command, '--area')
    const person = given.positionals[0] ?? ''
    const content = { act: 'assign', person, area, role, purposes: given.texts('purpose'), until: inDays(given.text('days'), 365) } as const
    const number = await enterAct(await deskGiven(given), content)
    answer(given, { number, person }, [`${number}  ${person}  ${area}`])
    return EXIT.done
  },
}
