import type { Json } from '@entente/canonical'
import type { Lang } from '@entente/words'
import { CliError } from './errors.ts'
import type { Io } from './io.ts'

/** Options that every command understands. */
export interface Globals {
  readonly lang: Lang
  /** JSON on standard output: asked for, or because it is no terminal. */
  readonly json: boolean
  /** Directory of the demonstration, or of nations made with `init`. */
  readonly dir: string
  readonly nation: string | undefined
  /** The person to act as (demonstration). */
  readonly as: string | undefined
  /** Marked text may go to this terminal. */
  readonly mark: boolean
}

/** What a command gets. */
export interface Context {
  readonly io: Io
  readonly globals: Globals
  /** Words after the command's name, options taken out. */
  readonly positionals: readonly string[]
  /** The command's own options, as `parseArgs` gives them. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  /** Prints a result: one JSON line, or the lines for people. */
  result(value: Json, lines: () => readonly string[]): void
}

/** One command: its options, one line of help in both languages, and what it does; gives the exit code. */
export interface Command {
  readonly usage: string
  readonly about: { readonly en: string; readonly ja: string }
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>
  run(context: Context): Promise<number>
}

/** A text option; `undefined` where it was not given. */
export function textOption(context: Context, name: string): string | undefined {
  const value = context.options[name]
  return typeof value === 'string' ? value : undefined
}

/** Values of an option that may stand more than once. */
export function listOption(context: Context, name: string): readonly string[] {
  const value = context.options[name]
  return Array.isArray(value) ? (value as readonly string[]) : []
}

/** A `cli/usage` that says how the command is written. */
export function usageError(command: Pick<Command, 'usage'>): CliError {
  return new CliError('cli/usage', command.usage, { values: { usage: `\`${command.usage}\``, command: nameOf(command) } })
}

/** The one word that a command needs; `cli/usage` where it is missing. */
export function one(context: Context, command: Pick<Command, 'usage'>): string {
  const [word] = context.positionals
  if (word === undefined) throw usageError(command)
  return word
}

/** A command's name: the words of its usage before the first argument or option. */
export function nameOf(command: Pick<Command, 'usage'>): string {
  return command.usage.replace(/ [[A-Z-].*$/u, '').replace(/ \S*\|.*$/u, '')
}
