import { giveEnrolmentCode } from '@entente/client'
import { deskGiven } from '../clearance-desk.ts'
import { type Command, answer } from '../command.ts'
import { EXIT } from '../problem.ts'

/** `entente clearance code`: a code that a person enrols a device with; to be handed over by hand. */
export const command: Command = {
  usage: 'clearance code PERSON --as CLEARANCE-OFFICER',
  summary: { en: 'make a code for enrolling a device', ja: '端末登録の符号を作る' },
  positionals: [1, 1],
  async run(given) {
    const person = given.positionals[0] ?? ''
    const code = await giveEnrolmentCode(await deskGiven(given), person)
    answer(given, { person, code }, [code])
    return EXIT.done
  },
}
