import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { type Json, readJson, utf8 } from '@entente/canonical'
import { type Command, type Context, textOption, usageError } from '../command.ts'
import { readGiven } from '../data.ts'
import { EXIT } from '../errors.ts'
import { runNode, serveNode } from '../node-process.ts'

/** `serve`: one nation's node in the foreground. */
export const serve: Command = {
  usage: 'serve DIRECTORY',
  about: { en: "runs one nation's node until it is stopped", ja: '一国のノードを、停止されるまで動かす' },
  options: {},
  run: (context) => serveNode(directory(context, serve)),
}

/** `init`: a nation's directory with all its keys, from a description. */
export const init: Command = {
  usage: 'init DIRECTORY --from FILE.json',
  about: { en: "makes a nation's directory: keys, certificate, configuration", ja: '国のディレクトリを作る（鍵、証明書、設定）' },
  options: { from: { type: 'string' } },
  async run(context) {
    const made = await runNode('init', directory(context, init), await given(context, 'from', init))
    context.result(made, () => [directory(context, init)])
    return EXIT.done
  },
}

/** `pair`: statement, commitment, words, and at last the pairing itself, each a step that two people take together. */
export const pair: Command = {
  usage: 'pair statement|commitment|words|sign|finish DIRECTORY [--from FILE.json]',
  about: {
    en: 'pairs two nations: statements, six words to compare, agreement',
    ja: '二国を組み合わせる（鍵告知、照合する六つの言葉、取決め）',
  },
  options: { from: { type: 'string' } },
  async run(context) {
    const [step, dir] = context.positionals
    const commands = {
      statement: 'statement',
      commitment: 'pairing-commitment',
      words: 'pairing-words',
      sign: 'sign-agreement',
      finish: 'pair',
    } as const
    const command = step !== undefined && Object.hasOwn(commands, step) ? commands[step as keyof typeof commands] : undefined
    if (command === undefined || dir === undefined) throw usageError(pair)
    const answer = await runNode(command, dir, command === 'pairing-commitment' ? undefined : await given(context, 'from', pair))
    const words = (answer as { words?: Json }).words
    context.result(answer, () => [Array.isArray(words) ? words.join(' ') : JSON.stringify(answer)])
    return EXIT.done
  },
}

function directory(context: Context, command: Command): string {
  const [dir] = context.positionals
  if (dir === undefined) throw usageError(command)
  return dir
}

async function given(context: Context, option: string, command: Command): Promise<Json> {
  const path = textOption(context, option)
  if (path === undefined) throw usageError(command)
  const bytes = path === '-' ? utf8(await text(Readable.from(context.io.stdin))) : await readGiven(path)
  return readJson(bytes, 16_777_216)
}
