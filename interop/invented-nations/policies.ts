/**
 * The marking schemes of two nations that exist nowhere: other numbers of levels, other scripts, other categories and
 * person rules than any scheme that comes with Entente. Codes are from the user-assigned range of ISO 3166-1.
 */
import type { Bilingual, MarkingPolicy } from '@entente/label'

/** The one that writes in the story: six levels, two neutral ones, a category that never leaves. */
export const MARVELA = 'QMV'
/** The one that receives: two levels, written in letters that are neither Latin nor Japanese. */
export const TOVENIA = 'XTO'

const COLOURS = { background: '#ffffff', text: '#1a1a1a' } as const

const same = (text: string): Bilingual => ({ en: text, ja: text })

const nations = [
  { nation: MARVELA, names: { en: 'Marvela', ja: 'マルヴェラ' } },
  { nation: TOVENIA, names: { en: 'Tovenia', ja: 'トヴェニア' } },
]

function level(code: string, order: number, banner: string, portion: string, neutral = false): MarkingPolicy['classifications'][number] {
  return {
    code,
    order,
    unmarkedRelease: neutral ? 'neutral' : 'originator',
    names: same(banner),
    banner,
    portion,
    input: [],
    colours: COLOURS,
  }
}

export const marvela: MarkingPolicy = {
  id: 'EXERCISE-QMV',
  oid: 'urn:oid:2.25.104729104729104729104729',
  nation: MARVELA,
  nationNames: { en: 'Marvela', ja: 'マルヴェラ' },
  realm: 'exercise',
  classifications: [
    level('OPEN-TABLE', 10, 'OPEN TABLE', 'T', true),
    level('HALL', 20, 'HALL ONLY', 'H', true),
    level('LANTERN', 30, 'LANTERN', 'LN'),
    level('VEIL', 40, 'VEIL', 'VL'),
    level('VAULT', 50, 'VAULT', 'VT'),
    level('DEEP-VAULT', 60, 'DEEP VAULT', 'DV'),
  ],
  categories: [
    {
      tag: 'origin-of-news',
      kind: 'restrictive',
      names: { en: 'Origin of the news', ja: '情報の出所' },
      values: [
        { code: 'HEARSAY', lowest: 'LANTERN', names: same('HEARSAY'), banner: 'HEARSAY', portion: 'HS', input: [] },
        { code: 'OWN-EYES', names: same('OWN EYES'), banner: 'OWN EYES', portion: 'OE', input: ['SEEN'] },
      ],
    },
    {
      tag: 'shelf',
      kind: 'informative',
      names: { en: 'Shelf', ja: '書架' },
      values: [{ code: 'NORTH-SHELF', names: same('NORTH SHELF'), banner: 'NORTH SHELF', portion: 'NS', input: [] }],
    },
  ],
  personRules: [
    {
      code: 'HEARTH',
      rule: 'citizens-of',
      lowest: 'LANTERN',
      nations: [MARVELA],
      names: { en: 'Citizens of Marvela only', ja: 'マルヴェラ国民限り' },
      banner: 'HEARTH',
      portion: 'HE',
    },
  ],
  clearances: [
    { code: 'LAMPLIGHTER', order: 1, names: same('Lamplighter'), classifications: ['OPEN-TABLE', 'HALL', 'LANTERN'] },
    { code: 'VEILED', order: 2, names: same('Veiled'), classifications: ['OPEN-TABLE', 'HALL', 'LANTERN', 'VEIL'] },
    { code: 'KEEPER', order: 3, names: same('Keeper'), classifications: ['OPEN-TABLE', 'HALL', 'LANTERN', 'VEIL', 'VAULT', 'DEEP-VAULT'] },
  ],
  releasableTo: nations,
  receivedMark: { en: 'From {nation}, kept as {level}', ja: '{nation}より（{level}として保管）' },
  offices: [{ code: 'EXERCISE-ARCHIVE', names: { en: 'EXERCISE Archive of Marvela', ja: '演習 マルヴェラ文書館' } }],
}

export const tovenia: MarkingPolicy = {
  id: 'EXERCISE-XTO',
  oid: 'urn:oid:2.25.299792458299792458299792458',
  nation: TOVENIA,
  nationNames: { en: 'Tovenia', ja: 'トヴェニア' },
  realm: 'exercise',
  classifications: [level('TYSHE', 1, 'ТИШЕ', 'Т', true), level('ZAKRYTO', 2, 'ЗАКРЫТО', 'З')],
  categories: [],
  personRules: [],
  clearances: [{ code: 'KLYUCH', order: 1, names: { en: 'Key', ja: '鍵' }, classifications: ['TYSHE', 'ZAKRYTO'] }],
  releasableTo: nations,
  receivedMark: { en: '{nation} gave this: {level}', ja: '{nation}提供：{level}' },
  offices: [],
}
