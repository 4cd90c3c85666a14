import { join } from 'node:path'
import { type Agreement, agreementId, readAgreementTemplate, readSignedAgreement } from '@entente/agreement'
import { type Json, codeOf } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import type { Command } from '../command.ts'
import { ROOT, readGiven } from '../data.ts'
import { CliError, EXIT } from '../errors.ts'

/** `agreement show`: articles and rules of an agreement, a signed file's or the specimen's. */
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
    ])
    return EXIT.done
  },
}

function read(bytes: Uint8Array): { readonly body: Omit<Agreement, 'parties' | 'equivalence' | 'inForceFrom'>; readonly id?: string } {
  try {
    const { body } = readSignedAgreement(bytes)
    return { body, id: agreementId(nodeCrypto, body) }
  } catch (first) {
    try {
      return { body: readAgreementTemplate(bytes) }
    } catch {
      throw new CliError('cli/not-verified', 'not an agreement', { cause: first, values: { what: 'agreement', why: codeOf(first) } })
    }
  }
}
