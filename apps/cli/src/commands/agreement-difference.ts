import type { Json } from '@entente/canonical'
import {
  type Changed,
  type Difference,
  type OfficeRegion,
  type Opened,
  type Regions,
  type Released,
  type Wording,
  describe,
  describeCause,
  describeOffice,
  describeTerms,
  difference,
} from '@entente/difference'
import { message } from '@entente/words'
import { givenAgreement, instantOf, policiesOf, sideOf, versionOf } from '../agreement-sides.ts'
import { type Command, listOption, textOption, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'

const LISTS = {
  gained: { en: 'Becomes possible, for new releases', ja: '新たに可能となるもの（新たな提供に限る）' },
  lost: { en: 'Stops being possible, at once', ja: 'できなくなるもの（直ちに）' },
  changed: { en: 'Stays possible, on other terms', ja: '条件が変わるもの' },
  withdrawn: { en: 'Released before, readable no more: needs a new release', ja: '提供済みで閲覧できなくなるもの（新たな提供が必要）' },
  kept: { en: 'Released before, readable still, though not to be released anew', ja: '提供済みのものに限り引き続き閲覧できるもの' },
  officesGained: { en: 'May now be released by an office', ja: '部署が新たに提供できるもの' },
  officesLost: { en: 'May no longer be released by an office', ja: '部署が提供できなくなるもの' },
} as const
const NOTHING = {
  en: 'Nothing differs: each permits exactly what the other does.',
  ja: '違いはありません。双方の許可の範囲は完全に一致します。',
} as const
const WAS = { en: 'was', ja: '変更前' } as const
const BECOMES = { en: 'becomes', ja: '変更後' } as const
const BECAUSE = { en: 'because', ja: '根拠' } as const

/** `agreement difference`: what becomes possible and what stops being possible, region by region. */
export const agreementDifference: Command = {
  usage: 'agreement difference BEFORE AFTER [--with FILE]... [--at YYYY-MM-DD] [--policies DIR] [--policies-after DIR]',
  about: {
    en: 'says exactly what one agreement permits and another does not',
    ja: '二つの取決めの間で、可能になるもの、できなくなるものを漏れなく示す',
  },
  options: {
    with: { type: 'string', multiple: true },
    at: { type: 'string' },
    policies: { type: 'string' },
    'policies-after': { type: 'string' },
  },
  async run(context) {
    const [first, second] = context.positionals
    if (first === undefined || second === undefined) throw usageError(agreementDifference)
    const { lang } = context.globals
    const [before, after, ...beside] = await Promise.all(
      [first, second, ...listOption(context, 'with')].map(async (name) => versionOf(await givenAgreement(name))),
    )
    if (before === undefined || after === undefined) throw usageError(agreementDifference)
    const versions = [before, after, ...beside]
    const at = instantOf(textOption(context, 'at'), versions, Math.floor(Date.now() / 1000))
    if (at === undefined) throw usageError(agreementDifference)
    const folder = textOption(context, 'policies')
    const policies = await policiesOf(versions, folder)
    // What clearances open may change without any agreement changing.
    const later = await policiesOf(versions, textOption(context, 'policies-after') ?? folder)
    const sides = [sideOf([before, ...beside], policies, at), sideOf([after, ...beside], later, at)] as const
    const found = difference(...sides)
    const named = ({ id, body }: typeof before): Json => ({
      agreement: body.agreement,
      version: body.version,
      ...(id === '' ? {} : { id }),
    })
    const result = { before: named(before), after: named(after), at, ...(found as unknown as Readonly<Record<string, Json>>) }
    const wording: Wording = { lang, say: (code, values) => message(lang, code, values), sides }
    context.result(result, () => [
      `${before.body.title[lang]} (${before.body.agreement} ${before.body.version}) → ${after.body.title[lang]} (${after.body.agreement} ${after.body.version})`,
      ...tables(found, wording),
    ])
    return EXIT.done
  },
}

function tables(found: Difference, wording: Wording): readonly string[] {
  const lines = [
    ...table('gained', found.gained, wording, (region) => rowsOf(region, wording)),
    ...table('lost', found.lost, wording, (region) => rowsOf(region, wording)),
    ...table('changed', found.changed, wording, (region) => [...rowsOf(region, wording), ...termsOf(region, wording)]),
    ...table('withdrawn', found.withdrawn, wording, (region) => underGrant(region, wording)),
    ...table('kept', found.kept, wording, (region) => underGrant(region, wording)),
    ...table('officesGained', found.offices.gained, wording, (region) => officeRows(region, wording)),
    ...table('officesLost', found.offices.lost, wording, (region) => officeRows(region, wording)),
  ]
  return lines.length === 0 ? ['', NOTHING[wording.lang]] : lines
}

function table<R>(
  name: keyof typeof LISTS,
  list: Regions<R>,
  { lang }: Wording,
  rows: (region: R) => readonly string[],
): readonly string[] {
  if (list.regions.length === 0) return []
  const number = list.regions.length
  const shortest = { en: list.shortest ? ', and no shorter list says it' : '', ja: list.shortest ? '（これより短い一覧はない）' : '' }[lang]
  const count = { en: `${number} ${number === 1 ? 'region' : 'regions'}${shortest}`, ja: `${number}件${shortest}` }[lang]
  return ['', `${LISTS[name][lang]}: ${count}`, ...list.regions.flatMap((region, at) => indented(`${at + 1}`, rows(region)))]
}

function indented(number: string, [first = '', ...rest]: readonly string[]): readonly string[] {
  return [`${number.padStart(3)}  ${first}`, ...rest.map((line) => `     ${line}`)]
}

function rowsOf(region: Opened, wording: Wording): readonly string[] {
  const { direction, areas, levels, acts, items, readers } = describe(region, wording)
  const { lang } = wording
  const stop = lang === 'ja' ? '、' : '; '
  return [
    `${direction}  |  ${levels}  |  ${areas}  |  ${acts}`,
    ...(items.length === 0 ? [] : [items.join(stop)]),
    ...(readers.length === 0 ? [] : [readers.join(stop)]),
    `${BECAUSE[lang]}: ${region.causes.map((cause) => describeCause(cause, wording)).join(stop)}`,
  ]
}

function termsOf({ before, after }: Changed, wording: Wording): readonly string[] {
  const { lang } = wording
  return [
    ...before.map((terms) => `${WAS[lang]}: ${describeTerms(terms, wording)}`),
    ...after.map((terms) => `${BECOMES[lang]}: ${describeTerms(terms, wording)}`),
  ]
}

function underGrant(region: Released, wording: Wording): readonly string[] {
  const [first = '', ...rest] = rowsOf(region, wording)
  return [`${first}  |  ${region.grant.id}`, ...rest]
}

function officeRows(region: OfficeRegion, wording: Wording): readonly string[] {
  const { direction, areas, levels, acts, readers } = describeOffice(region, wording)
  const { lang } = wording
  const causes = region.causes.map((cause) => describeCause({ kind: 'granted', ...cause }, wording))
  return [
    `${direction}  |  ${levels}  |  ${areas}  |  ${acts}`,
    ...readers,
    `${BECAUSE[lang]}: ${causes.join(lang === 'ja' ? '、' : '; ')}`,
  ]
}
