import { type Json, canonicalText } from '@entente/canonical'
import { type Question, readQuestion } from '@entente/decision'
import type { HostileReader } from '../../canonical/test/hostile-documents.ts'
import { V1, label, question } from './specimen.ts'

export const description = 'EXERCISE. Questions: with all that can be known, and with nothing that need not be.'

/** Everything that a question can say. */
export const whole: Question = {
  ...question,
  person: { ...question.person, organisation: 'agency', post: 'desk', facility: 'vault' },
  item: { ...question.item, via: 'XLO', expiresAt: 1_800_000_000 },
  use: 'act-on',
}
const bare: Question = {
  act: 'list',
  person: { nation: 'JPN', pseudonym: 'p' },
  item: {
    originator: 'JPN',
    label: label('HI', { policy: 'EXERCISE-JPN', originators: [{ nation: 'JPN', releasableTo: ['JPN'] }] }),
    area: 'maritime',
    releasedAt: 0,
    stopped: false,
  },
  purpose: 'assessment',
  at: 0,
}

function text(value: unknown): string {
  return canonicalText(value as Json)
}

export const readers: readonly HostileReader[] = [
  {
    parser: 'readQuestion',
    read: readQuestion,
    good: [text(whole), text(bare)],
    bad: [
      ['an unknown member of the person', text({ ...bare, person: { ...bare.person, rank: 'general' } })],
      ['an act that there is not', text({ ...bare, act: 'burn' })],
      [
        'a version that is no id',
        text({ ...whole, item: { ...whole.item, basis: { agreement: 'jpn-aus', version: V1.slice(1), article: '5', grant: 'g' } } }),
      ],
      ['a suspension that is a word', text({ ...bare, person: { ...bare.person, suspended: 'false' } })],
    ],
  },
]
