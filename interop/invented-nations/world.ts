/** Two invented nations, their people, their agreement and what is written between them, as folders of data. */
import type { AgreementTemplate, Grant } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MARVELA, TOVENIA, marvela, tovenia } from './policies.ts'

const AGREEMENT = 'glacier-treaty-2'
/** Held by the readers; what is written is about the part below it. */
const AREA = 'glacier'
const WRITTEN_AREA = 'glacier-moraine'

/** Marking of a file that may not go; a file without a marking goes. */
export const HELD_MARKING = 'VAULT//HEARSAY'
/** A restrictive category: who was not briefed on it does not read. */
const BRIEFED = ['origin-of-news/OWN-EYES']
const GIVEN_MARKING = `VAULT//OWN EYES//REL ${MARVELA}, ${TOVENIA}`

function article(id: string, en: string, ja: string) {
  return { id, title: { en, ja }, text: { en: `EXERCISE. ${en}, invented.`, ja: `演習。${ja}（架空）。` } }
}

function grant(
  id: string,
  from: string,
  to: string,
  levels: { readonly ceiling: string; readonly floor: string },
  given: Partial<Grant>,
): Grant {
  return {
    id,
    article: '3.2',
    from,
    to,
    areas: [AREA],
    ...levels,
    categories: [],
    mode: 'give',
    acts: ['list', 'open', 'show'],
    person: { clearance: 'equivalent', needToKnow: 'area', citizenship: [MARVELA, TOVENIA], purposes: ['rescue'] },
    keyControl: 'both',
    duties: ['mark-received', 'no-third-party'],
    lifeDays: 9,
    foreignClients: false,
    ...given,
  }
}

const template: AgreementTemplate = {
  agreement: AGREEMENT,
  realm: 'exercise',
  version: 1,
  title: { en: 'Specimen treaty of two invented nations (EXERCISE)', ja: '架空の二国間の条約の見本（演習用）' },
  illustrative: { en: 'Written by a test. No such nations exist.', ja: '試験のために作成。このような国は存在しない。' },
  parties: [
    {
      nation: MARVELA,
      names: { en: 'Marvela', ja: 'マルヴェラ' },
      authority: { en: 'EXERCISE Warden of Marvela', ja: '演習・マルヴェラ守護官' },
    },
    {
      nation: TOVENIA,
      names: { en: 'Tovenia', ja: 'トヴェニア' },
      authority: { en: 'EXERCISE Chancery of Tovenia', ja: '演習・トヴェニア尚書院' },
    },
  ],
  articles: [
    article('1', 'Reading of markings', '標記の読替え'),
    article('2.1', 'Who may read', '取扱者'),
    article('3.2', 'What is given', '提供'),
    article('7.1.4', 'What is never given', '提供の禁止'),
  ],
  areas: [
    { code: AREA, names: { en: 'Glacier', ja: '氷河' } },
    { code: WRITTEN_AREA, parent: AREA, names: { en: 'Moraine', ja: '堆石' } },
    { code: 'glacier-lake', parent: AREA, names: { en: 'Lakes', ja: '氷河湖' } },
  ],
  equivalence: [
    {
      kind: 'markings',
      from: MARVELA,
      to: TOVENIA,
      article: '1',
      rows: [
        { from: 'OPEN-TABLE' },
        { from: 'HALL', to: 'TYSHE' },
        { from: 'LANTERN', to: 'TYSHE' },
        { from: 'VEIL', to: 'ZAKRYTO' },
        { from: 'VAULT', to: 'ZAKRYTO' },
        { from: 'DEEP-VAULT' },
      ],
    },
    {
      kind: 'markings',
      from: TOVENIA,
      to: MARVELA,
      article: '1',
      rows: [
        { from: 'TYSHE', to: 'HALL' },
        { from: 'ZAKRYTO', to: 'DEEP-VAULT' },
      ],
    },
    {
      kind: 'clearances',
      from: TOVENIA,
      to: MARVELA,
      article: '1',
      rows: [{ from: 'KLYUCH', to: 'KEEPER' }],
    },
    {
      kind: 'clearances',
      from: MARVELA,
      to: TOVENIA,
      article: '1',
      rows: [{ from: 'LAMPLIGHTER' }, { from: 'VEILED' }, { from: 'KEEPER', to: 'KLYUCH' }],
    },
  ],
  grants: [
    grant('out-closed', MARVELA, TOVENIA, { floor: 'LANTERN', ceiling: 'VAULT' }, { categories: ['origin-of-news/OWN-EYES'] }),
    grant('out-neutral', MARVELA, TOVENIA, { floor: 'OPEN-TABLE', ceiling: 'HALL' }, { keyControl: 'originator', lifeDays: 400 }),
    grant('back', TOVENIA, MARVELA, { floor: 'TYSHE', ceiling: 'ZAKRYTO' }, {}),
  ],
  prohibitions: [
    { id: 'never-hearsay', article: '7.1.4', from: MARVELA, categories: ['origin-of-news/HEARSAY'] },
    { id: 'never-hearth', article: '7.1.4', personRules: ['HEARTH'] },
  ],
  witness: {
    partnerOpening: 'partner-cosigned',
    ownOpening: 'second-witness-cosigned',
    releasesAndStops: 'durable',
    rhythm: { kind: 'on-demand' },
  },
  pseudonymLife: 'day',
  rosterMinimum: 2,
  limits: { openingsPerPersonPerDay: 50, openingsPerNationPerDay: 500 },
  compromiseHours: 6,
  suite: 'entente-1',
}

interface Invented {
  readonly id: string
  readonly roles: readonly string[]
  readonly level?: string
  readonly areas?: readonly string[]
  readonly briefings?: readonly string[]
  readonly ceiling?: string
}

function people(nation: string, invented: readonly Invented[]) {
  return invented.map(({ id, roles, level, areas = [], briefings, ceiling }) => ({
    id,
    names: { en: `${id} of ${nation} (EXERCISE)`, ja: `${nation}の${id}（演習）` },
    duty: { en: roles.join(', '), ja: roles.join('・') },
    roles,
    ...(level === undefined
      ? {}
      : {
          clearance: {
            level,
            citizenships: [nation],
            days: 40,
            areas: areas.map((area) => ({ area, role: 'reader', purposes: ['rescue'] })),
            ...(briefings === undefined ? {} : { briefings }),
          },
        }),
    ...(ceiling === undefined ? {} : { delegation: { ceiling, areas: [AREA], days: 40 } }),
  }))
}

function nation(policy: MarkingPolicy, at: { readonly folder: string; readonly port: number }, persons: readonly Invented[]) {
  return {
    nation: policy.nation,
    names: policy.nationNames,
    folder: at.folder,
    domain: `${at.folder}.entente.example`,
    people: { host: `${at.folder}.localhost`, port: at.port },
    partner: { port: at.port + 100 },
    persons: people(policy.nation, persons),
  }
}

function report(day: number, portions: readonly (readonly [marking: string, en: string, ja: string])[]) {
  return {
    title: { en: `EXERCISE: moraine, day ${day}`, ja: `演習：堆石、${day}日目` },
    portions: portions.map(([marking, en, ja]) => ({
      marking,
      texts: [
        { lang: 'en', text: `EXERCISE. ${en}` },
        { lang: 'ja', text: `演習。${ja}` },
      ],
    })),
  }
}

const later = (day: number) => report(day, [[GIVEN_MARKING, `On day ${day} the ice moved.`, `${day}日目、氷が動いた。`]])

const world = {
  version: 1,
  realm: 'exercise',
  title: { en: 'EXERCISE: two invented nations', ja: '演習：架空の二国' },
  agreement: AGREEMENT,
  nations: [
    nation(marvela, { folder: 'marvela', port: 15_801 }, [
      { id: 'quill', roles: ['author'], level: 'KEEPER', areas: [AREA], briefings: BRIEFED },
      { id: 'seal', roles: ['author', 'disclosure-officer'], level: 'KEEPER', areas: [AREA], briefings: BRIEFED, ceiling: 'VAULT' },
      { id: 'watch', roles: ['security-officer'], ceiling: 'DEEP-VAULT' },
      { id: 'book', roles: ['auditor'] },
      { id: 'lens', roles: ['reader'], level: 'KEEPER', areas: [AREA, WRITTEN_AREA], briefings: ['origin-of-news/HEARSAY', ...BRIEFED] },
      { id: 'gate', roles: ['clearance-officer'] },
    ]),
    nation(tovenia, { folder: 'tov', port: 15_802 }, [
      { id: 'vera-1', roles: ['reader'], level: 'KLYUCH', areas: [AREA], briefings: BRIEFED },
      { id: 'boris-2', roles: ['reader'], level: 'KLYUCH', areas: ['glacier-lake'], briefings: BRIEFED },
      { id: 'pavel-3', roles: ['reader'] },
      { id: 'guard-4', roles: ['security-officer'], ceiling: 'ZAKRYTO' },
      { id: 'clerk-5', roles: ['clearance-officer'] },
      { id: 'ledger-6', roles: ['auditor'] },
    ]),
  ],
  story: {
    originator: MARVELA,
    recipient: TOVENIA,
    area: WRITTEN_AREA,
    purpose: 'rescue',
    cast: {
      author: 'quill',
      disclosureOfficer: 'seal',
      securityOfficer: 'watch',
      ownReader: 'lens',
      firstReader: 'vera-1',
      secondReader: 'boris-2',
      thirdReader: 'pavel-3',
      recipientSecurityOfficer: 'guard-4',
      recipientClearanceOfficer: 'clerk-5',
      auditors: { [MARVELA]: 'book', [TOVENIA]: 'ledger-6' },
    },
    fileMarking: GIVEN_MARKING,
    first: report(1, [
      ['HALL ONLY', 'The hut was reached.', '小屋に着いた。'],
      [GIVEN_MARKING, 'A crevasse opened. Reference word: {canary}.', '裂け目が開いた。照合語：{canary}。'],
      [HELD_MARKING, 'Somebody told so. Reference word: {held-canary}.', '人から聞いた。照合語：{held-canary}。'],
      ['VEIL//HEARTH', 'Who told stays at home.', '誰が話したかは国内に留める。'],
    ]),
    second: later(2),
    third: later(3),
    fourth: later(4),
  },
}

/** Writes the world into `folder`, as `demo --world` reads it. */
export async function writeInventedWorld(folder: string): Promise<void> {
  const files: readonly (readonly [string, unknown])[] = [
    ['world.json', world],
    ['nations/marvela/nation.json', marvela],
    ['nations/tov/nation.json', tovenia],
    [`agreements/${AGREEMENT}/agreement.json`, template],
  ]
  for (const [path, value] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), `${JSON.stringify(value, null, 2)}\n`)
  }
}
