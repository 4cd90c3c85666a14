import type { Act, Area, Duty, KeyControl, Use } from '@entente/agreement'
import type { MessageValues } from '@entente/canonical'
import type { MarkingPolicy } from '@entente/label'
import { type Cause, type DifferenceRegion, NONE, OTHER, type OfficeRegion, type SetTerms, type Side, type Terms } from './model.ts'

/** Every sentence, and every name of a term of the agreement's language, that a region is worded with. */
export type DifferencePhrase =
  | 'difference/direction'
  | 'difference/area-below'
  | 'difference/areas-all'
  | 'difference/level-range'
  | 'difference/ages-until'
  | 'difference/ages-between'
  | 'difference/ages-from'
  | 'difference/categories-free'
  | 'difference/categories-some'
  | 'difference/categories-none'
  | 'difference/categories-only'
  | 'difference/person-rules-some'
  | 'difference/person-rules-none'
  | 'difference/use-asked'
  | 'difference/clearances'
  | 'difference/clearances-for'
  | 'difference/citizenships-within'
  | 'difference/citizenships-some'
  | 'difference/citizenships-none'
  | 'difference/organisations'
  | 'difference/posts'
  | 'difference/facilities'
  | 'difference/purposes'
  | 'difference/purpose-other-asked'
  | 'difference/needs'
  | 'difference/tree-before'
  | 'difference/tree-after'
  | 'difference/tree-kept'
  | 'difference/other'
  | 'difference/none-attested'
  | 'difference/offices'
  | 'difference/terms'
  | 'difference/nothing'
  | `difference/side-${Cause['side']}`
  | `difference/cause-${Cause['kind']}`
  | `difference/act-${Act}`
  | `difference/use-${Use | 'none'}`
  | `difference/mode-${Terms['mode']}`
  | `difference/key-${KeyControl}`
  | `difference/duty-${Duty}`

/** How regions are worded: a language, its sentences by code (as the package of words gives them), and where names stand. */
export interface Wording {
  readonly lang: 'en' | 'ja'
  readonly say: (code: DifferencePhrase, values: MessageValues) => string
  readonly sides: readonly Side[]
  /** What a purpose is called, where somebody has named it: no agreement does. */
  readonly purpose?: (code: string) => string
}

/** A region in words. Each list holds whole phrases; empty where nothing is narrowed. */
export interface Described {
  readonly direction: string
  readonly areas: string
  readonly levels: string
  readonly acts: string
  /** What must be true of the item besides: categories, person rules, age, use. */
  readonly items: readonly string[]
  /** What must be true of the reader. */
  readonly readers: readonly string[]
}

/** A region in words of one language, with the names of the marking policies and of the agreements' areas. */
export function describe(region: DifferenceRegion, wording: Wording): Described {
  const names = new Names(wording)
  const { say } = wording
  return {
    direction: directionIn(region.direction, names, wording),
    areas: areasIn(region.areas, names, wording),
    levels: levelsIn(region.classifications, region.direction.from, names, wording),
    acts: names.join(region.acts.map((act) => say(`difference/act-${act}`, {}))),
    items: [
      ...marks(region, names, wording),
      ...(region.ages ?? []).map(({ fromDay, beforeDay }) => {
        if (beforeDay === undefined) return say('difference/ages-from', { from: fromDay })
        return fromDay === 0
          ? say('difference/ages-until', { before: beforeDay })
          : say('difference/ages-between', { from: fromDay, before: beforeDay })
      }),
      ...(region.uses.length === 1 && region.uses[0] === NONE
        ? []
        : [
            say('difference/use-asked', {
              uses: names.join(region.uses.map((use) => say(`difference/use-${use === NONE ? 'none' : use}`, {}))),
            }),
          ]),
    ],
    readers: readersIn(region, names, wording),
  }
}

/** What an office may release, in words. */
export function describeOffice(region: OfficeRegion, wording: Wording): Described {
  const names = new Names(wording)
  const { say } = wording
  const offices = region.offices.map((code) =>
    code === OTHER ? say('difference/other', {}) : names.term(region.direction.from, 'offices', code),
  )
  return {
    direction: directionIn(region.direction, names, wording),
    areas: areasIn(region.areas, names, wording),
    levels: levelsIn(region.classifications, region.direction.from, names, wording),
    acts: names.join(region.modes.map((mode) => say(`difference/mode-${mode}`, {}))),
    items: [],
    readers: [say('difference/offices', { offices: names.join(offices) })],
  }
}

/** Why a region opens, closes or changes, in words. */
export function describeCause(cause: Cause, { say }: Wording): string {
  const { article, rule = '', agreement } = cause
  return say(`difference/side-${cause.side}`, { what: say(`difference/cause-${cause.kind}`, { article, rule, agreement }) })
}

/** What a permission carries, in words. */
export function describeTerms({ mode, keyControl, duties, uses, lifeDays }: Terms, wording: Wording): string {
  const { say } = wording
  const names = new Names(wording)
  const listed = (list: readonly string[]): string => (list.length === 0 ? say('difference/nothing', {}) : names.join(list))
  return say('difference/terms', {
    mode: say(`difference/mode-${mode}`, {}),
    keys: say(`difference/key-${keyControl}`, {}),
    days: lifeDays,
    duties: listed(duties.map((duty) => say(`difference/duty-${duty}`, {}))),
    uses: listed(uses.map((use) => say(`difference/use-${use}`, {}))),
  })
}

/** Names of terms in one language; a code without a name stands for itself. */
class Names {
  readonly #wording: Wording
  readonly areas: readonly Area[]

  constructor(wording: Wording) {
    this.#wording = wording
    // The later side's arrangement of areas wins where both have one.
    const areas = wording.sides.toReversed().flatMap((side) => side.agreements.flatMap(({ body }) => body.areas))
    this.areas = areas.filter((area, at) => areas.findIndex((other) => other.code === area.code) === at)
  }

  join(list: readonly string[]): string {
    return list.join(this.#wording.lang === 'ja' ? '、' : ', ')
  }

  area(code: string): string {
    return this.areas.find((area) => area.code === code)?.names[this.#wording.lang] ?? code
  }

  nation(code: string): string {
    const { lang, sides } = this.#wording
    for (const { policies, agreements } of sides) {
      const party = agreements.flatMap(({ body }) => body.parties).find((one) => one.nation === code)
      const known = party?.names ?? policies.flatMap((policy) => policy.releasableTo).find((one) => one.nation === code)?.names
      if (known !== undefined) return known[lang]
    }
    return code
  }

  term(nation: string, kind: 'classifications' | 'clearances' | 'personRules' | 'offices', code: string): string {
    for (const policy of this.#policies(nation)) {
      const found: { readonly names: MarkingPolicy['nationNames'] } | undefined = policy[kind].find((one) => one.code === code)
      if (found !== undefined) return found.names[this.#wording.lang]
    }
    return code
  }

  category(nation: string, value: string): string {
    const [tag, code] = value.split('/')
    for (const policy of this.#policies(nation)) {
      const found = policy.categories.find((category) => category.tag === tag)?.values.find((one) => one.code === code)
      if (found !== undefined) return found.names[this.#wording.lang]
    }
    return value
  }

  #policies(nation: string): readonly MarkingPolicy[] {
    return this.#wording.sides.toReversed().flatMap((side) => side.policies.filter((policy) => policy.nation === nation))
  }
}

function directionIn({ from, to, via }: DifferenceRegion['direction'], names: Names, { say }: Wording): string {
  return say('difference/direction', {
    from: names.nation(from),
    to: names.nation(to),
    ...(via === undefined ? {} : { via: names.nation(via) }),
  })
}

/** As short as it can be said: an area with all below it by its own name. */
function areasIn(codes: readonly string[], names: Names, { say }: Wording): string {
  const held = new Set(codes)
  const below = (code: string): readonly string[] =>
    names.areas.filter((area) => area.parent === code).flatMap((area) => [area.code, ...below(area.code)])
  if (names.areas.length > 1 && names.areas.every((area) => held.has(area.code))) return say('difference/areas-all', {})
  const whole = (code: string): boolean => held.has(code) && below(code).every((area) => held.has(area))
  const order = [...names.areas.map((area) => area.code), ...codes].filter((code, at, all) => held.has(code) && all.indexOf(code) === at)
  const shown = order.filter((code) => {
    const parent = names.areas.find((area) => area.code === code)?.parent
    return parent === undefined || !whole(parent)
  })
  return names.join(
    shown.map((code) => {
      const name = code === OTHER ? say('difference/other', {}) : names.area(code)
      return whole(code) && below(code).length > 0 ? say('difference/area-below', { area: name }) : name
    }),
  )
}

function levelsIn(codes: readonly string[], nation: string, names: Names, { say, sides }: Wording): string {
  const terms = codes.map((code) => names.term(nation, 'classifications', code))
  const scheme = sides.flatMap((side) => side.policies.filter((policy) => policy.nation === nation))[0]?.classifications ?? []
  const order = scheme.toSorted((a, b) => a.order - b.order).map(({ code }) => code)
  const start = order.indexOf(codes[0] ?? '')
  const run = codes.length > 2 && start >= 0 && codes.every((code, at) => order[start + at] === code)
  return run ? say('difference/level-range', { low: terms[0] ?? '', high: terms.at(-1) ?? '' }) : names.join(terms)
}

function marks({ direction, categories, personRules }: DifferenceRegion, names: Names, { say }: Wording): readonly string[] {
  const category = (values: readonly string[]): string =>
    names.join(values.map((value) => (value === OTHER ? say('difference/other', {}) : names.category(direction.from, value))))
  const rules = (codes: readonly string[]): string => names.join(codes.map((code) => names.term(direction.from, 'personRules', code)))
  return [
    ...(categories === undefined ? [] : categoryPhrases(categories, category, say)),
    ...(personRules?.some ?? []).map((list) => say('difference/person-rules-some', { rules: rules(list) })),
    ...(personRules === undefined || personRules.none.length === 0
      ? []
      : [say('difference/person-rules-none', { rules: rules(personRules.none) })]),
  ]
}

function categoryPhrases(terms: SetTerms, name: (values: readonly string[]) => string, say: Wording['say']): readonly string[] {
  const allowed = [...terms.some.flat(), ...terms.any].sort()
  const rest = terms.none.includes(OTHER)
    ? [allowed.length === 0 ? say('difference/categories-free', {}) : say('difference/categories-only', { categories: name(allowed) })]
    : terms.none.length > 0
      ? [say('difference/categories-none', { categories: name(terms.none) })]
      : []
  return [...terms.some.map((list) => say('difference/categories-some', { categories: name(list) })), ...rest]
}

function readersIn(region: DifferenceRegion, names: Names, wording: Wording): readonly string[] {
  const { say } = wording
  const { citizenships, needs, purposes } = region
  const nations = (codes: readonly string[]): string =>
    names.join(codes.map((code) => (code === OTHER ? say('difference/other', {}) : names.nation(code))))
  const attested = (codes: readonly string[]): string =>
    names.join(
      codes.map((code) => (code === OTHER ? say('difference/other', {}) : code === NONE ? say('difference/none-attested', {}) : code)),
    )
  const called = wording.purpose ?? ((code: string): string => code)
  const purpose = (code: string): string => {
    if (code.startsWith('~')) return say('difference/purpose-other-asked', { purpose: called(code.slice(1)) })
    return code === OTHER || code === NONE ? attested([code]) : called(code)
  }
  return [
    ...clearancePhrases(region, names, wording),
    ...(citizenships === undefined ? [] : citizenshipPhrases(citizenships, nations, say)),
    ...(region.organisations === undefined ? [] : [say('difference/organisations', { list: attested(region.organisations) })]),
    ...(region.posts === undefined ? [] : [say('difference/posts', { list: attested(region.posts) })]),
    ...(region.facilities === undefined ? [] : [say('difference/facilities', { list: attested(region.facilities) })]),
    ...(purposes === undefined ? [] : [say('difference/purposes', { purposes: names.join(purposes.map(purpose)) })]),
    ...(needs ?? []).map((trees) =>
      say('difference/needs', {
        trees: names.join(trees.map((tree) => say(`difference/tree-${tree.side}`, { agreement: tree.agreement }))),
      }),
    ),
  ]
}

/** Classifications that the same clearances reach stand together. */
function clearancePhrases({ direction, clearances }: DifferenceRegion, names: Names, wording: Wording): readonly string[] {
  const groups = Map.groupBy(
    clearances.filter((one) => one.clearances.length > 0),
    (one) => names.join(one.clearances.map((code) => names.term(direction.to, 'clearances', code))),
  )
  return [...groups].map(([cleared, levels]) => {
    if (groups.size === 1) return wording.say('difference/clearances', { clearances: cleared })
    const codes = levels.map((one) => one.classification)
    return wording.say('difference/clearances-for', { levels: levelsIn(codes, direction.from, names, wording), clearances: cleared })
  })
}

function citizenshipPhrases(terms: SetTerms, name: (nations: readonly string[]) => string, say: Wording['say']): readonly string[] {
  const allowed = [...new Set([...terms.some.flat(), ...terms.any])].sort()
  const none = terms.none.filter((nation) => nation !== OTHER)
  return [
    ...terms.some.map((list) => say('difference/citizenships-some', { nations: name(list) })),
    ...(terms.none.includes(OTHER)
      ? [say('difference/citizenships-within', { nations: name(allowed) })]
      : none.length > 0
        ? [say('difference/citizenships-none', { nations: name(none) })]
        : []),
  ]
}
