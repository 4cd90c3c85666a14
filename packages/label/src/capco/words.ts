import { type PolicyCodes, PERSON, policyCodes } from '../policy-codes.ts'
import type { MarkingForm, MarkingPolicy, PolicyClassification } from '../model.ts'
import type { Entry } from './marking.ts'
import { oncePer } from '../once-per.ts'

/** The parts of a marking, in the order of the Register; the number is the place. */
export const PARTS = { foreign: 1, cui: 2, sci: 3, sap: 4, aea: 5, fgi: 6, dissemination: 7, nonIc: 8 } as const

/** Dissemination controls in the order of the Register. `REL`, `EYES` and `DISPLAY` stand for their lists, `PERSON` for the person rules. */
export const DISSEMINATION: readonly string[] = [
  'RSEN',
  'FOUO',
  'ORCON',
  'ORCON-USGOV',
  'IMCON',
  PERSON,
  'PROPIN',
  'REL',
  'RELIDO',
  'EYES',
  'DSEN',
  'FISA',
  'DISPLAY',
  'WAIVED',
  'FED-ONLY',
  'FEDCON',
  'NOCON',
  'DL-ONLY',
]

/** Controls from outside the intelligence community in the order of the Register; ACCM may stand anywhere among them. */
export const NON_IC: readonly string[] = ['LIMDIS', 'EXDIS', 'NODIS', 'SBU', 'SBU-NF', 'LES', 'LES-NF', 'SSI', 'NNPI']

/** The alliance whose highest level has a name of its own, as the Register writes its levels before a portion. */
export const ALLIANCE = { code: 'NATO', top: 'TOP-SECRET', topBanner: 'COSMIC TOP SECRET', topPortion: 'CTS', cosmic: 'COSMIC' } as const

/** A word of a marking: its part, its place in that part, and what it says. */
export interface Word {
  readonly part: number
  readonly rank: number
  readonly entries: readonly Entry[]
  readonly banner: string
  readonly portion: string
}

/** So many names of compartments, and fronts, are kept as read; more would let a stranger fill the memory. */
export const KEPT = 4096

/** What the front of a marking says, and where it ends in the text. */
export interface Front {
  readonly level: PolicyClassification
  readonly levelAt: number
  readonly owners: readonly string[]
  readonly end: number
}

/** The vocabulary of a policy for this syntax. */
export interface CapcoWords {
  readonly policy: MarkingPolicy
  /** The policy's own nation. */
  readonly own: string
  readonly levels: Readonly<Record<MarkingForm, ReadonlyMap<string, PolicyClassification>>>
  readonly words: Readonly<Record<MarkingForm, ReadonlyMap<string, Word>>>
  /** Listed words by code; a person rule by its code. */
  readonly byCode: ReadonlyMap<string, Word>
  /** Codes that a list of countries may hold: nations and communities. */
  readonly countries: ReadonlySet<string>
  /** Lowest order of the level that an entry may stand with, and the only codes, by code; for open values by tag. */
  readonly limits: ReadonlyMap<string, { readonly lowest?: number; readonly only?: readonly string[] }>
  /** The policy by its codes. */
  readonly known: PolicyCodes
  /** Fronts of other owners that were read before, strictly. */
  readonly fronts: Readonly<Record<MarkingForm, Map<string, Front>>>
  /** Names of compartments and atomic information that were read before. */
  readonly compartments: Map<string, readonly Entry[]>
}

/** The vocabulary of a policy; made once for each policy object. */
export const wordsOf: (policy: MarkingPolicy) => CapcoWords = oncePer((policy) => {
  const forms = <T>() => ({ banner: new Map<string, T>(), portion: new Map<string, T>(), any: new Map<string, T>() })
  const levels = forms<PolicyClassification>()
  const words = forms<Word>()
  const byCode = new Map<string, Word>()
  const limits = new Map<string, { lowest?: number; only?: readonly string[] }>()
  const known = policyCodes(policy)
  const spell = <T>(into: Record<MarkingForm, Map<string, T>>, term: T, banner: string, portion: string, input: readonly string[]) => {
    for (const text of [banner, ...input]) into.banner.set(text, term)
    into.portion.set(portion, term)
    for (const text of [banner, portion, ...input]) into.any.set(text, term)
  }
  for (const level of policy.classifications) spell(levels, level, level.banner, level.portion, level.input)
  const term = (tag: string, code: string, banner: string, portion: string, input: readonly string[]) => {
    const entries = [...ancestors(tag, code), { tag, code }]
    const word: Word = { ...placeOfWord(tag, code), entries, banner, portion }
    byCode.set(code, word)
    // What another word introduces (`EYES ONLY` after its list) is no word by itself.
    if (code !== 'EYES-ONLY') spell(words, word, banner, portion, input)
  }
  const limit = (code: string, lowest: string | undefined, only: readonly string[] | undefined) => {
    const order = known.levels.get(lowest ?? '')?.order
    if (order !== undefined || only !== undefined) {
      limits.set(code, { ...(order === undefined ? {} : { lowest: order }), ...(only === undefined ? {} : { only }) })
    }
  }
  for (const { tag, values } of policy.categories) {
    for (const { code, banner, portion, input, lowest, only } of values) {
      term(tag, code, banner, portion, input)
      limit(code, lowest, only)
    }
  }
  for (const { code, banner, portion, lowest } of policy.personRules) {
    term(PERSON, code, banner, portion, [])
    limit(code, lowest, undefined)
  }
  return {
    policy,
    own: policy.nation,
    levels,
    words,
    byCode,
    countries: new Set([...policy.releasableTo.map(({ nation }) => nation), ...(policy.communities ?? []).map(({ code }) => code)]),
    limits,
    known,
    fronts: forms<Front>(),
    compartments: new Map(),
  }
})

/** What lies around a value: `SI` and `SI-G` around `SI-G-ABCD`. A reader of the inner must be read into the outer. */
export function ancestors(tag: string, code: string): readonly Entry[] {
  if (tag !== 'sci' && tag !== 'aea' && tag !== 'sap') return []
  if (tag === 'sap' && code === 'MULTIPLE-PROGRAMS') return []
  const parts = code.split('-')
  const least = tag === 'aea' && parts.length === 3 ? [1] : Array.from({ length: parts.length - 1 }, (_, at) => at + 1)
  return least.map((length) => ({ tag, code: parts.slice(0, length).join('-') }))
}

function placeOfWord(tag: string, code: string): { readonly part: number; readonly rank: number } {
  if (tag === 'foreign-control') return { part: PARTS.foreign, rank: 0 }
  if (tag === 'sci') return { part: PARTS.sci, rank: 0 }
  if (tag === 'sap') return { part: PARTS.sap, rank: 0 }
  if (tag === 'aea') return { part: PARTS.aea, rank: 0 }
  if (tag === 'fgi') return { part: PARTS.fgi, rank: 0 }
  const nonIc = NON_IC.indexOf(code)
  if (nonIc !== -1) return { part: PARTS.nonIc, rank: nonIc }
  return { part: PARTS.dissemination, rank: DISSEMINATION.indexOf(tag === PERSON ? PERSON : code) }
}
