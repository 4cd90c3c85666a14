import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { EntenteError, type Json, codeOf, readJson, utf8 } from '@entente/canonical'
import { type Label, readWideLabel } from '@entente/label'
import { hint, message } from '@entente/words'
import { type Context, textOption, usageError } from './command.ts'
import { CliError, EXIT } from './errors.ts'

/** What a line became: its object, and how people are told. */
export interface Answer {
  readonly value: Json
  readonly words: string
  /** The answer is no: the command ends with `EXIT.refused`. */
  readonly refused?: boolean
}

/** Every line of the files, or of standard input where there are none; empty lines are left out. */
export async function* linesOf(context: Context, files: readonly string[]): AsyncGenerator<string> {
  const streams = files.length === 0 ? [Readable.from(context.io.stdin)] : files.map((path) => createReadStream(path))
  for (const [index, input] of streams.entries()) {
    const path = files[index] ?? ''
    try {
      for await (const line of createInterface({ input })) if (line.trim() !== '') yield line
    } catch (cause) {
      throw new CliError('cli/file', `cannot read ${path}`, { cause, values: { path, why: codeOf(cause) } })
    }
  }
}

/** Answers every line in turn, one object a line; what is refused is an answer too. Gives the exit code. */
export async function answerLines(
  context: Context,
  lines: AsyncIterable<string> | Iterable<string>,
  answer: (line: string) => Promise<Answer> | Answer,
): Promise<number> {
  let exit: number = EXIT.done
  for await (const line of lines) {
    let given: Answer
    try {
      given = await answer(line)
    } catch (error) {
      if (!(error instanceof EntenteError)) throw error
      given = refusal(context, line, codeOf(error), error.values)
    }
    if (given.refused === true) exit = EXIT.refused
    context.result(given.value, () => [given.words])
  }
  return exit
}

/** A refusal as an answer: code, sentence, hint, place, and the rest of what is known about it. */
export function refusal(
  { globals }: Pick<Context, 'globals'>,
  input: string,
  code: string,
  values: Readonly<Record<string, string | number | undefined>>,
  more: Readonly<Record<string, Json>> = {},
): Answer {
  const said = message(globals.lang, code, values)
  const help = hint(globals.lang, code, values)
  const { at, nearest, rule, source } = values
  const known = Object.entries({ at, nearest, rule, source }).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  return {
    value: { ok: false, input, code, message: said, ...(help === null ? {} : { hint: help }), ...Object.fromEntries(known), ...more },
    words: `${input}: ${said}${help === null ? '' : ` – ${help}`} (${code})`,
    refused: true,
  }
}

/** Strict JSON of a line. */
export function jsonOf(line: string): Json {
  return readJson(utf8(line))
}

/** A label, or an object that holds one, such as the answer of `label parse`. */
export function labelIn(value: Json): Label {
  const holder = typeof value === 'object' && value !== null && !Array.isArray(value) && 'label' in value ? value['label'] : value
  return readWideLabel(holder)
}

/** A list of labels. */
export function labelsIn(value: Json): readonly Label[] {
  return Array.isArray(value) ? value.map(labelIn) : [labelIn(value)]
}

/** The option `--at`: seconds since 1970, or a date with or without a time; now where it is absent. */
export function timeOption(context: Context, command: { readonly usage: string }): number {
  const given = textOption(context, 'at')
  if (given === undefined) return Math.floor(Date.now() / 1000)
  const seconds = /^\d{1,15}$/u.test(given) ? Number(given) : Math.floor(Date.parse(given) / 1000)
  if (!Number.isSafeInteger(seconds)) throw usageError(command)
  return seconds
}
