import type { Agreement, Succession } from '@entente/agreement'
import { type Expression, and, atom, isOneOf, not, or, quoted } from './expression.ts'

/** What a policy reads of an item or a reader that a later version may call by another name. */
const SOURCES: Readonly<Record<Succession['kind'], string>> = {
  grant: 'resource.basis.grant',
  area: 'resource.area',
  classification: 'resource.classification',
  clearance: 'principal.clearance',
}

/** Whose term it is, for kinds that are a nation's. */
const OWNERS: Readonly<Partial<Record<Succession['kind'], string>>> = {
  classification: 'resource.originator',
  clearance: 'principal.nation',
}

/** One old term of what was released under version `released`, and what this version reads it as. */
interface Reading {
  readonly released: number
  readonly nation?: string
  readonly from: string
  readonly to: string
}

/**
 * The terms of one version, and how it reads those of the versions before it: the successions of every version after the one
 * of the release up to this one, in the order of versions (spec/agreement.md 4). Where there are none nothing is written.
 */
export class Terms {
  readonly #readings: ReadonlyMap<Succession['kind'], readonly Reading[]>
  readonly #later: readonly Agreement[]

  /** `earlier` are the versions before `body`, `later` those after it, oldest first. */
  constructor(body: Agreement, earlier: readonly Agreement[], later: readonly Agreement[]) {
    this.#readings = readingsOf([...earlier, body])
    this.#later = later
  }

  /** What `test` says of the term of this kind, as this version reads it. */
  read(kind: Succession['kind'], test: (term: string) => Expression): Expression {
    const readings = this.#readings.get(kind) ?? []
    return or(
      ...readings.map((reading) => and(guard(kind, reading), test(quoted(reading.to)))),
      and(...readings.map((reading) => not(guard(kind, reading))), test(SOURCES[kind])),
    )
  }

  /** Whether the term is one of these, as this version reads it; a reading that is none of them is left out. */
  isOneOf(kind: Succession['kind'], codes: readonly string[]): Expression {
    const readings = this.#readings.get(kind) ?? []
    return or(
      ...readings.filter(({ to }) => codes.includes(to)).map((reading) => guard(kind, reading)),
      and(...readings.map((reading) => not(guard(kind, reading))), isOneOf(codes, SOURCES[kind])),
    )
  }

  /**
   * What a test says of the reader's clearance, of a nation, against a table: of the clearance as this version reads it, where
   * the table has a row for that; else of every clearance of its own that later versions have put that one in the place of.
   */
  clearance(nation: string, named: readonly string[], test: ClearanceTest): Expression {
    const readings = (this.#readings.get('clearance') ?? []).filter((reading) => reading.nation === nation)
    const older = this.#older(nation)
    if (readings.length === 0 && older.length === 0) return test.ofReader
    const instead = insteadOf(older, test)
    const unread = readings.map((reading) => not(guard('clearance', reading)))
    return or(
      ...readings.map((reading) => and(guard('clearance', reading), named.includes(reading.to) ? test.ofCode(reading.to) : instead)),
      and(...unread, isOneOf(named, SOURCES.clearance), test.ofReader),
      and(...unread, not(isOneOf(named, SOURCES.clearance)), instead),
    )
  }

  /** For each state of the later versions (which have begun), what each clearance of theirs stands in the place of. */
  #older(nation: string): readonly Older[] {
    const own = (body: Agreement): readonly Succession[] =>
      (body.successions ?? []).filter((one) => one.kind === 'clearance' && one.nation === nation)
    const renaming = this.#later.filter((body) => own(body).length > 0)
    return renaming.flatMap((last, index) => {
      const begun = renaming.slice(0, index + 1)
      const state = and(
        atom(`context.begun.contains(${last.version})`),
        ...renaming.slice(index + 1, index + 2).map((next) => atom(`!context.begun.contains(${next.version})`)),
      )
      const codes = new Set(begun.flatMap((body) => own(body).map(({ to }) => to)))
      return [...codes].map((code) => ({
        state: and(state, atom(`principal.clearance == ${quoted(code)}`)),
        codes: begun.toReversed().reduce<readonly string[]>(
          (terms, body) => {
            return terms.flatMap((term) => {
              const replaced = own(body).filter(({ to }) => to === term)
              return replaced.length === 0 ? [term] : replaced.map(({ from }) => from)
            })
          },
          [code],
        ),
      }))
    })
  }
}

/** A test of a clearance: of one by its code, and of the reader's own. */
export interface ClearanceTest {
  ofCode(code: string): Expression
  readonly ofReader: Expression
}

interface Older {
  readonly state: Expression
  readonly codes: readonly string[]
}

function insteadOf(older: readonly Older[], test: ClearanceTest): Expression {
  return or(
    ...older.map(({ state, codes }) => and(state, ...codes.map((code) => test.ofCode(code)))),
    and(...older.map(({ state }) => not(state)), test.ofReader),
  )
}

/** Whether a reading is the one that counts: released under that version, with that old term. */
function guard(kind: Succession['kind'], { released, nation, from }: Reading): Expression {
  const owner = OWNERS[kind]
  return and(
    atom(`context has releasedUnder`),
    atom(`context.releasedUnder == ${released}`),
    ...(owner === undefined || nation === undefined ? [] : [atom(`${owner} == ${quoted(nation)}`)]),
    atom(`${SOURCES[kind]} == ${quoted(from)}`),
  )
}

/** Follows every old term from every version of release to the last of the chain. */
function readingsOf(chain: readonly Agreement[]): Map<Succession['kind'], readonly Reading[]> {
  const found = new Map<Succession['kind'], Reading[]>()
  const all = chain.flatMap((body) => body.successions ?? [])
  for (const { kind, nation, from } of all) {
    for (const [index, released] of chain.entries()) {
      let term = from
      for (const body of chain.slice(index + 1)) {
        const next = body.successions?.find((one) => one.kind === kind && one.nation === nation && one.from === term)
        term = next?.to ?? term
      }
      if (term === from) continue
      const known = found.get(kind) ?? []
      const reading = { released: released.version, ...(nation === undefined ? {} : { nation }), from, to: term }
      const same = known.some((one) => one.released === reading.released && one.nation === nation && one.from === from)
      if (!same) found.set(kind, [...known, reading])
    }
  }
  return found
}
