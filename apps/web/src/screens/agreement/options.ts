import type { Act, Duty, KeyControl, Use } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import { type ScreenKey, say } from '@entente/words'
import type { Option } from './fields.tsx'
import type { FormOf } from './form.tsx'

const ACTS: readonly Act[] = ['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive']
const USES: readonly Use[] = ['act-on', 'name-source', 'court']
const DUTIES: readonly Duty[] = ['mark-received', 'return-or-destroy', 'notify-compromise', 'no-third-party', 'no-other-use']
const KEYS: readonly KeyControl[] = ['originator', 'both', 'either']
const EVENTS = [
  'compromise-suspected',
  'compromise-report',
  'change-of-law',
  'reclassification',
  'recall-answer',
  'request-answer',
] as const

/** What can be chosen in a draft, in words of its reader's language. */
export function optionsOf({ body, base, policies, names }: Pick<FormOf, 'body' | 'base' | 'policies' | 'names'>) {
  const text = (key: ScreenKey, values = {}): string => say(names.lang, key, values)
  const phrased = (kind: string, codes: readonly string[]): readonly Option[] =>
    codes.map((value) => ({ value, name: names.phrase(`difference/${kind}-${value}`) }))
  const worded = <K extends string>(codes: readonly K[], key: (code: K) => ScreenKey): readonly Option[] =>
    codes.map((value) => ({ value, name: text(key(value)) }))
  const policy = (nation: string | undefined): MarkingPolicy | undefined => policies.find((one) => one.nation === nation)
  const of = (nation: string | undefined): readonly MarkingPolicy[] =>
    policies.filter((one) => nation === undefined || one.nation === nation)
  const nations = body.parties.map(({ nation }) => ({ value: nation, name: names.nation(nation) }))
  const levels = (nation: string | undefined): readonly Option[] =>
    (policy(nation)?.classifications ?? [])
      .toSorted((a, b) => a.order - b.order)
      .map(({ code }) => ({ value: code, name: names.level(nation ?? '', code) }))
  const clearances = (nation: string | undefined): readonly Option[] =>
    (policy(nation)?.clearances ?? [])
      .toSorted((a, b) => a.order - b.order)
      .map(({ code }) => ({ value: code, name: names.clearance(nation ?? '', code) }))
  const areasOf = (all: typeof body.areas): readonly Option[] => all.map(({ code }) => ({ value: code, name: names.area(code) }))
  const grantsOf = (all: typeof body.grants): readonly Option[] => all.map(({ id }) => ({ value: id, name: id }))
  return {
    nations,
    levels,
    clearances,
    areas: areasOf(body.areas),
    readers: [...nations, { value: 'members', name: text('room/field-members') }],
    articles: body.articles.map(({ id, title }) => ({
      value: id,
      name: text('room/shown-article', { article: id, title: title[names.lang] }),
    })),
    modes: phrased('mode', ['give', 'show']),
    acts: phrased('act', ACTS),
    uses: phrased('use', USES),
    duties: phrased('duty', DUTIES),
    keys: phrased('key', KEYS),
    events: worded(EVENTS, (event) => `room/event-${event}`),
    kinds: worded(['markings', 'clearances'] as const, (kind) => `room/kind-${kind}`),
    entries: worded(['signature', 'notes'] as const, (by) => `room/entry-${by}`),
    rhythms: worded(['on-demand', 'fixed'] as const, (kind) => `room/rhythm-${kind}`),
    lives: worded(['item', 'day', 'stable'] as const, (life) => `room/pseudonym-${life}`),
    terms: worded(['grant', 'area', 'classification', 'clearance'] as const, (kind) => `room/term-${kind}`),
    categories: (nation: string | undefined): readonly Option[] =>
      of(nation)
        .flatMap(({ categories }) => categories.flatMap(({ tag, values }) => values.map(({ code }) => `${tag}/${code}`)))
        .map((value) => ({ value, name: names.mark(value) })),
    marks: (nation: string | undefined): readonly Option[] =>
      of(nation).flatMap(({ personRules }) => personRules.map(({ code }) => ({ value: code, name: names.mark(code) }))),
    offices: (nation: string): readonly Option[] =>
      (policy(nation)?.offices ?? []).map(({ code }) => ({ value: code, name: names.office(nation, code) })),
    /** Terms of a kind: those of the version before, which may be replaced, or those of the draft. */
    termsOf: (kind: string, nation: string | undefined, side: 'before' | 'after'): readonly Option[] => {
      const { areas, grants } = side === 'before' ? base : body
      if (kind === 'area') return areasOf(areas)
      if (kind === 'grant') return grantsOf(grants)
      return kind === 'classification' ? levels(nation) : clearances(nation)
    },
  }
}
