import { buffer } from 'node:stream/consumers'
import { type Command, answer } from '../command.ts'
import { readBytes } from '../files.ts'
import { runNationCommand } from '../nation-command.ts'
import { EXIT } from '../problem.ts'
import { membersOf } from './report-damage.ts'

/** `entente init`: makes a nation's directory from a description (realm, nation, domain, listeners, people). */
export const command: Command = {
  usage: 'init FOLDER [DESCRIPTION.json]   (without a file: from standard input)',
  summary: { en: "make a nation's directory and its keys", ja: '国のディレクトリと鍵を作る' },
  positionals: [1, 2],
  async run(given) {
    const [folder = '', file] = given.positionals
    const made = await runNationCommand('init', folder, file === undefined ? await buffer(given.io.stdin) : await readBytes(file))
    answer(given, made, membersOf(made))
    return EXIT.done
  },
}
