// Small random agreements of invented nations, and amendments of them: small enough that every class of the quotient can be
// asked of `decide`.
import type { Act, Agreement, Area, Delegation, Grant, Prohibition, Use } from '@entente/agreement'
import type { Side } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'
import { DAY, Dice, NATIONS, policy } from '../../decision/test/worlds.ts'

export { DAY, Dice }

const two = (text: string) => ({ en: text, ja: text })
const key = { ed25519: 'A'.repeat(43), mldsa65: 'A'.repeat(2603) }
export const LEVELS = ['OPEN', 'LOW', 'MID', 'HIGH'] as const
const MARKS = ['caveat/BLUE', 'caveat/RED', 'note/X'] as const
const ACTS: readonly Act[] = ['export', 'list', 'open', 'show']
const USES: readonly Use[] = ['act-on', 'court', 'name-source']
const TREES: readonly (readonly Area[])[] = [
  [area('sea'), area('sea-trade', 'sea'), area('sky')],
  [area('sea'), area('sea-trade', 'sky'), area('sky')],
  [area('sea'), area('sea-trade'), area('sky')],
  [area('sea'), area('sky')],
]
/** When everything is asked: every version and table of these worlds is in force. */
export const AT = 10 * DAY

function area(code: string, parent?: string): Area {
  return { code, ...(parent === undefined ? {} : { parent }), names: two(code) }
}

/** The schemes of the nations: with categories of two kinds, a person rule, and offices. */
export const POLICIES: readonly MarkingPolicy[] = NATIONS.map((nation) => ({
  ...policy(nation),
  categories: [
    { tag: 'caveat', kind: 'restrictive', names: two('caveat'), values: [value('BLUE'), value('RED')] },
    { tag: 'note', kind: 'informative', names: two('note'), values: [value('X')] },
  ],
  personRules: [{ code: 'EYES', rule: 'citizens-of', nations: [nation], names: two('EYES'), banner: 'EYES', portion: 'EYES' }],
  offices: [{ code: 'DESK', names: two('desk') }],
}))

function value(code: string): MarkingPolicy['categories'][number]['values'][number] {
  return { code, names: two(code), banner: code, portion: code, input: [] }
}

/** Which members of the language a world uses; `all` is everything that the specification gives a meaning. */
export type Language = 'basic' | 'all'

function codes(dice: Dice): { readonly [name: string]: readonly string[] } {
  return dice.chance(20) ? { organisations: dice.one([['NAVY'], ['ARMY', 'NAVY']]) } : dice.chance(15) ? { facilities: ['HQ'] } : {}
}

export function grant(dice: Dice, id: string, language: Language): Grant {
  const ceiling = dice.one([1, 2, 3])
  const from = dice.one(['NOR', 'NOR', 'NOR', 'SUR'])
  const to = from === 'NOR' ? dice.one(['SUR', 'SUR', 'SUR', 'WES']) : 'NOR'
  const all = language === 'all'
  const floor = dice.chance(25) ? LEVELS[dice.below(ceiling + 1)] : undefined
  const purposes = dice.one([[], [], ['watch'], ['study', 'watch']])
  return {
    id,
    article: dice.one(['5', '6']),
    from,
    to: all && dice.chance(20) ? 'members' : to,
    ...(all && to === 'SUR' && dice.chance(30) ? { via: 'WES' } : {}),
    areas: dice.one([['sea', 'sky'], ['sea'], ['sea-trade'], ['sky']]),
    ceiling: LEVELS[ceiling] ?? 'HIGH',
    ...(floor === undefined ? {} : { floor }),
    categories: dice.some(MARKS, 40),
    mode: dice.one(['give', 'give', 'show']),
    acts: dice.one([['list', 'open', 'show'], ['list', 'open', 'show'], ['list', 'show'], dice.some(ACTS, 60)]),
    ...(all && dice.chance(30) ? { uses: dice.one([['act-on'], USES] as const) } : {}),
    person: {
      clearance: 'equivalent',
      needToKnow: 'area',
      citizenship: dice.one([['NOR', 'SUR'], ['NOR', 'SUR'], ['NOR', 'SUR', 'WES'], ['NOR']]),
      purposes,
      ...(all ? codes(dice) : {}),
    },
    keyControl: dice.one(['both', 'originator']),
    duties: dice.one([[], ['mark-received']]),
    lifeDays: dice.one([30, 60]),
    foreignClients: false,
  }
}

export function prohibition(dice: Dice, id: string, language: Language): Prohibition {
  const all = language === 'all'
  const from = dice.chance(40) ? dice.one(['NOR', 'SUR']) : undefined
  return {
    id,
    article: dice.one(['3', '4']),
    ...(from === undefined ? {} : { from }),
    ...(dice.chance(25) ? { to: dice.one(NATIONS) } : {}),
    ...(dice.chance(40) ? { areas: dice.one([['sky'], ['sea-trade'], ['sea']]) } : {}),
    ...(dice.chance(25) ? { personRules: ['EYES'] } : {}),
    ...(dice.chance(25) ? { categories: dice.one([['caveat/RED'], ['caveat/RED', 'note/X']]) } : {}),
    ...(dice.chance(30) ? { acts: dice.one([['open'], ['export', 'open']] as const) } : {}),
    ...(dice.chance(30) ? { citizenshipOutside: dice.one([['NOR', 'SUR'], ['NOR']]) } : {}),
    ...(all && from !== undefined && dice.chance(30) ? { atLeast: dice.one(LEVELS) } : {}),
    ...(all && dice.chance(15) ? { uses: dice.one([['act-on'], ['court']] as const) } : {}),
    ...(all && dice.chance(15) ? { organisationsOutside: ['NAVY'] } : {}),
    ...(all && dice.chance(15) ? { facilitiesOutside: ['HQ'] } : {}),
    ...(all && dice.chance(15) ? { purposesOutside: dice.one([['watch'], ['study']]) } : {}),
    ...(all && dice.chance(10) ? { via: 'WES' } : {}),
  }
}

function delegation(dice: Dice, id: string): Delegation {
  return {
    id,
    article: '8',
    nation: dice.one(['NOR', 'SUR']),
    office: dice.one(['DESK', 'FRONT']),
    ceiling: dice.one(LEVELS),
    areas: dice.one([['sea', 'sky'], ['sea'], ['sky']]),
    modes: dice.one([['give', 'show'], ['give'], ['show']] as const),
    ...(dice.chance(20) ? { until: dice.one([AT, AT + DAY]) } : {}),
  }
}

function table(dice: Dice, from: string, to: string): Agreement['equivalence'][number] {
  return {
    kind: 'clearances',
    from,
    to,
    article: '2',
    validFrom: 0,
    rows: [1, 2, 3, 4].map((n) => ({
      from: `${from}-C${n}`,
      ...(dice.chance(90) ? { to: `${to}-C${dice.chance(75) ? n : 1 + dice.below(n)}` } : {}),
    })),
  }
}

/** A body of version 1, in force from the beginning. */
export function body(dice: Dice, agreement: string, language: Language): Agreement {
  const parties = dice.chance(70) ? NATIONS : NATIONS.slice(0, 2)
  return {
    agreement,
    realm: 'exercise',
    version: 1,
    title: two('t'),
    illustrative: two('i'),
    parties: parties.map((nation) => ({
      nation,
      names: two(nation),
      authority: two(nation),
      authorityKey: key,
      ...(language === 'all' && nation === 'WES' && dice.chance(30) ? { memberFrom: dice.one([0, AT + DAY]) } : {}),
    })),
    articles: [],
    areas: dice.one([TREES[0], TREES[0], TREES[3], ...TREES]) ?? [],
    equivalence: NATIONS.flatMap((from) => NATIONS.filter((to) => to !== from).map((to) => table(dice, from, to))),
    grants: ['g1', 'g2', 'g3'].slice(0, 1 + dice.below(3)).map((id) => grant(dice, id, language)),
    prohibitions: ['p1', 'p2'].slice(0, dice.below(3)).map((id) => prohibition(dice, `${agreement}-${id}`, language)),
    ...(language === 'all' && dice.chance(30) ? { delegations: ['d1', 'd2'].map((id) => delegation(dice, id)) } : {}),
    ...(language === 'all' && dice.chance(20) ? { retention: { article: '9', evidenceYears: 5, itemDays: 45 } } : {}),
    witness: {
      partnerOpening: 'partner-cosigned',
      ownOpening: 'second-witness-cosigned',
      releasesAndStops: 'durable',
      rhythm: { kind: 'on-demand' },
    },
    pseudonymLife: 'item',
    rosterMinimum: 3,
    limits: { openingsPerPersonPerDay: 1, openingsPerNationPerDay: 1 },
    compromiseHours: 24,
    suite: 'entente-1',
    inForceFrom: 0,
  }
}

/** One thing changed, as an amendment does. */
export function amended(dice: Dice, before: Agreement, language: Language): Agreement {
  const fresh = body(dice, before.agreement, language)
  const at = dice.below(before.grants.length)
  const instead = <T>(list: readonly T[], change: (one: T) => T): readonly T[] =>
    list.map((one, index) => (index === at ? change(one) : one))
  switch (dice.below(9)) {
    case 0:
      return { ...before, grants: [...before.grants, grant(dice, 'g9', language)] }
    case 1:
      return { ...before, grants: before.grants.filter((_, index) => index !== at) }
    case 2:
      return { ...before, grants: instead(before.grants, (one) => ({ ...one, ceiling: dice.one(LEVELS) })) }
    case 3:
      return { ...before, grants: instead(before.grants, (one) => ({ ...grant(dice, one.id, language), from: one.from, to: one.to })) }
    case 4:
      return { ...before, prohibitions: fresh.prohibitions }
    case 5:
      return { ...before, equivalence: fresh.equivalence }
    case 6:
      return { ...before, areas: fresh.areas }
    case 7:
      return {
        ...before,
        grants: instead(before.grants, (one) => ({ ...one, lifeDays: 45, keyControl: 'either', duties: ['no-other-use'] })),
      }
    default:
      return { ...before, parties: fresh.parties }
  }
}

export function sideOf(bodies: readonly Agreement[], policies: readonly MarkingPolicy[] = POLICIES): Side {
  return { agreements: bodies.map((one) => ({ id: `${one.agreement}@1`, body: one })), policies, at: AT }
}

/** Two sides: an amendment mostly, sometimes two agreements that have little in common; sometimes a second agreement stands beside. */
export function sides(dice: Dice, language: Language): { readonly before: Side; readonly after: Side } {
  const before = body(dice, 'pair', language)
  const after = dice.chance(80) ? amended(dice, before, language) : body(dice, 'pair', language)
  const beside = dice.chance(35) ? [body(dice, 'trio', language)] : []
  const one = sideOf([before, ...beside])
  const policies = dice.chance(10) ? POLICIES.map((scheme) => otherClearances(dice, scheme)) : POLICIES
  return { before: one, after: sideOf([after, ...(dice.chance(80) ? beside : [])], policies) }
}

/** A scheme in which one clearance opens other classifications. */
function otherClearances(dice: Dice, scheme: MarkingPolicy): MarkingPolicy {
  return {
    ...scheme,
    clearances: scheme.clearances.map((one) => (dice.chance(50) ? { ...one, classifications: LEVELS.slice(0, 1 + dice.below(4)) } : one)),
  }
}
