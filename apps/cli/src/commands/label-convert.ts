import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { EntenteError, type Json, codeOf, fromUtf8, readJson } from '@entente/canonical'
import { type ConvertContext, type FormName, type MarkingPolicy, convertLabel, forms, readPolicy, readSpif } from '@entente/label'
import { hint, message } from '@entente/words'
import { type Command, type Context, textOption, usageError } from '../command.ts'
import { ROOT, readGiven } from '../data.ts'
import { EXIT } from '../errors.ts'

const LANGUAGES = ['en', 'ja', 'fr'] as const

/** `label convert`: a label in one form in, an object a line out. */
export const labelConvert: Command = {
  usage: 'label convert [FILE]... --from FORM --to FORM [--policy SPIF.xml] [--lang en|ja|fr] [--lenient]',
  about: {
    en: `turns labels from one form into another: each file, or one a line from standard input (${Object.keys(forms).join(', ')})`,
    ja: `標示を別の形式に変換する（各ファイル、または標準入力から一行ずつ。形式: ${Object.keys(forms).join('、')}）`,
  },
  options: { from: { type: 'string' }, to: { type: 'string' }, policy: { type: 'string' }, lenient: { type: 'boolean' } },
  async run(context) {
    const [from, to] = [formOption(context, 'from'), formOption(context, 'to')]
    const converting = await convertContext(context)
    let code: number = EXIT.done
    for await (const { input, name } of inputs(context)) {
      if (!answer(context, name, () => convertLabel(input, from, to, converting))) code = EXIT.refused
    }
    return code
  },
}

function formOption(context: Context, name: 'from' | 'to'): FormName {
  const form = textOption(context, name)
  if (form === undefined || !Object.hasOwn(forms, form)) throw usageError(labelConvert)
  return form as FormName
}

async function convertContext(context: Context): Promise<ConvertContext> {
  const lang = LANGUAGES.find((one) => one === context.options['lang'])
  const file = textOption(context, 'policy')
  const lenient = context.options['lenient'] === true
  return {
    policies: await allPolicies(),
    // Written officially is in the scheme's own words, which English asks for too.
    ...(lang === undefined || lang === 'en' ? {} : { lang }),
    ...(file === undefined ? {} : { spif: readSpif(await readGiven(file), { lenient }).value }),
    created: Math.floor(Date.now() / 1000),
    lenient,
  }
}

/** Every marking policy of the checkout. */
async function allPolicies(): Promise<readonly MarkingPolicy[]> {
  const folder = join(ROOT, 'nations')
  const files = (await readdir(folder, { recursive: true })).filter((path) => /^[a-z]+[/\\](?:nation|markings)\.json$/u.test(path)).sort()
  return Promise.all(files.map(async (path) => readPolicy(readJson(await readGiven(join(folder, path))))))
}

async function* inputs({ positionals, io }: Context): AsyncGenerator<{ readonly input: string; readonly name: string }> {
  for (const path of positionals) yield { input: fromUtf8(await readGiven(path)), name: path }
  if (positionals.length > 0) return
  for await (const input of createInterface({ input: Readable.from(io.stdin) })) if (input.trim() !== '') yield { input, name: input }
}

function answer(context: Context, input: string, run: () => ReturnType<typeof convertLabel>): boolean {
  const { lang } = context.globals
  try {
    const { output, changes } = run()
    const changed = changes.length === 0 ? {} : { changes: changes as unknown as Json }
    context.result({ ok: true, output, ...changed }, () => [output])
    return true
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    const code = codeOf(error)
    const told = { message: message(lang, code, error.values), hint: hint(lang, code, error.values) }
    const at = error.values['at']
    context.result(
      {
        ok: false,
        input,
        code,
        message: told.message,
        ...(told.hint === null ? {} : { hint: told.hint }),
        ...(at === undefined ? {} : { at }),
      },
      () => [`${told.message}${told.hint === null ? '' : ` – ${told.hint}`} (${code})`],
    )
    return false
  }
}
