import type { Json } from '@entente/canonical'
import { givenAgreement } from '../agreement-file.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../errors.ts'

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
    const { body, id } = await givenAgreement(name)
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
