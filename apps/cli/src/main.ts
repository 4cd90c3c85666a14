/** The command `entente`. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { EntenteError, canonicalText, codeOf } from '@entente/canonical'
import { type Lang, hint, message } from '@entente/words'
import { type Command, type Context, type Globals, nameOf, usageError } from './command.ts'
import { commands } from './commands/index.ts'
import { CliError, EXIT, exitOf } from './errors.ts'
import { help } from './help.ts'
import { type Io, usualDir } from './io.ts'

const GLOBAL_OPTIONS = {
  json: { type: 'boolean' },
  lang: { type: 'string' },
  dir: { type: 'string' },
  nation: { type: 'string' },
  as: { type: 'string' },
  mark: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Runs one command line; gives the exit code. Throws nothing: what goes wrong is told on `stderr`. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const lang = languageOf(args, io.env)
  try {
    if (args[0] === 'demo') {
      const { demo } = await import('./demo/index.ts')
      return await demo(args.slice(1), io)
    }
    return await dispatch(args, io, lang)
  } catch (error) {
    return tell(error, io, lang)
  }
}

async function dispatch(args: readonly string[], io: Io, lang: Lang): Promise<number> {
  const words = args.filter((word, at) => !word.startsWith('-') && !isValue(args, at))
  if (words.length === 0) {
    io.stdout.write(help(lang))
    return EXIT.done
  }
  const asked = words[0] === 'help' ? [...args.slice(args.indexOf('help') + 1), '--help'] : args
  if (words[0] === 'help' && words.length === 1) {
    io.stdout.write(help(lang))
    return EXIT.done
  }
  const group = words.length === (words[0] === 'help' ? 2 : 1) ? help(lang, words.at(-1)) : ''
  if (group !== '' && asked.some((word) => word === '--help' || word === '-h')) {
    io.stdout.write(group)
    return EXIT.done
  }
  const found = findCommand(asked)
  if (found === undefined)
    throw new CliError('cli/unknown-command', `no command \`${words.slice(0, 2).join(' ')}\``, {
      values: { command: words.slice(0, 2).join(' ') },
    })
  const { command, rest } = found
  const { values, positionals } = parsed(command, rest)
  if (values['help'] === true) {
    io.stdout.write(`entente ${command.usage}\n${command.about[lang]}\n`)
    return EXIT.done
  }
  const globals = globalsOf(values, io, lang)
  const context: Context = {
    io,
    globals,
    positionals,
    options: values,
    result(value, lines) {
      io.stdout.write(
        globals.json
          ? `${canonicalText(value)}\n`
          : lines()
              .map((line) => `${line}\n`)
              .join(''),
      )
    },
  }
  return command.run(context)
}

/** A command's name is one word or two; options may stand before, between and behind. */
function findCommand(args: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } | undefined {
  const places = args.flatMap((word, at) => (word.startsWith('-') || isValue(args, at) ? [] : [at]))
  const [first, second] = places
  if (first === undefined) return undefined
  const two = second === undefined ? undefined : commands[`${args[first] ?? ''} ${args[second] ?? ''}`]
  if (two !== undefined) return { command: two, rest: args.filter((_, at) => at !== first && at !== second) }
  const one = commands[args[first] ?? '']
  return one === undefined ? undefined : { command: one, rest: args.filter((_, at) => at !== first) }
}

/** Whether the word at this place belongs to a global option before it. */
function isValue(args: readonly string[], at: number): boolean {
  const before = args[at - 1] ?? ''
  return ['--lang', '--dir', '--nation', '--as'].includes(before)
}

function parsed(
  command: Command,
  args: readonly string[],
): { values: Record<string, string | boolean | string[] | undefined>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: { ...command.options, ...GLOBAL_OPTIONS },
    })
    return { values: values as Record<string, string | boolean | string[] | undefined>, positionals }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const unknown = (cause as NodeJS.ErrnoException).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-[^' ]+)/u.exec(why)?.[1] : undefined
    throw unknown === undefined ? usageError(command) : new CliError('cli/usage', why, { values: { unknown, command: nameOf(command) } })
  }
}

function globalsOf(values: Record<string, unknown>, io: Io, lang: Lang): Globals {
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined)
  return {
    lang,
    json: values['json'] === true || io.stdout.isTTY !== true,
    dir: resolve(text('dir') ?? usualDir(io.env)),
    nation: text('nation')?.toLowerCase(),
    as: text('as'),
    mark: values['mark'] === true,
  }
}

function languageOf(args: readonly string[], env: Io['env']): Lang {
  const at = args.indexOf('--lang')
  const asked = args.find((word) => word.startsWith('--lang='))?.slice('--lang='.length) ?? (at === -1 ? undefined : args[at + 1])
  if (asked === 'ja' || asked === 'en') return asked
  return (env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '').startsWith('ja') ? 'ja' : 'en'
}

/** Three lines: what, what to do, the code to quote. What is absent or refused reads alike whoever asks. */
function tell(error: unknown, io: Io, lang: Lang): number {
  if (!(error instanceof EntenteError)) {
    io.stderr.write(
      `error: ${message(lang, 'cli/bug')}\nhint: ${hint(lang, 'cli/bug') ?? ''}\ncode: cli/bug\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    return EXIT.bug
  }
  const code = codeOf(error)
  const what = message(lang, code, error.values)
  const next = hint(lang, code, error.values)
  io.stderr.write(`error: ${what}\n${next === null ? '' : `hint: ${next}\n`}code: ${code}\n`)
  return exitOf(code)
}

if (import.meta.main) {
  const io: Io = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env }
  process.exitCode = await main(process.argv.slice(2), io)
}
