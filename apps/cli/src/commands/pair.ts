import { buffer } from 'node:stream/consumers'
import { type Command, answer } from '../command.ts'
import { usage } from '../errors.ts'
import { readBytes } from '../files.ts'
import { type NationCommand, runNationCommand } from '../nation-command.ts'
import { EXIT } from '../problem.ts'
import { membersOf } from './report-damage.ts'

/** The steps of a pairing, in the order in which two administrators take them. */
const STEPS: Readonly<Record<string, NationCommand>> = {
  statement: 'statement',
  commit: 'pairing-commitment',
  words: 'pairing-words',
  sign: 'sign-agreement',
  accept: 'pair',
  peers: 'peers',
}

/** `entente pair`: one step of pairing two nations; people compare the words before `accept`. */
export const command: Command = {
  usage: `pair ${Object.keys(STEPS).join('|')} FOLDER [INPUT.json]   (without a file: from standard input)`,
  summary: { en: 'pair two nations, step by step', ja: '二国のノードを組み合わせる' },
  positionals: [2, 3],
  async run(given) {
    const [step = '', folder = '', file] = given.positionals
    const name = Object.hasOwn(STEPS, step) ? STEPS[step] : undefined
    if (name === undefined) throw usage(given.command, Object.keys(STEPS).join('|'))
    const input = name === 'pairing-commitment' ? undefined : file === undefined ? await buffer(given.io.stdin) : await readBytes(file)
    const done = await runNationCommand(name, folder, input)
    answer(given, done, membersOf(done))
    return EXIT.done
  },
}
