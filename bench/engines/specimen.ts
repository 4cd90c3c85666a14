/**
 * One reader and 4,000 kinds of item under the specimen agreement, for the product and for two other engines of policies: Cedar
 * with the policies that `packages/cedar` writes, and CASL with rules that say the same of these items.
 */
import { createMongoAbility, subject } from '@casl/ability'
import { type Agreement, areaCovers } from '@entente/agreement'
import { type Ask, type CedarRequest, secondOpinion } from '@entente/cedar'
import type { Facts, Question } from '@entente/decision'
import { askable } from '../../packages/cedar/test/engine.ts'
import { Dice } from '../../packages/decision/test/worlds.ts'
import { DAY, asked, facts as two, first, question } from '../../packages/decision/test/specimen.ts'

/** The specimen in its first version alone, as of which all items are released. */
export const facts: Facts = { ...two, agreements: two.agreements.slice(0, 1) }

/** So many questions of one reader, no two items alike. */
export function questions(count: number): readonly Question[] {
  const dice = new Dice(7)
  const found = new Map<string, Question>()
  while (found.size < count) {
    const classification = dice.one(['OFFICIAL', 'OFFICIAL-SENSITIVE', 'PROTECTED', 'SECRET', 'SECRET', 'TOP-SECRET'])
    const caveat = dice.one(['', '', 'ORCON', 'CABINET'])
    const releasableTo = ['AUS', ...dice.some(['CAN', 'GBR', 'JPN', 'NZL', 'USA'], 70)]
    const one = asked({
      item: {
        area: dice.one(first.areas).code,
        basis: {
          ...(question.item.basis ?? basisOf('')),
          grant: dice.one(['aus-jpn-classified', 'aus-jpn-classified', 'aus-jpn-neutral']),
        },
        label: {
          ...question.item.label,
          classification,
          categories: caveat === '' ? [] : [{ tag: 'caveat', kind: 'restrictive', values: [caveat] }],
          personRules: dice.chance(10) ? [{ rule: 'citizens-of', code: 'AUSTEO', nations: ['AUS'] }] : [],
          originators: [{ nation: 'AUS', releasableTo }],
        },
      },
      person: { areas: ['air', 'cyber', 'maritime'], briefings: ['caveat/ORCON'] },
    })
    found.set(JSON.stringify(one.item), one)
  }
  return [...found.values()]
}

function basisOf(grant: string): NonNullable<Question['item']['basis']> {
  return { agreement: first.agreement, version: '', article: '5', grant }
}

/** Asks Cedar once a question: the request to the version that a full opinion ends with, prepared beforehand. */
export function cedar(all: readonly Question[]): readonly (() => boolean)[] {
  const ask = askable(facts)
  return all.map((one) => {
    let last: { readonly set: string; readonly request: CedarRequest } | undefined
    const noting: Ask = (set, request) => {
      last = { set, request }
      return ask(set, request)
    }
    const { permit } = secondOpinion(one, facts, noting)
    if (last === undefined) throw new Error('cedar was asked nothing')
    const { set, request } = last
    if (ask(set, request).permit !== permit) throw new Error('the last request alone does not decide')
    return () => ask(set, request).permit
  })
}

/** Asks CASL: an ability of this reader, made once, and one subject an item. */
export function casl(all: readonly Question[]): readonly (() => boolean)[] {
  const [one] = all
  if (one === undefined) return []
  const ability = createMongoAbility([...first.grants.flatMap((grant) => rulesOf(first, grant, one)), ...refusals(first, one)])
  return all.map(({ item, act }) => {
    const it = subject('Item', {
      grant: item.basis?.grant ?? '',
      area: item.area,
      classification: item.label.classification,
      categories: item.label.categories.flatMap(({ tag, values }) => values.map((value) => `${tag}/${value}`)),
      personRules: item.label.personRules.map(({ code }) => code),
      releasableTo: item.label.originators.flatMap(({ releasableTo }) => releasableTo),
      releasedAt: item.releasedAt,
    })
    return () => ability.can(act, it)
  })
}

/** What a grant permits this reader, with the reader's clearance and areas looked up already. */
function rulesOf(agreement: Agreement, grant: Agreement['grants'][number], { person, item, purpose, at }: Question) {
  const policy = facts.policies.find(({ nation }) => nation === item.originator)
  const order = (code: string | undefined): number => policy?.classifications.find((one) => one.code === code)?.order ?? Number.NaN
  const table = agreement.equivalence.find(
    ({ kind, from, to }) => kind === 'clearances' && from === person.nation && to === item.originator,
  )
  const equivalent = table?.rows.find(({ from }) => from === person.clearance)?.to
  const opened = policy?.clearances.find(({ code }) => code === equivalent)?.classifications ?? []
  const floor = grant.floor === undefined ? -Infinity : order(grant.floor)
  const within = person.citizenships?.every((nation) => grant.person.citizenship.includes(nation)) === true
  if (grant.to !== person.nation || !within || !grant.person.purposes.includes(purpose) || person.purpose !== purpose) return []
  const areas = agreement.areas.filter(({ code }) =>
    [grant.areas, person.areas ?? []].every((list) => list.some((above) => areaCovers(agreement, above, code))),
  )
  const marks = policy?.categories.flatMap(({ tag, values }) => values.map((value) => `${tag}/${value.code}`)) ?? []
  return [
    {
      action: [...grant.acts],
      subject: 'Item',
      conditions: {
        grant: grant.id,
        area: { $in: areas.map(({ code }) => code) },
        classification: { $in: opened.filter((code) => order(code) <= order(grant.ceiling) && order(code) >= floor) },
        categories: { $nin: marks.filter((mark) => !grant.categories.includes(mark) || person.briefings?.includes(mark) !== true) },
        releasableTo: person.nation,
        releasedAt: { $gt: at - grant.lifeDays * DAY },
      },
    },
  ]
}

/** What the agreement forbids this reader. */
function refusals(agreement: Agreement, { person, item, act }: Question) {
  return agreement.prohibitions.flatMap(({ from, acts, personRules, categories, citizenshipOutside }) => {
    if ((from ?? item.originator) !== item.originator || acts?.includes(act) === false) return []
    if (citizenshipOutside !== undefined && person.citizenships?.every((nation) => citizenshipOutside.includes(nation)) === true) return []
    const conditions = {
      ...(personRules === undefined ? {} : { personRules: { $in: [...personRules] } }),
      ...(categories === undefined ? {} : { categories: { $in: [...categories] } }),
    }
    return [{ inverted: true, action: [act], subject: 'Item', conditions }]
  })
}
