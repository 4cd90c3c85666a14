import {
  type JoinResult,
  type Label,
  LabelError,
  type MarkingPolicy,
  type OriginatorPart,
  joinLabels,
  parseMarking,
  printMarking,
  reachesLevel,
} from '@entente/label'

/** A caveat or a rule on persons, as a mark has it. */
export type Term =
  | { readonly kind: 'category'; readonly tag: string; readonly code: string }
  | { readonly kind: 'person'; readonly code: string }

/** A mark after a change, or what stands against the change: a code of `label` with its values. */
export type Changed =
  | { readonly ok: true; readonly marking: string; readonly dropped: readonly string[] }
  | { readonly ok: false; readonly error: LabelError }

/** The label of a marking. Throws `LabelError` with the place in the text (`values.at`) and what was nearest. */
export function labelOf(marking: string, policy: MarkingPolicy): Label {
  return parseMarking(marking, { policy, form: 'any', created: 0 })
}

/** A marking that somebody types, as it will stand before the portion. */
export function typedMarking(text: string, policy: MarkingPolicy): Changed {
  return tried(() => labelOf(text, policy), policy, [])
}

/** The mark at another level. What is not possible there is dropped, and named; an own set of nations stays. */
export function atLevel(marking: string | null, classification: string, policy: MarkingPolicy): Changed {
  return tried(
    () => {
      if (marking === null) return bare(classification, policy)
      const before = labelOf(marking, policy)
      const raised = { ...before, classification }
      return {
        ...raised,
        categories: before.categories
          .map((category) => ({
            ...category,
            values: category.values.filter((code) => isAtLevel({ kind: 'category', tag: category.tag, code }, raised, policy)),
          }))
          .filter(({ values }) => values.length > 0),
        personRules: before.personRules.filter(({ code }) => isAtLevel({ kind: 'person', code }, raised, policy)),
        originators: before.originators.map((part) => atLevelOf(part, before, classification, policy)),
      }
    },
    policy,
    marking === null ? [] : droppedAt(labelOf(marking, policy), classification, policy),
  )
}

/** What no releasability mark means moves with the level; a set that was written stays as it was written. */
function atLevelOf(part: OriginatorPart, before: Label, classification: string, policy: MarkingPolicy): OriginatorPart {
  if (part.nation !== policy.nation || before.originators.length > 1) return part
  return isUnmarkedPart(part, before.classification, policy) ? unmarkedPart(classification, policy) : part
}

function droppedAt(label: Label, classification: string, policy: MarkingPolicy): readonly string[] {
  const there = { ...label, classification }
  return termsOf(label)
    .filter((term) => !isAtLevel(term, there, policy))
    .map((term) => nameOf(term, policy))
}

/** Releases to a nation, or no longer. Only for a mark with the own nation as its one originator. */
export function toggleNation(marking: string, nation: string, policy: MarkingPolicy): Changed {
  return tried(
    () => {
      const label = labelOf(marking, policy)
      const [part] = label.originators
      if (part === undefined) return label
      const set = part.releasableTo === 'neutral' ? [policy.nation] : part.releasableTo
      const next = set.includes(nation) ? set.filter((one) => one !== nation) : [...set, nation].sort()
      const alone = next.length === 1
      return { ...label, originators: [alone ? unmarkedPart(label.classification, policy) : { nation: policy.nation, releasableTo: next }] }
    },
    policy,
    [],
  )
}

/** Adds a caveat or a rule on persons, or takes it away. */
export function toggleTerm(marking: string, term: Term, policy: MarkingPolicy): Changed {
  return tried(
    () => {
      const label = labelOf(marking, policy)
      if (term.kind === 'person') {
        const rules = label.personRules.filter(({ code }) => code !== term.code)
        const added = policy.personRules.find(({ code }) => code === term.code)
        if (rules.length < label.personRules.length || added === undefined) return { ...label, personRules: rules }
        const { rule, code, nations } = added
        return { ...label, personRules: [...rules, { rule, code, nations }].sort((a, b) => (a.code < b.code ? -1 : 1)) }
      }
      const kind = policy.categories.find(({ tag }) => tag === term.tag)?.kind ?? 'restrictive'
      const before = label.categories.find(({ tag }) => tag === term.tag)?.values ?? []
      const values = before.includes(term.code) ? before.filter((code) => code !== term.code) : [...before, term.code].sort()
      const others = label.categories.filter(({ tag }) => tag !== term.tag)
      const categories = values.length === 0 ? others : [...others, { tag: term.tag, kind, values }]
      return { ...label, categories: categories.sort((a, b) => (a.tag < b.tag ? -1 : 1)) }
    },
    policy,
    [],
  )
}

/** Everything that may be chosen beside a mark now. */
export interface Choices {
  /** Empty for a mark with another originator's say: that one is typed. */
  readonly nations: readonly { readonly nation: string; readonly on: boolean; readonly possible: boolean }[]
  readonly terms: readonly { readonly term: Term; readonly name: string; readonly on: boolean }[]
}

/** What is valid with the level of a mark, and what of it is chosen. */
export function choicesOf(marking: string, policy: MarkingPolicy): Choices {
  const label = labelOf(marking, policy)
  const [part] = label.originators
  const alone = label.originators.length === 1 && part?.nation === policy.nation
  const all: readonly Term[] = [
    ...policy.categories.flatMap(({ tag, values }) => values.map(({ code }): Term => ({ kind: 'category', tag, code }))),
    ...policy.personRules.map(({ code }): Term => ({ kind: 'person', code })),
  ]
  const held = new Set(termsOf(label).map(idOf))
  return {
    nations: alone
      ? policy.releasableTo
          .filter(({ nation }) => nation !== policy.nation)
          .map(({ nation }) => ({
            nation,
            on: part.releasableTo !== 'neutral' && part.releasableTo.includes(nation),
            possible: toggleNation(marking, nation, policy).ok,
          }))
      : [],
    terms: all
      .filter((term) => isAtLevel(term, label, policy))
      .filter((term) => held.has(idOf(term)) || toggleTerm(marking, term, policy).ok)
      .map((term) => ({ term, name: nameOf(term, policy), on: held.has(idOf(term)) })),
  }
}

/** Whether somebody who could not read it before can now: a lower level, a wider set, a caveat or rule less. */
export function isLowered(before: string, after: string, policy: MarkingPolicy): boolean {
  const joined = joinLabels([labelOf(before, policy), labelOf(after, policy)], policy)
  return !joined.ok || printMarking(joined.label, policy, { form: 'portion' }) !== after
}

/** The mark of what is made of parts with these marks; `null` where one has none, or a person must decide. */
export function jointMark(markings: readonly (string | null)[], policy: MarkingPolicy): string | null {
  if (markings.length === 0 || markings.includes(null)) return null
  const joined = jointLabel(markings, policy)
  return joined.ok ? printMarking(joined.label, policy, { form: 'portion' }) : null
}

/** The banner of a page: the join of the marks that its portions have. */
export function jointLabel(markings: readonly (string | null)[], policy: MarkingPolicy): JoinResult {
  return joinLabels(
    markings.filter((marking) => marking !== null).map((marking) => labelOf(marking, policy)),
    policy,
  )
}

function tried(make: () => Label, policy: MarkingPolicy, dropped: readonly string[]): Changed {
  try {
    return { ok: true, marking: printMarking(make(), policy, { form: 'portion' }), dropped }
  } catch (error) {
    if (!(error instanceof LabelError)) throw error
    return { ok: false, error }
  }
}

function bare(classification: string, policy: MarkingPolicy): Label {
  const originators = [unmarkedPart(classification, policy)]
  return { policy: policy.id, classification, categories: [], personRules: [], originators, created: 0 }
}

function unmarkedPart(classification: string, policy: MarkingPolicy): OriginatorPart {
  const level = policy.classifications.find(({ code }) => code === classification)
  return { nation: policy.nation, releasableTo: level?.unmarkedRelease === 'neutral' ? 'neutral' : [policy.nation] }
}

function isUnmarkedPart({ releasableTo }: OriginatorPart, classification: string, policy: MarkingPolicy): boolean {
  const unmarked = unmarkedPart(classification, policy).releasableTo
  return String(unmarked) === String(releasableTo)
}

function termsOf(label: Label): readonly Term[] {
  return [
    ...label.categories.flatMap(({ tag, values }) => values.map((code): Term => ({ kind: 'category', tag, code }))),
    ...label.personRules.map(({ code }): Term => ({ kind: 'person', code })),
  ]
}

function inPolicy(term: Term, policy: MarkingPolicy): { readonly lowest?: string; readonly banner: string } | undefined {
  if (term.kind === 'person') return policy.personRules.find(({ code }) => code === term.code)
  return policy.categories.find(({ tag }) => tag === term.tag)?.values.find(({ code }) => code === term.code)
}

function isAtLevel(term: Term, label: Label, policy: MarkingPolicy): boolean {
  const lowest = inPolicy(term, policy)?.lowest
  return lowest === undefined || reachesLevel(label.classification, lowest, policy)
}

function nameOf(term: Term, policy: MarkingPolicy): string {
  return inPolicy(term, policy)?.banner ?? term.code
}

function idOf(term: Term): string {
  return term.kind === 'person' ? `person/${term.code}` : `${term.tag}/${term.code}`
}
