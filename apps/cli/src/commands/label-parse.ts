import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { EntenteError, type Json, codeOf } from '@entente/canonical'
import { parseMarking, printMarking } from '@entente/label'
import { hint, message } from '@entente/words'
import { type Command, textOption, usageError } from '../command.ts'
import { policyFor } from '../data.ts'
import { EXIT } from '../errors.ts'

/** `label parse`: one marking in, one object a line out. */
export const labelParse: Command = {
  usage: 'label parse [MARKING]... [--scheme aus|jpn] [--form banner|portion|any]',
  about: {
    en: 'reads markings: the given ones, or one a line from standard input',
    ja: '標示を読み取る（引数、または標準入力から一行ずつ）',
  },
  options: { scheme: { type: 'string' }, form: { type: 'string' } },
  async run(context) {
    const { globals, io } = context
    const policy = await policyFor((textOption(context, 'scheme') ?? globals.nation ?? 'aus').toLowerCase())
    const form = textOption(context, 'form') ?? 'any'
    if (form !== 'banner' && form !== 'portion' && form !== 'any') throw usageError(labelParse)
    let code: number = EXIT.done
    const given = context.positionals.length > 0 ? context.positionals : createInterface({ input: Readable.from(io.stdin) })
    for await (const input of given) {
      if (input.trim() === '') continue
      try {
        const label = parseMarking(input, {
          policy,
          form,
          created: Math.floor(Date.now() / 1000),
        })
        const [banner, portion] = [printMarking(label, policy, { form: 'banner' }), printMarking(label, policy, { form: 'portion' })]
        context.result({ ok: true, input, label: label as unknown as Json, banner, portion }, () => [`${banner}   ${portion}`])
      } catch (error) {
        if (!(error instanceof EntenteError)) throw error
        code = EXIT.refused
        const at = error.values['at']
        const told = {
          code: codeOf(error),
          message: message(globals.lang, codeOf(error), error.values),
          hint: hint(globals.lang, codeOf(error), error.values),
        }
        context.result(
          {
            ok: false,
            input,
            code: told.code,
            message: told.message,
            ...(told.hint === null ? {} : { hint: told.hint }),
            ...(at === undefined ? {} : { at }),
          },
          () => [`${input}: ${told.message}${told.hint === null ? '' : ` – ${told.hint}`} (${told.code})`],
        )
      }
    }
    return code
  },
}
