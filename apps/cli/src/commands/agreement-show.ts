import { join } from 'node:path'
import type { Json } from '@entente/canonical'
import { readAgreementFile } from '../agreement-file.ts'
import type { Command } from '../command.ts'
import { ROOT } from '../data.ts'
import { EXIT } from '../errors.ts'
import { agreementLines } from '../show-agreement.ts'

/** `agreement show`: all of an agreement: signed, about to be signed, or a specimen. */
export const agreementShow: Command = {
  usage: 'agreement show [FILE | NAME]',
  about: { en: 'shows an agreement: articles, rules, tables, and how it lives', ja: '取決めの条項、規定、対応表、存続を表示する' },
  options: {},
  async run(context) {
    const [name = 'jpn-aus'] = context.positionals
    const isName = /^[a-z0-9-]+$/u.test(name)
    const file = await readAgreementFile(isName ? join(ROOT, 'agreements', name, 'agreement.json') : name)
    // What is only about to be signed has no id that anybody could rely on.
    const id = file.form === 'signed' ? file.id : undefined
    context.result({ ...(id === undefined ? {} : { id }), agreement: file.body as unknown as Json }, () =>
      agreementLines(file.body, context.globals.lang, id),
    )
    return EXIT.done
  },
}
