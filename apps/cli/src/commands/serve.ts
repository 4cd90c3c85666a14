import type { Command } from '../command.ts'
import { serveNation } from '../nation-command.ts'
import { nationGiven } from '../person.ts'

/** `entente serve`: runs a nation's node until it is stopped. */
export const command: Command = {
  usage: 'serve --nation NATION [--dir DIR]',
  summary: { en: "run a nation's node", ja: '国のノードを動かす' },
  positionals: [0, 0],
  async run(given) {
    return serveNation((await nationGiven(given)).folder)
  },
}
