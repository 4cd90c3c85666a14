import { ClientError, openItem } from '@entente/client'
import { readContainer } from '@entente/container'
import { nodeCrypto } from '@entente/crypto-node'
import type { Command } from '../command.ts'
import { fileScratch, openFile } from '../files.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'
import { checkMayShow, showReport } from '../show-report.ts'

/** `entente container open`: opens a container that was kept, with the reader's own login and as `report open` does. */
export const command: Command = {
  usage: 'container open FILE --as PERSON --purpose PURPOSE [--mark] [--out DIR]',
  summary: { en: 'open a saved container', ja: '保存した封緘ファイルを開く' },
  options: { purpose: { type: 'string' }, out: { type: 'string' } },
  positionals: [1, 1],
  async run(given) {
    checkMayShow(given)
    await using saved = await openFile(given.positionals[0] ?? '')
    const item = (await readContainer(nodeCrypto, saved)).statement?.body.item
    if (item === undefined) throw new ClientError('client/container-foreign', 'no release statement in the container')
    const { client, device, policies } = await personGiven(given)
    const opened = await openItem(await client(), {
      item,
      purpose: given.text('purpose') ?? 'reading',
      holder: (originator) => device.holder(originator),
      scratch: fileScratch,
      saved,
    })
    await showReport(given, opened, policies)
    return EXIT.done
  },
}
