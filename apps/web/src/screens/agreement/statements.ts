import { type Agreement, areaAndAbove, tableAt } from '@entente/agreement'
import type { Side } from '@entente/difference'
import { type ScreenKey, say } from '@entente/words'
import { dateText, timeText } from '../../parts/time.ts'
import type { TermNames } from '../../parts/terms.ts'
import { type ArticleRule, provisionsOf, regionWords, ruleTitle, ruleWords, rulesOfArticle } from './rules.ts'

/** What an agreement says, one sentence each, under headings: its rules, and everything beside them. */
export const RULES = ['room/edit-grants', 'room/edit-prohibitions', 'room/edit-delegations'] as const satisfies readonly ScreenKey[]
const HEADINGS = [
  ...RULES,
  'room/edit-parties',
  'room/edit-provisions',
  'room/edit-clocks',
  'room/edit-equivalence',
  'room/edit-areas',
  'room/edit-invariants',
  'room/edit-limits',
  'room/edit-basis',
  'room/edit-dates',
  'room/edit-articles',
] as const satisfies readonly ScreenKey[]
type Heading = (typeof HEADINGS)[number]

type Statements = Readonly<Record<Exclude<Heading, (typeof RULES)[number]>, readonly string[]>>

/** What no longer is said under a heading, and what is said instead. */
export interface Changed {
  readonly heading: Heading
  readonly gone: readonly string[]
  readonly new: readonly string[]
}

/** One version, and what is in force with it. */
interface Standing {
  readonly body: Agreement
  readonly side: Side
}

/** Everything in which two versions differ, in words; texts of articles by their number. */
export function statementsChanged(from: Standing, to: Standing, names: TermNames): readonly Changed[] {
  const [before, after] = [from.body, to.body]
  const [was, is] = [statementsOf(before, names, to.side.at), statementsOf(after, names, to.side.at)]
  return HEADINGS.flatMap((heading) => {
    const rules = RULES.find((one) => one === heading)
    if (rules !== undefined) {
      const { gone, come } = rulesChanged(KIND_OF[rules], from, to, names)
      return gone.length + come.length === 0 ? [] : [{ heading, gone, new: come }]
    }
    const rest = heading as Exclude<Heading, (typeof RULES)[number]>
    const [gone, come] = [less(was[rest], is[rest]), less(is[rest], was[rest])]
    const texts = heading === 'room/edit-articles' ? textsChanged(before, after, names) : []
    return gone.length + come.length + texts.length === 0 ? [] : [{ heading, gone, new: [...come, ...texts] }]
  })
}

const KIND_OF = { 'room/edit-grants': 'grant', 'room/edit-prohibitions': 'prohibition', 'room/edit-delegations': 'delegation' } as const

/** Of a rule that stays only what is said otherwise of it; one that comes or goes as a whole. */
function rulesChanged(kind: ArticleRule['kind'], from: Standing, to: Standing, names: TermNames): { gone: string[]; come: string[] } {
  const of = ({ body, side }: Standing): ReadonlyMap<string, { readonly title: string; readonly words: readonly string[] }> =>
    new Map(
      body.articles
        .flatMap(({ id }) => rulesOfArticle(body, id))
        .filter((rule) => rule.kind === kind)
        .map((rule) => [rule.id, { title: ruleTitle(rule, names), words: ruleWords(rule, body, side, names) }]),
    )
  const [was, is] = [of(from), of(to)]
  const [gone, come]: [string[], string[]] = [[], []]
  const line = (title: string, words: readonly string[]): string =>
    say(names.lang, 'room/says', { what: title, value: words.join(names.lang === 'ja' ? '。' : '; ') })
  for (const id of new Set([...was.keys(), ...is.keys()])) {
    const [old, now] = [was.get(id), is.get(id)]
    const [out, added] = [less(old?.words ?? [], now?.words ?? []), less(now?.words ?? [], old?.words ?? [])]
    if (old !== undefined && out.length > 0) gone.push(line(old.title, out))
    if (now !== undefined && added.length > 0) come.push(line(now.title, added))
  }
  return { gone, come }
}

function less(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.filter((one) => !others.includes(one))
}

function statementsOf(body: Agreement, names: TermNames, at: number): Statements {
  const { lang, join } = names
  const text = (key: ScreenKey, values = {}): string => say(lang, key, values)
  const of = (key: ScreenKey, value: string | number): string => text('room/says', { what: text(key), value })
  const articles = body.articles.map(({ id, title }) => text('room/shown-article', { article: id, title: title[lang] }))
  const provisions = body.articles.flatMap(({ id }) =>
    provisionsOf(body, id).map(([key, values]) => ({
      key,
      text: text('room/says', { what: text('room/article', { article: id }), value: text(key, values(names)) }),
    })),
  )
  const only = (wanted: (key: ScreenKey) => boolean): readonly string[] =>
    provisions.filter(({ key }) => wanted(key)).map((one) => one.text)
  return {
    'room/edit-parties': body.parties.map(({ names: name, authority, memberFrom, memberUntil, countersigningKey: second }) =>
      join([
        text('room/says', { what: name[lang], value: authority[lang] }),
        // The number is read back with the signatures; here it is enough to see that it is another key.
        second === undefined ? text('room/one-signs') : text('room/two-sign', { key: second.ed25519.slice(0, 8) }),
        ...(memberFrom === undefined ? [] : [text('room/member-from', { time: timeText(lang, memberFrom) })]),
        ...(memberUntil === undefined ? [] : [text('room/member-until', { time: timeText(lang, memberUntil) })]),
      ]),
    ),
    'room/edit-provisions': only((key) => key !== 'room/clock' && key !== 'room/table-rule'),
    'room/edit-clocks': only((key) => key === 'room/clock'),
    'room/edit-equivalence': rowsOf(body, names, at),
    'room/edit-areas': body.areas.map(({ code }) => join(areaAndAbove(body, code).map(names.area))),
    'room/edit-invariants': (body.invariants ?? []).map(({ text: said, never }) =>
      text('room/says', { what: said[lang], value: regionWords(never, names) }),
    ),
    'room/edit-limits': [
      of('room/field-pseudonym', text(`room/pseudonym-${body.pseudonymLife}`)),
      of('room/field-roster-minimum', body.rosterMinimum),
      of('room/field-compromise-hours', body.compromiseHours),
      of('room/field-openings-person', body.limits.openingsPerPersonPerDay),
      of('room/field-openings-nation', body.limits.openingsPerNationPerDay),
      of('room/field-rhythm', rhythmWords(body, lang)),
    ],
    'room/edit-basis': (body.basis ?? []).map(({ agreement, article }) =>
      text('room/says', { what: agreement, value: text('room/article', { article }) }),
    ),
    'room/edit-dates': [
      of('room/field-title', body.title[lang]),
      of('room/field-in-force', timeText(lang, body.inForceFrom)),
      ...(body.inForceUntil === undefined ? [] : [of('room/field-until', dateText(body.inForceUntil))]),
    ],
    'room/edit-articles': articles,
  }
}

function rhythmWords({ witness: { rhythm } }: Agreement, lang: TermNames['lang']): string {
  return rhythm.kind === 'fixed'
    ? say(lang, 'room/rhythm-every', { milliseconds: rhythm.milliseconds })
    : say(lang, `room/rhythm-${rhythm.kind}`)
}

/** Every row of the tables that count at a time. */
function rowsOf(body: Agreement, names: TermNames, at: number): readonly string[] {
  const { lang } = names
  return body.equivalence
    .filter((table) => tableAt(body, table.kind, table.from, table.to, Math.max(at, body.inForceFrom)) === table)
    .flatMap(({ kind, from, to, rows }) => {
      const term = (nation: string, code: string): string =>
        kind === 'markings' ? names.level(nation, code) : names.clearance(nation, code)
      const table = say(lang, 'room/table-of', { kind: say(lang, `room/kind-${kind}`), from: names.nation(from), to: names.nation(to) })
      return rows.map((row) =>
        say(lang, 'room/says', {
          what: `${table} · ${term(from, row.from)}`,
          value: row.to === undefined ? say(lang, 'room/person-decides') : term(to, row.to),
        }),
      )
    })
}

function textsChanged(before: Agreement, after: Agreement, { lang }: TermNames): readonly string[] {
  return after.articles.flatMap(({ id, title, text }) => {
    const old = before.articles.find((one) => one.id === id)
    if (old === undefined || JSON.stringify(old.text) === JSON.stringify(text)) return []
    return [say(lang, 'room/text-changed', { article: id, title: title[lang] })]
  })
}
