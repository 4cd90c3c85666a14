import type { Json } from '@entente/canonical'
import type { Lang } from '@entente/words'
import type { ParseArgsOptionsConfig } from 'node:util'

/** Where a command reads and writes. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean }
  readonly stderr: { write(text: string): unknown }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly json: boolean
  readonly mark: boolean
  readonly lang: Lang
  /** Directory with the nations and the people's devices. */
  readonly dir: string
  /** As given: a nation's code or its folder. */
  readonly nation?: string
  /** Id of the person whose device is used. */
  readonly as?: string
  /** Folder with the nations' marking schemes. */
  readonly nations?: string
}

/** A command as it was called. */
export interface Given {
  readonly command: string
  readonly io: Io
  readonly options: CommonOptions
  readonly positionals: readonly string[]
  /** The command's own options: text, several texts, or a switch. */
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  on(name: string): boolean
}

/** One command of the command line. */
export interface Command {
  /** After `entente `. */
  readonly usage: string
  readonly summary: Readonly<Record<Lang, string>>
  readonly options?: ParseArgsOptionsConfig
  /** How many arguments stand without a name. */
  readonly positionals: readonly [least: number, most: number]
  /** Gives the exit code. */
  run(given: Given): Promise<number>
}

/** Writes a result: the JSON where that is asked for or a program reads, else lines for a person. */
export function answer(given: Given, result: unknown, lines: readonly string[]): void {
  const { stdout } = given.io
  stdout.write(given.options.json ? `${JSON.stringify(result as Json)}\n` : lines.map((line) => `${line}\n`).join(''))
}

/** Seconds since 1970 as `2026-01-31 09:05 UTC`. */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** A name in the reader's language, or in the other one where there is only that. */
export function named(lang: Lang, names: { readonly en?: string; readonly ja?: string }): string {
  return names[lang] ?? names.en ?? names.ja ?? ''
}

/** The machine's clock: seconds since 1970. */
export function clock(): number {
  return Math.floor(Date.now() / 1000)
}

/** Days from now, as an instant. */
export function inDays(days: string | undefined, otherwise: number): number {
  return clock() + Math.max(1, Math.min(3_650, Number(days ?? otherwise) || otherwise)) * 86_400
}
