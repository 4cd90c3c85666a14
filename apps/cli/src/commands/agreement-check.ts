import type { Json } from '@entente/canonical'
import { hint, message } from '@entente/words'
import { type Checked, type Found, agreementPaths, checkAgreements } from '../agreement-check.ts'
import { type Command, type Context, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'

const SEVERITIES = { error: { en: 'error', ja: '誤り' }, warning: { en: 'warning', ja: '注意' } } as const

/** `agreement check`: everything that is wrong with agreements before anybody signs, one object a line. */
export const agreementCheck: Command = {
  usage: 'agreement check FILE|DIR…',
  about: {
    en: 'finds what is wrong with agreements before anybody signs, and proves what must never be',
    ja: '署名の前に取決めの誤りを見つけ、決してあってはならないことを証明する',
  },
  options: {},
  async run(context) {
    if (context.positionals.length === 0) throw usageError(agreementCheck)
    const checked = await checkAgreements(await agreementPaths(context.positionals), Math.floor(Date.now() / 1000))
    for (const one of checked) {
      for (const found of one.found) tellFound(context, one.path, found)
      tellFile(context, one)
    }
    return checked.some(hasError) ? EXIT.notVerified : EXIT.done
  },
}

/** Whether a file may not be signed. */
export function hasError({ found }: Pick<Checked, 'found'>): boolean {
  return found.some(({ severity }) => severity === 'error')
}

/** One problem, in words and as data. */
export function tellFound(context: Context, path: string, { code, severity, where, values }: Found): void {
  const { lang } = context.globals
  const told = message(lang, code, { ...values, where })
  const next = hint(lang, code, values)
  context.result(
    { file: path, severity, code, where, message: told, ...(next === null ? {} : { hint: next }), values: { ...values } as Json },
    () => [`${path}: ${SEVERITIES[severity][lang]}: ${told} (${code})`, ...(next === null ? [] : [`    ${next}`])],
  )
}

function tellFile(context: Context, { path, form, version, found, proved }: Checked): void {
  const { lang } = context.globals
  const errors = found.filter(({ severity }) => severity === 'error').length
  const warnings = found.length - errors
  const named = version === undefined ? undefined : `${version.body.agreement} ${version.body.version}`
  const counted = {
    en: `${errors} errors, ${warnings} warnings, ${proved} invariants proved`,
    ja: `誤り ${errors} 件、注意 ${warnings} 件、証明済みの不変条件 ${proved} 件`,
  }
  context.result(
    {
      file: path,
      ok: errors === 0,
      ...(version === undefined ? {} : { agreement: version.body.agreement, version: version.body.version }),
      ...(form === undefined ? {} : { form }),
      errors,
      warnings,
      proved,
    },
    () => [`${path}: ${named === undefined ? '' : `${named}: `}${counted[lang]}`],
  )
}
