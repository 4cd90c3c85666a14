import { submitDraft } from '@entente/client'
import { type Command, answer } from '../command.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente report submit`: gives a draft to review. */
export const command: Command = {
  usage: 'report submit DRAFT --as AUTHOR',
  summary: { en: 'give a draft to review', ja: '下書きを審査に出す' },
  positionals: [1, 1],
  async run(given) {
    const { api } = await personGiven(given)
    const draft = given.positionals[0] ?? ''
    await submitDraft(api, draft)
    answer(given, { id: draft, state: 'review' }, [draft])
    return EXIT.done
  },
}
