import { enterAct } from '@entente/client'
import { deskGiven } from '../clearance-desk.ts'
import { type Command, answer } from '../command.ts'
import { EXIT } from '../problem.ts'

/** `entente clearance withdraw`: takes a clearance back; the next opening is refused. */
export const command: Command = {
  usage: 'clearance withdraw PERSON --as CLEARANCE-OFFICER',
  summary: { en: 'withdraw a clearance', ja: 'クリアランスを取り消す' },
  positionals: [1, 1],
  async run(given) {
    const person = given.positionals[0] ?? ''
    const number = await enterAct(await deskGiven(given), { act: 'withdraw', person })
    answer(given, { number, person }, [`${number}  ${person}`])
    return EXIT.done
  },
}
