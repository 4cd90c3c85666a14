import { join } from 'node:path'
import { type AgreementTemplate, agreementId, readAgreement, readAgreementTemplate, readSignedAgreement } from '@entente/agreement'
import { type Json, codeOf } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import type { Command } from '../command.ts'
import { ROOT, readGiven } from '../data.ts'
import { CliError, EXIT } from '../errors.ts'

const TABLES = {
  markings: { en: 'Markings', ja: '標示の対応' },
  clearances: { en: 'Clearances', ja: 'クリアランスの対応' },
} as const
const NO_EQUIVALENT = { en: 'none: a person decides', ja: 'なし（人が判断する）' } as const

/** `agreement show`: articles, rules and tables of an agreement: signed, about to be signed, or a specimen. */
export const agreementShow: Command = {
  usage: 'agreement show [FILE | NAME]',
  about: { en: 'shows an agreement: articles, grants, prohibitions, tables', ja: '取決めの条項、許可、禁止、対応表を表示する' },
  options: {},
  async run(context) {
    const [name = 'jpn-aus'] = context.positionals
    const { lang } = context.globals
    const isName = /^[a-z0-9-]+$/u.test(name)
    const bytes = await readGiven(isName ? join(ROOT, 'agreements', name, 'agreement.json') : name)
    const { body, id } = read(bytes)
    context.result({ ...(id === undefined ? {} : { id }), agreement: body as unknown as Json }, () => [
      `${body.title[lang]} (${body.agreement} ${body.version})`,
      body.illustrative[lang],
      ...(id === undefined ? [] : [id]),
      '',
      ...body.articles.flatMap(({ id: article, title, text }) => [`${article}  ${title[lang]}`, `    ${text[lang]}`]),
      '',
      ...body.grants.map(
        (grant) =>
          `+ ${grant.id}: ${grant.from} → ${grant.to}  ≤ ${grant.ceiling}  ${grant.areas.join(', ')}  ${grant.acts.join(', ')}  (${grant.keyControl}; ${grant.article})`,
      ),
      ...body.prohibitions.map((rule) => `- ${rule.id}  (${rule.article})`),
      ...body.equivalence.flatMap(({ kind, from, to, article, rows }) => [
        '',
        `${TABLES[kind][lang]}: ${from} → ${to}  (${article})`,
        ...rows.map((row) => `    ${row.from} → ${row.to ?? NO_EQUIVALENT[lang]}`),
      ]),
    ])
    return EXIT.done
  },
}

/** The body, and its id where both signed one: what is only about to be signed has no id that anybody could rely on. */
function read(bytes: Uint8Array): { readonly body: AgreementTemplate; readonly id?: string } {
  try {
    const { body } = readSignedAgreement(bytes)
    return { body, id: agreementId(nodeCrypto, body) }
  } catch (first) {
    for (const readBody of [readAgreement, readAgreementTemplate]) {
      try {
        return { body: readBody(bytes) }
      } catch {
        // The next form may fit; where none does, the first reason is told.
      }
    }
    throw new CliError('cli/not-verified', 'not an agreement', { cause: first, values: { what: 'agreement', why: codeOf(first) } })
  }
}
