import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from '@entente/canonical'
import { type Agreement, completeSpecimen, readAgreementTemplate } from '@entente/agreement'
import type { Facts, Question } from '@entente/decision'
import { type Label, type MarkingPolicy, readPolicy } from '@entente/label'

const root = join(import.meta.dirname, '../../..')

export function bytesOf(path: string): Uint8Array {
  return readFileSync(join(root, path))
}

// Signatures are verified before facts are facts: here the keys only fill their place.
const key = { ed25519: 'A'.repeat(43), mldsa65: 'A'.repeat(2603) }
/** 2026-04-01T00:00:00Z. */
export const START = 1_775_001_600
export const DAY = 86_400
export const policies: readonly MarkingPolicy[] = ['aus', 'jpn'].map((nation) =>
  readPolicy(readJson(bytesOf(`nations/${nation}/nation.json`))),
)
export const first: Agreement = completeSpecimen(readAgreementTemplate(bytesOf('agreements/jpn-aus/agreement.json')), {
  authorityKeys: { AUS: key, JPN: key },
  inForceFrom: START,
})
/** The second version narrows: SECRET and the area cyber no longer go to Japan, and the item lives half a year. */
export const second: Agreement = {
  ...first,
  version: 2,
  previous: '1'.repeat(64),
  inForceFrom: START + 100 * DAY,
  grants: first.grants.map((grant) => {
    if (grant.id !== 'aus-jpn-classified') return grant
    return { ...grant, ceiling: 'PROTECTED', areas: grant.areas.filter((area) => area !== 'cyber'), lifeDays: 180 }
  }),
}
export const V1 = '1'.repeat(64)
export const V2 = '2'.repeat(64)
export const facts: Facts = {
  deciding: 'AUS',
  agreements: [
    { id: V1, body: first },
    { id: V2, body: second },
  ],
  policies,
  areas: first.areas,
}

export function label(classification: string, more: Partial<Label> = {}): Label {
  return {
    policy: 'EXERCISE-AUS',
    classification,
    categories: [],
    personRules: [],
    originators: [{ nation: 'AUS', releasableTo: ['AUS', 'JPN'] }],
    created: START,
    ...more,
  }
}

/** A Japanese reader opens an Australian SECRET item of ten days ago, and may. */
export const question: Question = {
  act: 'open',
  person: {
    nation: 'JPN',
    pseudonym: 'p',
    clearance: 'TEKIKAKU-TOKUTEI',
    citizenships: ['JPN'],
    areas: ['maritime'],
    purpose: 'assessment',
    suspended: false,
    briefings: [],
  },
  item: {
    originator: 'AUS',
    basis: { agreement: 'jpn-aus', version: V1, article: '5', grant: 'aus-jpn-classified' },
    label: label('SECRET'),
    area: 'maritime-shipping',
    releasedAt: START + DAY,
    stopped: false,
  },
  purpose: 'assessment',
  at: START + 11 * DAY,
}

type Bends = Partial<Omit<Question, 'person' | 'item'>> & {
  readonly person?: Partial<Question['person']>
  readonly item?: Partial<Question['item']>
}

/** The question with other members here and there. */
export function asked({ person, item, ...rest }: Bends = {}): Question {
  return { ...question, ...rest, person: { ...question.person, ...person }, item: { ...question.item, ...item } }
}

/** The question without some facts of the person. */
export function without(...names: readonly (keyof Question['person'])[]): Question {
  const person = Object.fromEntries(Object.entries(question.person).filter(([name]) => !names.some((one) => one === name)))
  return { ...question, person: { ...person, nation: question.person.nation, pseudonym: question.person.pseudonym } }
}
