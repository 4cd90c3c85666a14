// Random worlds of invented nations: mostly such that a question is permitted, then bent in none to three places, so that
// permits and single reasons are as frequent as heaps of reasons.
import type { Act, Agreement, Area, Grant, KnownNotice, Party, Prohibition, Succession, Use } from '@entente/agreement'
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
export const LEVELS = ['OPEN', 'LOW', 'MID', 'HIGH']
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
const USES: readonly Use[] = ['act-on', 'court', 'name-source']
const MARKS = ['caveat/RED', 'caveat/BLUE', 'group/ONE', 'group/TWO', 'note/X']
const RULES = [
  { rule: 'citizens-of' as const, code: 'NORTH-ONLY', nations: ['NOR'] },
  { rule: 'citizens-of' as const, code: 'PAIR-ONLY', nations: ['NOR', 'SUR'] },
]

function grant(dice: Dice, id: string, from: string, to: string, via?: string): Grant {
  const ceiling = dice.one([1, 2, 3, 3, 3, 3])
  return {
    id,
    article: dice.one(['5', '6']),
    from,
    to,
    ...(via === undefined ? {} : { via }),
    areas: dice.one([['sea', 'sky'], ['sea', 'sky'], ['sea', 'sky'], ['sea', 'sky'], ['sea', 'sky'], ['sea'], ['sea-trade', 'sky']]),
    ceiling: LEVELS[ceiling] ?? 'HIGH',
    ...(dice.chance(20) ? { floor: LEVELS[dice.below(ceiling + 1)] ?? 'OPEN' } : {}),
    categories: dice.chance(80) ? MARKS : dice.some(MARKS),
    mode: dice.one(['give', 'give', 'give', 'give', 'give', 'show']),
    acts: dice.chance(92) ? ['list', 'open', 'show'] : dice.some(ACTS),
    ...(dice.chance(70) ? { uses: dice.some(USES, 80) } : {}),
    person: {
      clearance: 'equivalent',
      needToKnow: 'area',
      citizenship: dice.one([['NOR', 'SUR'], NATIONS, ['NOR', 'SUR', 'XXX']]),
      purposes: dice.one([[], [], ['watch'], ['study', 'watch']]),
      ...(dice.chance(12) ? { organisations: dice.one([['office'], ['agency', 'office']]) } : {}),
      ...(dice.chance(12) ? { posts: dice.one([['desk'], ['desk', 'head']]) } : {}),
      ...(dice.chance(12) ? { facilities: dice.one([['vault'], ['tower', 'vault']]) } : {}),
    },
    keyControl: dice.one(['both', 'originator', 'either']),
    duties: dice.some(['mark-received', 'no-third-party', 'return-or-destroy']),
    lifeDays: dice.one([1, 60, 60, 60, 60, 60, 60, 60]),
    foreignClients: false,
  }
}

function prohibition(dice: Dice, id: string): Prohibition {
  return {
    id,
    article: dice.one(['3', '4']),
    ...(dice.chance(25) ? { from: dice.one(NATIONS), ...(dice.chance(60) ? { atLeast: dice.one(LEVELS) } : {}) } : {}),
    ...(dice.chance(25) ? { to: dice.one(NATIONS) } : {}),
    ...(dice.chance(12) ? { via: 'WES' } : {}),
    ...(dice.chance(12) ? { uses: dice.some(USES) } : {}),
    ...(dice.chance(12) ? { organisationsOutside: ['office'] } : {}),
    ...(dice.chance(12) ? { postsOutside: ['desk'] } : {}),
    ...(dice.chance(12) ? { facilitiesOutside: ['vault'] } : {}),
    ...(dice.chance(12) ? { purposesOutside: ['watch'] } : {}),
    ...(dice.chance(25) ? { areas: dice.one([['sky'], ['sea-trade'], ['sea-trade-gas']]) } : {}),
    ...(dice.chance(35) ? { personRules: [dice.one(RULES).code] } : {}),
    ...(dice.chance(25) ? { categories: [dice.one(MARKS)] } : {}),
    ...(dice.chance(25) ? { acts: dice.some(ACTS) } : {}),
    ...(dice.chance(40) ? { citizenshipOutside: dice.one([['NOR', 'SUR'], NATIONS]) } : {}),
  }
}

/** Members that treaties may have beyond the plain ones, each now and then. */
function more(dice: Dice, agreement: string): Partial<Agreement> {
  return {
    ...(dice.chance(50)
      ? {
          survival: {
            article: '8',
            acts: dice.chance(75) ? ['list', 'open', 'show'] : ['list'],
            ...(dice.chance(40) ? { days: dice.one([2, 9]) } : {}),
          },
        }
      : {}),
    ...(dice.chance(50) ? { suspension: { article: '9' } } : {}),
    ...(dice.chance(50) ? { thirdParty: { article: '3' } } : {}),
    ...(dice.chance(12)
      ? { retention: { article: '10', evidenceYears: 1, ...(dice.chance(80) ? { itemDays: dice.one([1, 10]) } : {}) } }
      : {}),
    ...(agreement === 'trio' && dice.chance(20) ? { basis: [{ agreement: dice.one(['pair', 'pair', 'nil']), article: '1' }] } : {}),
  }
}

function parties(dice: Dice, inForceFrom: number): readonly Party[] {
  const nations = dice.chance(93)
    ? NATIONS.slice(0, dice.one([2, 3, 3]))
    : dice.one([
        ['NOR', 'WES'],
        ['SUR', 'WES'],
      ])
  const calm = dice.chance(60)
  return nations.map((nation) => ({
    nation,
    names: two(nation),
    authority: two(nation),
    authorityKey: key,
    ...(!calm && dice.chance(15) ? { memberFrom: inForceFrom + dice.one([-1, 0, 1]) * DAY } : {}),
    ...(!calm && dice.chance(12) ? { memberUntil: inForceFrom + (1 + dice.below(12)) * DAY } : {}),
  }))
}

function successions(dice: Dice, before: Agreement | undefined): readonly Succession[] {
  const chosen: Succession[] = []
  if (before === undefined) return chosen
  const old = before.grants[0]
  if (old !== undefined && dice.chance(15)) chosen.push({ kind: 'grant', from: old.id, to: `${old.id}b`, article: '7' })
  if (dice.chance(12)) chosen.push({ kind: 'area', from: 'sea-trade-gas', to: dice.one(['sea-trade', 'sky', 'soil']), article: '7' })
  if (dice.chance(12))
    chosen.push({ kind: 'classification', nation: dice.one(NATIONS), from: 'HIGH', to: dice.one(['MID', 'LOW']), article: '7' })
  const nation = dice.one(NATIONS)
  if (dice.chance(15))
    chosen.push({ kind: 'clearance', nation, from: `${nation}-C4`, to: `${nation}-${dice.one(['N', 'N', 'C3'])}`, article: '7' })
  if (dice.chance(8)) chosen.push({ kind: 'clearance', nation, from: `${nation}-C3`, to: `${nation}-N`, article: '7' })
  return chosen
}

/** A version of an agreement, like the one before it for the most part. */
export function body(dice: Dice, agreement: string, version: number, inForceFrom: number, before: Agreement | undefined): Agreement {
  const same = before !== undefined && dice.chance(75)
  const replaced = successions(dice, before)
  const grants = same
    ? before.grants
    : [
        grant(dice, 'g1', 'NOR', dice.chance(80) ? 'SUR' : 'members'),
        grant(dice, 'g2', 'SUR', dice.chance(80) ? 'NOR' : 'members'),
        grant(dice, 'g3', 'NOR', dice.chance(80) ? 'WES' : 'members'),
        grant(dice, 'g4', 'WES', 'SUR'),
        grant(dice, 'g5', 'NOR', 'SUR', 'WES'),
      ].filter(() => dice.chance(95))
  const renamed = new Map(replaced.filter(({ kind }) => kind === 'grant').map(({ from, to }) => [from, to]))
  const earlier = before?.equivalence.flatMap(({ rows }) => rows.map(({ from }) => from)) ?? []
  const codes = (nation: string): string[] => {
    const all = ['C1', 'C2', 'C3', 'C4', 'N'].map((code) => `${nation}-${code}`)
    const own = replaced.filter((one) => one.kind === 'clearance' && one.nation === nation)
    const gone = own.map(({ from }) => from)
    const here = own.map(({ to }) => to)
    return all.filter(
      (code) => !gone.includes(code) && (before === undefined ? !code.endsWith('N') : here.includes(code) || earlier.includes(code)),
    )
  }
  const equivalent = (code: string): number => (code.endsWith('N') ? 3 : Number(code.slice(-1)))
  return {
    agreement,
    realm: 'exercise',
    version,
    title: two('t'),
    illustrative: two('i'),
    parties: before !== undefined && dice.chance(70) ? before.parties : parties(dice, inForceFrom),
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
          rows: codes(from).map((code) => ({
            from: code,
            ...(dice.chance(98) ? { to: `${to}-C${dice.chance(92) ? equivalent(code) : 1 + dice.below(equivalent(code))}` } : {}),
          })),
        })),
      ),
    ),
    grants: grants.map((one) => ({ ...one, id: renamed.get(one.id) ?? one.id })).filter(() => !same || dice.chance(97)),
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
    ...more(dice, agreement),
    ...(replaced.length > 0 ? { successions: replaced } : {}),
    ...(dice.chance(4) ? { entry: { article: '11', by: 'notes' as const } } : {}),
    inForceFrom,
    ...(dice.chance(10) ? { inForceUntil: inForceFrom + (1 + dice.below(20)) * DAY } : {}),
  }
}

/** Notices on one agreement: few, so that most questions are asked in a quiet world. */
export function notices(dice: Dice, list: readonly AgreementInForce[]): KnownNotice[] {
  const notes: KnownNotice[] = []
  const say = (version: AgreementInForce, nation: string, notice: KnownNotice['body']['notice'], effect: number, of?: string): string => {
    const id = `${notice}-${version.id}-${nation}-${notes.length}`
    const { agreement, realm } = version.body
    const body = {
      agreement,
      realm,
      version: version.id,
      nation,
      notice,
      at: effect,
      effectiveAt: effect,
      ...(of === undefined ? {} : { of }),
    }
    notes.push({ id, body, effect })
    return id
  }
  for (const version of list) {
    const { entry, inForceFrom } = version.body
    const nations = version.body.parties.map(({ nation }) => nation)
    if (entry?.by === 'notes')
      for (const nation of nations) if (dice.chance(90)) say(version, nation, 'note', inForceFrom + dice.one([-1, 0, 0, 1]) * DAY)
    const day = (): number => inForceFrom + dice.below(14) * DAY
    const by = dice.one([...nations, ...nations, 'WES'])
    if (dice.chance(6)) say(version, by, 'terminate', day())
    if (dice.chance(5)) say(version, by, 'withdraw', day())
    for (const { nation, memberFrom } of version.body.parties)
      if (memberFrom !== undefined && dice.chance(40)) say(version, nation, 'withdraw', memberFrom - DAY)
    if (!dice.chance(10)) continue
    const suspended = day()
    const of = say(version, by, 'suspend', suspended)
    if (dice.chance(60))
      for (const nation of nations) if (dice.chance(90)) say(version, nation, 'resume', suspended + dice.below(3) * DAY, of)
  }
  return notes
}

export function versions(dice: Dice, agreement: string): AgreementInForce[] {
  const list: AgreementInForce[] = []
  let from = dice.below(3) * DAY
  for (let version = 1; version <= 1 + dice.below(3); version++) {
    const since = dice.chance(8) ? { inForceSince: from + DAY / 2 } : {}
    list.push({ id: `${agreement}@${version}`, body: body(dice, agreement, version, from, list.at(-1)?.body), ...since })
    from += (1 + dice.below(8)) * DAY
  }
  const last = list.at(-1)
  if (last !== undefined && list.length > 1 && dice.chance(15)) list.push({ ...(list.pop() ?? last), narrowingOnly: true })
  return list
}

export function facts(dice: Dice): Facts {
  const pair = versions(dice, 'pair')
  const trio = dice.chance(60) ? versions(dice, 'trio') : []
  return {
    deciding: dice.one(['NOR', 'SUR']),
    agreements: [...pair, ...trio],
    ...(dice.chance(60) ? { notices: [...notices(dice, pair), ...notices(dice, trio)] } : {}),
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
    classification: dice.one(['OPEN', 'LOW', 'LOW', 'LOW', 'MID', 'HIGH']),
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
  const nation = home ? originator : dice.chance(95) ? (originator === 'NOR' ? 'SUR' : 'NOR') : 'WES'
  const at = (4 + dice.below(14)) * DAY + dice.one([0, 0, 1, -1])
  const chosen = world.agreements[dice.below(world.agreements.length)]
  const releasedAt =
    dice.chance(85) && chosen !== undefined ? Math.max(0, chosen.body.inForceFrom + dice.one([0, 1, DAY, DAY])) : dice.below(at + DAY)
  const relayed = originator === 'NOR' && nation === 'SUR' && dice.chance(20)
  const wanted = originator === 'NOR' ? (nation === 'WES' ? 'g3' : relayed ? 'g5' : 'g1') : 'g2'
  const id = dice.chance(95) ? wanted : dice.one(['g1', 'g2', 'g3', 'g4', 'g5'])
  const found = chosen?.body.grants.find((one) => one.id === id || one.id === `${id}b`)
  const basis = {
    agreement: dice.chance(97) ? (chosen?.body.agreement ?? 'pair') : 'nil',
    version: dice.chance(97) ? (chosen?.id ?? 'nil') : dice.one(['pair@1', 'pair@2', 'nil']),
    article: dice.chance(97) ? (found?.article ?? '5') : '7',
    grant: found?.id ?? wanted,
  }
  const known = (percent = 98): boolean => dice.chance(percent)
  return {
    act: dice.chance(93) ? dice.one(['open', 'show', 'list']) : dice.one(ACTS),
    person: {
      nation,
      pseudonym: 'p',
      ...(known() ? { clearance: `${nation}-${dice.one(['C1', 'C3', ...Array.from({ length: 15 }, () => 'C4'), 'C9', 'N'])}` } : {}),
      ...(known() ? { citizenships: dice.chance(90) ? [nation] : dice.some(['NOR', 'SUR', 'WES', 'XXX']) } : {}),
      ...(known() ? { areas: dice.chance(92) ? ['sea', 'sky'] : dice.some(['sea', 'sea-trade', 'sea-trade-gas', 'sky', 'soil']) } : {}),
      ...(known() ? { purpose: dice.chance(90) ? 'watch' : 'study' } : {}),
      ...(known() ? { organisation: dice.one(['office', 'office', 'office', 'office', 'office', 'agency', 'none']) } : {}),
      ...(known() ? { post: dice.one(['desk', 'desk', 'desk', 'desk', 'desk', 'head', 'none']) } : {}),
      ...(known() ? { facility: dice.one(['vault', 'vault', 'vault', 'vault', 'vault', 'tower', 'none']) } : {}),
      ...(known() ? { suspended: dice.chance(3) } : {}),
      ...(known() ? { briefings: dice.chance(88) ? MARKS : dice.some(MARKS) } : {}),
    },
    item: {
      originator,
      ...(dice.chance(96) ? { basis } : {}),
      ...(dice.chance(relayed ? 95 : 2) ? { via: dice.chance(97) ? 'WES' : 'NOR' } : {}),
      label: label(dice, originator),
      area: dice.one(['sea', 'sea-trade', 'sea-trade-gas', 'sky', ...(dice.chance(5) ? ['soil'] : [])]),
      releasedAt,
      ...(dice.chance(30) ? { expiresAt: at + dice.one([-1, 0, 1, ...Array.from({ length: 12 }, () => DAY)]) } : {}),
      stopped: dice.chance(3),
    },
    purpose: dice.chance(95) ? 'watch' : 'study',
    ...(dice.chance(15) ? { use: dice.one(USES) } : {}),
    at,
  }
}
