import { listItems } from '@entente/client'
import { type Command, answer, named, timeText } from '../command.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente report list`: what the person may know of. */
export const command: Command = {
  usage: 'report list --as PERSON [--purpose PURPOSE]',
  summary: { en: 'what a reader may know of', ja: '閲覧者に見える項目の一覧' },
  options: { purpose: { type: 'string' } },
  positionals: [0, 0],
  async run(given) {
    const person = await personGiven(given)
    const items = await listItems(person, given.text('purpose'))
    answer(
      given,
      { items },
      items.flatMap((one) => [
        `${one.item}  ${one.marking}${one.equivalent === undefined ? '' : `  (= ${one.equivalent})`}`,
        `    ${named(given.options.lang, one.card.title)}  ${one.originator}  ${one.card.area}  – ${timeText(one.expires)}`,
      ]),
    )
    return EXIT.done
  },
}
