import { releaseReport } from '@entente/client'
import { type Command, answer } from '../command.ts'
import { fileScratch } from '../files.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente report release`: seals and signs on the officer's device, and releases. */
export const command: Command = {
  usage: 'report release DRAFT --to NATION… --as OFFICER',
  summary: { en: 'seal, sign and release a report', ja: '報告を封緘・署名して提供する' },
  options: { to: { type: 'string', multiple: true } },
  positionals: [1, 1],
  async run(given) {
    const { client, device } = await personGiven(given)
    const officer = await device.officer()
    const outcome = await releaseReport(await client(), {
      draft: given.positionals[0] ?? '',
      to: given.texts('to').map((nation) => nation.toUpperCase()),
      officer,
      scratch: fileScratch,
      progress({ rendition, renditions, recipient, step, bytes, size }) {
        if (given.options.json) return
        const share = bytes === undefined || size === undefined || size === 0 ? '' : ` ${Math.floor((bytes / size) * 100)} %`
        given.io.stderr.write(`${rendition}/${renditions} ${recipient} ${step}${share}\n`)
      },
    })
    answer(given, outcome, outcome.items.map(({ item, recipient }) => `${recipient}  ${item}`))
    return EXIT.done
  },
}
