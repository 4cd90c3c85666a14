import { fetchContainer, readItem, streamOf, verifyItem } from '@entente/client'
import { type Command, answer } from '../command.ts'
import { usage } from '../errors.ts'
import { fileScratch, writeNew } from '../files.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente report save`: keeps an item's container, sealed as it is; `container open` opens it later. */
export const command: Command = {
  usage: 'report save ITEM --as PERSON --out FILE [--purpose PURPOSE]',
  summary: { en: 'keep an item as a sealed container', ja: '項目を封緘されたまま保存する' },
  options: { out: { type: 'string' }, purpose: { type: 'string' } },
  positionals: [1, 1],
  async run(given) {
    const file = given.text('out')
    if (file === undefined) throw usage(given.command, '--out FILE')
    const person = await personGiven(given)
    const client = await person.client()
    const view = await readItem(client, given.positionals[0] ?? '', given.text('purpose'))
    const scratch = await fetchContainer(client, view, fileScratch)
    try {
      await verifyItem(client, view, scratch)
      await writeNew(file, streamOf(scratch))
    } finally {
      await scratch.remove()
    }
    answer(given, { item: view.item, file, ...view.container }, [file, view.container.sha256])
    return EXIT.done
  },
}
