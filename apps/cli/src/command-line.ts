import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { Lang } from '@entente/words'
import { COMMANDS, type CommandName } from './commands.ts'
import type { Command, CommonOptions, Given, Io } from './command.ts'
import { CliError, usage } from './errors.ts'
import { commandHelp, overview } from './help.ts'
import { EXIT, exitOf, problemText } from './problem.ts'

const COMMON = {
  json: { type: 'boolean' },
  mark: { type: 'boolean' },
  lang: { type: 'string' },
  dir: { type: 'string' },
  nation: { type: 'string' },
  as: { type: 'string' },
  nations: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig

/** Runs `entente ARGS`; gives the exit code. Never throws: what went wrong is told on `stderr` in three lines. */
export async function runCommandLine(args: readonly string[], io: Io): Promise<number> {
  const lang = languageOf(args, io.env)
  try {
    return await dispatch(args, io, lang)
  } catch (error) {
    io.stderr.write(problemText(lang, error))
    return exitOf(error)
  }
}

async function dispatch(args: readonly string[], io: Io, lang: Lang): Promise<number> {
  const rest = withoutLang(args)
  const [first] = rest
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && rest.length === 1)) {
    io.stdout.write(await overview(lang))
    return EXIT.done
  }
  if (first === 'demo') {
    const { demo } = await import('./demo/index.ts')
    return demo([...args.filter((argument, at) => at !== args.indexOf('demo'))], io)
  }
  const asked = first === 'help' ? rest.slice(1) : rest
  const name = commandNamed(asked)
  const { command } = await COMMANDS[name]()
  if (first === 'help') {
    io.stdout.write(commandHelp(lang, command))
    return EXIT.done
  }
  return runOne(name, command, asked.slice(name.split(' ').length), io, lang)
}

function commandNamed(args: readonly string[]): CommandName {
  const two = args.slice(0, 2).join(' ')
  for (const name of [two, args[0] ?? '']) if (Object.hasOwn(COMMANDS, name)) return name as CommandName
  const names = Object.keys(COMMANDS)
  const near = names.find((name) => name.split(' ')[0] === args[0]) ?? names.find((name) => distance(name, two) <= 2 || distance(name, args[0] ?? '') <= 2)
  const values = { command: two.slice(0, 64), ...(near === undefined ? {} : { nearest: near }) }
  throw new CliError('cli/command-unknown', 'no such command', { values })
}

/** How many letters must be put in, taken out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    row = next
  }
  return row[b.length] ?? 0
}

async function runOne(name: CommandName, command: Command, args: readonly string[], io: Io, lang: Lang): Promise<number> {
  const { values, positionals } = parsed(name, command, args)
  if (values['help'] === true) {
    io.stdout.write(commandHelp(lang, command))
    return EXIT.done
  }
  const [least, most] = command.positionals
  if (positionals.length < least || positionals.length > most) throw usage(name, command.usage)
  const text = (option: string): string | undefined => {
    const value = values[option]
    return typeof value === 'string' ? value : undefined
  }
  const given: Given = {
    command: name,
    io,
    options: commonOptions(values, text, io, lang),
    positionals,
    text,
    texts: (option) => (Array.isArray(values[option]) ? values[option].filter((value) => typeof value === 'string') : []),
    on: (option) => values[option] === true,
  }
  return command.run(given)
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function parsed(name: string, command: Command, args: readonly string[]): { readonly values: Values; readonly positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: { ...COMMON, ...command.options }, allowPositionals: true, strict: true })
  } catch (cause) {
    throw usage(name, cause instanceof Error ? (cause.message.split('.')[0] ?? '') : String(cause))
  }
}

function commonOptions(values: Values, text: (name: string) => string | undefined, io: Io, lang: Lang): CommonOptions {
  const [nation, as, nations] = [text('nation'), text('as'), text('nations')]
  return {
    // A program reads what goes into a pipe.
    json: values['json'] === true || io.stdout.isTTY !== true,
    mark: values['mark'] === true,
    lang,
    dir: resolve(text('dir') ?? io.env['ENTENTE_DIR'] ?? join(homedir(), '.entente', 'demo')),
    ...(nation === undefined ? {} : { nation }),
    ...(as === undefined ? {} : { as }),
    ...(nations === undefined ? {} : { nations: resolve(nations) }),
  }
}

/** `--lang`, else what the system says. */
function languageOf(args: readonly string[], env: Io['env']): Lang {
  const at = args.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='))
  const asked = at === -1 ? undefined : (args[at]?.split('=')[1] ?? args[at + 1])
  const said = asked ?? env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? ''
  return said.startsWith('ja') ? 'ja' : 'en'
}

/** Arguments without the language, which may stand before the command. */
function withoutLang(args: readonly string[]): readonly string[] {
  const at = args.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='))
  if (at === -1) return args
  return [...args.slice(0, at), ...args.slice(at + (args[at] === '--lang' ? 2 : 1))]
}
