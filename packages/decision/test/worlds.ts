// Random worlds of invented nations: mostly such that a question is permitted, then bent in none to three places, so that
// permits and single reasons are as frequent as heaps of reasons.
import type { Act, Agreement, Area, Grant, Prohibition } from '@entente/agreement'
import type { AgreementInForce, Facts, Question } from '@entente/decision'
import type { Category, Label, MarkingPolicy } from '@entente/label'

/** Mulberry32: small, seeded, good enough to choose test cases with. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  below(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % n
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  one<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new RangeError('nothing to choose from')
    return value
  }

  some<T>(values: readonly T[], percent = 50): T[] {
    return values.filter(() => this.chance(percent))
  }
}

const two = (text: string) => ({ en: text, ja: text })
const key = { ed25519: 'A'.repeat(43), mldsa65: 'A'.repeat(2603) }
const LEVELS = ['OPEN', 'LOW', 'MID', 'HIGH']
export const DAY = 86_400

export function policy(nation: string): MarkingPolicy {
  // The same codes in every nation: what keeps them apart must be the policy and not the spelling.
  const levels = LEVELS
  return {
    id: `EXERCISE-${nation}`,
    oid: 'urn:oid:2.25.1',
    nation,
    nationNames: two(nation),
    realm: 'exercise',
    classifications: levels.map((code, order) => ({
      code,
      order,
      unmarkedRelease: order === 0 ? ('neutral' as const) : ('originator' as const),
      names: two(code),
      banner: code,
      portion: code,
      input: [],
      colours: { background: '#000', text: '#fff' },
    })),
    categories: [],
    personRules: [],
    clearances: [1, 2, 3, 4].map((n) => ({ code: `${nation}-C${n}`, order: n, names: two('C'), classifications: levels.slice(0, n) })),
    releasableTo: [],
    receivedMark: two('{nation} {level}'),
    offices: [],
  }
}

export const NATIONS = ['NOR', 'SUR', 'WES']
export const POLICIES = NATIONS.map(policy)
const TREE: readonly Area[] = [
  { code: 'sea', names: two('sea') },
  { code: 'sea-trade', parent: 'sea', names: two('trade') },
  { code: 'sea-trade-gas', parent: 'sea-trade', names: two('gas') },
  { code: 'sky', names: two('sky') },
]
const ACTS: readonly Act[] = ['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive']
const MARKS = ['caveat/RED', 'caveat/BLUE', 'group/ONE', 'group/TWO', 'note/X']
const RULES = [
  { rule: 'citizens-of' as const, code: 'NORTH-ONLY', nations: ['NOR'] },
  { rule: 'citizens-of' as const, code: 'PAIR-ONLY', nations: ['NOR', 'SUR'] },
]

function grant(dice: Dice, id: string, from: string, to: string): Grant {
  const ceiling = dice.one([1, 2, 3, 3])
  return {
    id,
    article: dice.one(['5', '6']),
    from,
    to,
    areas: dice.one([['sea', 'sky'], ['sea', 'sky'], ['sea'], ['sea-trade', 'sky']]),
    ceiling: LEVELS[ceiling] ?? 'HIGH',
    ...(dice.chance(20) ? { floor: LEVELS[dice.below(ceiling + 1)] ?? 'OPEN' } : {}),
    categories: dice.chance(80) ? MARKS : dice.some(MARKS),
    mode: dice.one(['give', 'give', 'give', 'show']),
    acts: dice.chance(85) ? ['list', 'open', 'show'] : dice.some(ACTS),
    person: {
      clearance: 'equivalent',
      needToKnow: 'area',
      citizenship: dice.one([['NOR', 'SUR'], NATIONS, ['NOR', 'SUR', 'XXX']]),
      purposes: dice.one([[], ['watch'], ['study', 'watch']]),
    },
    keyControl: dice.one(['both', 'originator', 'either']),
    duties: dice.some(['mark-received', 'no-third-party', 'return-or-destroy']),
    lifeDays: dice.one([1, 60, 60, 60]),
    foreignClients: false,
  }
}

function prohibition(dice: Dice, id: string): Prohibition {
  return {
    id,
    article: dice.one(['3', '4']),
    ...(dice.chance(25) ? { from: dice.one(NATIONS) } : {}),
    ...(dice.chance(25) ? { to: dice.one(NATIONS) } : {}),
    ...(dice.chance(25) ? { areas: dice.one([['sky'], ['sea-trade'], ['sea-trade-gas']]) } : {}),
    ...(dice.chance(35) ? { personRules: [dice.one(RULES).code] } : {}),
    ...(dice.chance(25) ? { categories: [dice.one(MARKS)] } : {}),
    ...(dice.chance(25) ? { acts: dice.some(ACTS) } : {}),
    ...(dice.chance(40) ? { citizenshipOutside: dice.one([['NOR', 'SUR'], NATIONS]) } : {}),
  }
}

function body(dice: Dice, agreement: string, version: number, inForceFrom: number, before: Agreement | undefined): Agreement {
  const parties = dice.chance(93)
    ? NATIONS.slice(0, dice.one([2, 2, 3]))
    : dice.one([
        ['NOR', 'WES'],
        ['SUR', 'WES'],
      ])
  const same = before !== undefined && dice.chance(75)
  return {
    agreement,
    realm: 'exercise',
    version,
    title: two('t'),
    illustrative: two('i'),
    parties: parties.map((nation) => ({ nation, names: two(nation), authority: two(nation), authorityKey: key })),
    articles: [],
    areas: dice.chance(93) ? TREE : TREE.slice(0, dice.one([1, 2])),
    equivalence: NATIONS.flatMap((from) =>
      NATIONS.filter((to) => to !== from).flatMap((to) =>
        [0, ...(dice.chance(20) ? [inForceFrom + 2 * DAY] : [])].map((validFrom) => ({
          kind: 'clearances' as const,
          from,
          to,
          article: '2',
          validFrom,
          rows: [1, 2, 3, 4].map((n) => ({
            from: `${from}-C${n}`,
            ...(dice.chance(96) ? { to: `${to}-C${dice.chance(80) ? n : 1 + dice.below(n)}` } : {}),
          })),
        })),
      ),
    ),
    grants: same
      ? before.grants
      : [
          grant(dice, 'g1', 'NOR', 'SUR'),
          grant(dice, 'g2', 'SUR', 'NOR'),
          grant(dice, 'g3', 'NOR', 'WES'),
          grant(dice, 'g4', 'WES', 'SUR'),
        ].filter(() => dice.chance(95)),
    prohibitions: ['p1', 'p2'].filter(() => dice.chance(20)).map((id) => prohibition(dice, `${agreement}-${id}`)),
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
    inForceFrom,
    ...(dice.chance(10) ? { inForceUntil: inForceFrom + (1 + dice.below(20)) * DAY } : {}),
  }
}

export function versions(dice: Dice, agreement: string): AgreementInForce[] {
  const list: AgreementInForce[] = []
  let from = dice.below(3) * DAY
  for (let version = 1; version <= 1 + dice.below(3); version++) {
    list.push({ id: `${agreement}@${version}`, body: body(dice, agreement, version, from, list.at(-1)?.body) })
    from += (1 + dice.below(8)) * DAY
  }
  return list
}

export function facts(dice: Dice): Facts {
  return {
    deciding: dice.one(['NOR', 'SUR']),
    agreements: [...versions(dice, 'pair'), ...(dice.chance(60) ? versions(dice, 'trio') : [])],
    policies: dice.chance(95) ? POLICIES : POLICIES.slice(1),
    ...(dice.chance(70) ? { areas: TREE } : {}),
  }
}

function label(dice: Dice, originator: string): Label {
  const category = (tag: string, kind: Category['kind']): Category[] => {
    const values = dice
      .some(
        MARKS.filter((mark) => mark.startsWith(`${tag}/`)),
        60,
      )
      .map((mark) => mark.slice(tag.length + 1))
    return values.length > 0 && dice.chance(30) ? [{ tag, kind, values }] : []
  }
  const releasableTo = dice.chance(15) ? ('neutral' as const) : dice.chance(95) ? ['NOR', 'SUR', 'WES'] : [originator]
  return {
    policy: `EXERCISE-${dice.chance(96) ? originator : dice.one([...NATIONS, 'NIL'])}`,
    classification: dice.one(['OPEN', 'LOW', 'LOW', 'MID', 'HIGH']),
    categories: [...category('caveat', 'restrictive'), ...category('group', 'permissive'), ...category('note', 'informative')],
    personRules: dice.chance(14) ? dice.some(RULES) : [],
    originators: [
      ...(dice.chance(97) ? [{ nation: originator, releasableTo }] : []),
      ...(dice.chance(10) ? [{ nation: 'WES', releasableTo: dice.one([['WES'], NATIONS]) }] : []),
    ],
    created: 0,
  }
}

export function question(dice: Dice, world: Facts): Question {
  const home = dice.chance(12)
  const originator = dice.one(['NOR', 'SUR'])
  const nation = home ? originator : dice.chance(92) ? (originator === 'NOR' ? 'SUR' : 'NOR') : 'WES'
  const at = (4 + dice.below(20)) * DAY + dice.one([0, 0, 1, -1])
  const chosen = world.agreements[dice.below(world.agreements.length)]
  const releasedAt =
    dice.chance(85) && chosen !== undefined ? Math.max(0, chosen.body.inForceFrom + dice.one([0, 1, DAY])) : dice.below(at + DAY)
  const wanted = originator === 'NOR' ? (nation === 'WES' ? 'g3' : 'g1') : 'g2'
  const found = chosen?.body.grants.find((one) => one.id === (dice.chance(95) ? wanted : dice.one(['g1', 'g2', 'g3', 'g4'])))
  const basis = {
    agreement: dice.chance(97) ? (chosen?.body.agreement ?? 'pair') : 'nil',
    version: dice.chance(97) ? (chosen?.id ?? 'nil') : dice.one(['pair@1', 'pair@2', 'nil']),
    article: dice.chance(97) ? (found?.article ?? '5') : '7',
    grant: found?.id ?? wanted,
  }
  const known = (percent = 97): boolean => dice.chance(percent)
  return {
    act: dice.chance(93) ? dice.one(['open', 'show', 'list']) : dice.one(ACTS),
    person: {
      nation,
      pseudonym: 'p',
      ...(known() ? { clearance: `${nation}-C${dice.one([1, 3, 4, 4, 4, 4, 4, 9])}` } : {}),
      ...(known() ? { citizenships: dice.chance(90) ? [nation] : dice.some(['NOR', 'SUR', 'WES', 'XXX']) } : {}),
      ...(known() ? { areas: dice.chance(88) ? ['sea', 'sky'] : dice.some(['sea', 'sea-trade', 'sea-trade-gas', 'sky', 'soil']) } : {}),
      ...(known() ? { purpose: dice.one(['watch', 'watch', 'watch', 'watch', 'watch', 'study']) } : {}),
      ...(known() ? { suspended: dice.chance(4) } : {}),
      ...(known() ? { briefings: dice.chance(88) ? MARKS : dice.some(MARKS) } : {}),
    },
    item: {
      originator,
      ...(dice.chance(96) ? { basis } : {}),
      label: label(dice, originator),
      area: dice.one(['sea', 'sea-trade', 'sea-trade-gas', 'sky', ...(dice.chance(5) ? ['soil'] : [])]),
      releasedAt,
      ...(dice.chance(30) ? { expiresAt: at + dice.one([-1, 0, 1, DAY, DAY, DAY]) } : {}),
      stopped: dice.chance(3),
    },
    purpose: dice.chance(95) ? 'watch' : 'study',
    at,
  }
}
