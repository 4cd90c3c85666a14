import { type Shape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import { type Command, answer } from '../command.ts'
import { usage } from '../errors.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

const numbered: Shape<{ readonly number: number }> = v.object({ number: shapes.natural })

/** `entente roster send`: how many own people could read, in counts, to a partner. */
export const command: Command = {
  usage: 'roster send --agreement AGREEMENT --to NATION --as OFFICER',
  summary: { en: 'tell a partner how many could read', ja: '読むことができる人数を相手国に知らせる' },
  options: { agreement: { type: 'string' }, to: { type: 'string' } },
  positionals: [0, 0],
  async run(given) {
    const [agreement, to] = [given.text('agreement'), given.text('to')?.toUpperCase()]
    if (agreement === undefined || to === undefined) throw usage(given.command, '--agreement, --to')
    const { api } = await personGiven(given)
    const sent = await api.post('/api/rosters', { agreement, to }, numbered)
    answer(given, sent, [`${sent.number}`])
    return EXIT.done
  },
}
