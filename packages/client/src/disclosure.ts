import { type MessageValues, type Shape, shapes } from '@entente/canonical'
import * as v from 'valibot'

/** One thing in the way, or one condition: `words` has its sentence, by code, values, rule and article. */
export interface DisclosureReason {
  readonly code: string
  readonly rule?: string
  readonly article?: string
  readonly values: MessageValues
  /** The nearest change that would help; a code of `words`. */
  readonly nearest?: string
}

/** What becomes of one portion. */
export type PortionOutcome =
  | {
      readonly id: string
      readonly goes: true
      readonly acts: readonly string[]
      /** Its classification in the receiver's terms, or `person-decides`. */
      readonly marking: string
    }
  | { readonly id: string; readonly goes: false; readonly reasons: readonly DisclosureReason[] }

/** How many could read it, by the partner's roster. A cell has a count, or a number that it is below. */
export interface ReaderCounts {
  readonly number: number
  readonly at: number
  readonly cells: readonly {
    readonly clearance: string
    readonly area: string
    readonly role: string
    readonly count?: number
    readonly fewerThan?: number
  }[]
  readonly atMost: number
}

/** One grant under which something might go. */
export interface DisclosureOption {
  readonly basis: { readonly agreement: string; readonly version: string; readonly article: string; readonly grant: string }
  readonly version: number
  readonly mode: 'show' | 'give'
  readonly keyControl: 'originator' | 'both' | 'either'
  readonly duties: readonly string[]
  readonly foreignClients: boolean
  readonly until: number
  readonly portions: readonly PortionOutcome[]
  readonly reasons: readonly DisclosureReason[]
  readonly conditions: readonly DisclosureReason[]
  readonly readers?: ReaderCounts
}

/** What of a draft may go to one nation, and why. */
export interface Disclosure {
  readonly explanation: { readonly options: readonly DisclosureOption[]; readonly stay: readonly string[] }
  /** Place in `explanation.options` of the grant that the tear line rests on; absent when nothing would go. */
  readonly option?: number
  readonly portions: readonly PortionOutcome[]
  /** Absent while none has come: then nobody is counted. */
  readonly roster?: { readonly agreement: string; readonly at: number; readonly number: number }
  readonly tearLine: readonly string[]
  readonly banner?: string
  /** Why there is no banner. */
  readonly personDecides?: string
  readonly tearLineBanner?: string
  readonly ownReaderCount?: number
  /** For disclosure officers only. */
  readonly ownReaders?: readonly { readonly person: string; readonly names: { readonly en: string; readonly ja: string } }[]
}

const text = v.pipe(v.string(), v.maxLength(4_096))
export const reasonShape: Shape<DisclosureReason> = v.object({
  code: text,
  rule: v.exactOptional(text),
  article: v.exactOptional(text),
  values: v.record(v.string(), v.union([v.string(), v.number()])),
  nearest: v.exactOptional(text),
})
export const readerCountsShape: Shape<ReaderCounts> = v.object({
  number: shapes.natural,
  at: shapes.instant,
  cells: v.array(
    v.object({
      clearance: text,
      area: text,
      role: text,
      count: v.exactOptional(shapes.natural),
      fewerThan: v.exactOptional(shapes.natural),
    }),
  ),
  atMost: shapes.natural,
})
const portion: Shape<PortionOutcome> = v.variant('goes', [
  v.object({ id: text, goes: v.literal(true), acts: v.array(text), marking: text }),
  v.object({ id: text, goes: v.literal(false), reasons: v.pipe(v.array(reasonShape), v.minLength(1)) }),
])
const option: Shape<DisclosureOption> = v.object({
  basis: v.object({ agreement: text, version: shapes.sha256, article: text, grant: text }),
  version: shapes.natural,
  mode: v.picklist(['show', 'give']),
  keyControl: v.picklist(['originator', 'both', 'either']),
  duties: v.array(text),
  foreignClients: v.boolean(),
  until: shapes.instant,
  portions: v.array(portion),
  reasons: v.array(reasonShape),
  conditions: v.array(reasonShape),
  readers: v.exactOptional(readerCountsShape),
})

/** The answer, but that `option` may point nowhere. */
const answer = v.object({
  explanation: v.object({ options: v.array(option), stay: v.array(text) }),
  option: v.exactOptional(shapes.natural),
  portions: v.array(portion),
  roster: v.exactOptional(v.object({ agreement: text, at: shapes.instant, number: shapes.natural })),
  tearLine: v.array(text),
  banner: v.exactOptional(text),
  personDecides: v.exactOptional(text),
  tearLineBanner: v.exactOptional(text),
  ownReaderCount: v.exactOptional(shapes.natural),
  ownReaders: v.exactOptional(v.array(v.object({ person: text, names: v.object({ en: text, ja: text }) }))),
})

export const disclosureShape: Shape<Disclosure> = v.pipe(
  answer,
  v.check(({ option: at, explanation }) => at === undefined || at < explanation.options.length, 'no such option'),
)
