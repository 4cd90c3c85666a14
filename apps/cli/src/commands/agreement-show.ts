import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Agreement, type AgreementTemplate, agreementTemplateShape, agreementShape, signedAgreementShape } from '@entente/agreement'
import { EntenteError, type Json, type Shape, readJson, readShape } from '@entente/canonical'
import * as v from 'valibot'
import { type Command, answer, named } from '../command.ts'
import { CliError, usage } from '../errors.ts'
import { readBytes } from '../files.ts'
import { EXIT } from '../problem.ts'

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url))

/** `entente agreement show`: an agreement as data, readable. */
export const command: Command = {
  usage: 'agreement show [FILE|NAME] [--article ID]',
  summary: { en: 'show an agreement: articles, rules, who gives what to whom', ja: '取決めの条項と規定を表示する' },
  options: { article: { type: 'string' } },
  positionals: [0, 1],
  async run(given) {
    const name = given.positionals[0] ?? 'jpn-aus'
    const file = /^[a-z0-9-]+$/u.test(name) ? join(CHECKOUT, 'agreements', name, 'agreement.json') : name
    const body = await readAny(file)
    const { lang } = given.options
    const id = given.text('article')
    const articles = body.articles.filter((article) => id === undefined || article.id === id)
    if (articles.length === 0) throw usage(given.command, `--article ${id ?? ''}`)
    if (id !== undefined) {
      answer(given, articles, articles.flatMap((article) => [`${article.id}  ${named(lang, article.title)}`, named(lang, article.text)]))
      return EXIT.done
    }
    answer(given, body, [
      named(lang, body.title),
      named(lang, body.illustrative),
      '',
      ...body.parties.map((party) => `${party.nation}  ${named(lang, party.names)}  ${named(lang, party.authority)}`),
      '',
      ...articles.map((article) => `${article.id.padEnd(5)} ${named(lang, article.title)}`),
      '',
      ...body.grants.map((grant) => `${grant.id.padEnd(12)} ${grant.from} → ${grant.to}  ${grant.areas.join(', ')}  ≤ ${grant.ceiling}  ${grant.keyControl}  (${grant.article})`),
      ...body.prohibitions.map((one) => `${one.id.padEnd(12)} ✕ ${[...(one.personRules ?? []), ...(one.categories ?? []), ...(one.acts ?? [])].join(', ')}  (${one.article})`),
    ])
    return EXIT.done
  },
}

/** A signed agreement, a body, or a template: whichever it is. */
async function readAny(file: string): Promise<Agreement | AgreementTemplate> {
  const bytes = await readBytes(file)
  let why = ''
  try {
    const value: Json = readJson(bytes)
    const signed = v.safeParse(signedAgreementShape, value)
    if (signed.success) return signed.output.body
    const body = v.safeParse(agreementShape as Shape<Agreement>, value)
    return body.success ? body.output : readShape(agreementTemplateShape, value, 'agreement')
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    why = error.message
  }
  throw new CliError('cli/file-not-valid', 'not an agreement', { values: { file, why } })
}
