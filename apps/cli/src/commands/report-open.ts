import { openItem } from '@entente/client'
import type { Command } from '../command.ts'
import { fileScratch } from '../files.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'
import { checkMayShow, showReport } from '../show-report.ts'

/** `entente report open`: verifies an item, asks both nations for its key, shows the report. */
export const command: Command = {
  usage: 'report open ITEM --as PERSON --purpose PURPOSE [--mark] [--out DIR]',
  summary: { en: 'open an item; both nations enter it in their ledgers', ja: '項目を開く（両国の記録簿に記載される）' },
  options: { purpose: { type: 'string' }, out: { type: 'string' } },
  positionals: [1, 1],
  async run(given) {
    checkMayShow(given)
    const { client, device, policies } = await personGiven(given)
    const opened = await openItem(await client(), {
      item: given.positionals[0] ?? '',
      purpose: given.text('purpose') ?? 'reading',
      holder: (originator) => device.holder(originator),
      scratch: fileScratch,
    })
    await showReport(given, opened, policies)
    return EXIT.done
  },
}
