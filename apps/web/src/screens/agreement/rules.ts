import { type Agreement, type Delegation, type Grant, type Region, areaAndAbove } from '@entente/agreement'
import { type Side, NONE, describe, describeTerms } from '@entente/difference'
import { type ScreenKey, type Values, say } from '@entente/words'
import { dateText } from '../../parts/time.ts'
import { type TermNames, wordingOf } from '../../parts/terms.ts'

/** A machine rule that rests on an article. */
export type ArticleRule =
  | { readonly kind: 'grant'; readonly id: string; readonly grant: Grant }
  | { readonly kind: 'prohibition'; readonly id: string; readonly region: Region }
  | { readonly kind: 'delegation'; readonly id: string; readonly delegation: Delegation }
  | { readonly kind: 'provision'; readonly id: string; readonly says: readonly (readonly [ScreenKey, (names: TermNames) => Values])[] }

type Saying = readonly [ScreenKey, (names: TermNames) => Values]

/** Everything that machines enforce of an article, in the order of the document. */
export function rulesOfArticle(body: Agreement, article: string): readonly ArticleRule[] {
  const mine = <T extends { readonly article: string }>(list: readonly T[] | undefined): readonly T[] =>
    (list ?? []).filter((one) => one.article === article)
  const provisions = provisionsOf(body, article)
  return [
    ...mine(body.grants).map((grant) => ({ kind: 'grant' as const, id: grant.id, grant })),
    ...mine(body.prohibitions).map((region) => ({ kind: 'prohibition' as const, id: region.id, region })),
    ...mine(body.delegations).map((delegation) => ({ kind: 'delegation' as const, id: delegation.id, delegation })),
    ...(provisions.length === 0 ? [] : [{ kind: 'provision' as const, id: `provision-${article}`, says: provisions }]),
  ]
}

/** What is provided in an article beside grants, prohibitions and delegations, each as a text and what fills it. */
export function provisionsOf(body: Agreement, article: string): readonly Saying[] {
  const { survival, retention, thirdParty, entry, amendment, suspension, termination } = body
  const here = (one: { readonly article: string } | undefined): boolean => one?.article === article
  const plain = (key: ScreenKey): Saying => [key, () => ({})]
  return [
    ...body.equivalence
      .filter((table) => table.article === article)
      .map(({ kind, from, to }): Saying => [
        'room/table-rule',
        (names) => ({ kind: say(names.lang, `room/kind-${kind}`), from: names.nation(from), to: names.nation(to) }),
      ]),
    ...(body.clocks ?? [])
      .filter((clock) => clock.article === article)
      .map(({ event, hours }): Saying => ['room/clock', (names) => ({ event: say(names.lang, `room/event-${event}`), hours })]),
    ...(body.successions ?? [])
      .filter((one) => one.article === article)
      .map(({ from, to }): Saying => ['room/succession', () => ({ from, to })]),
    ...(here(thirdParty) ? [plain('room/third-party')] : []),
    ...(here(entry) ? [plain(entry?.by === 'notes' ? 'room/entry-notes' : 'room/entry-signature')] : []),
    ...(here(amendment) ? [plain('room/amendment')] : []),
    ...(here(suspension) ? [plain('room/suspension')] : []),
    ...(here(termination) ? [['room/termination', () => ({ days: termination?.noticeDays })] as const] : []),
    ...(here(survival) && survival !== undefined
      ? [
          ['room/survival', (names: TermNames) => ({ acts: actsIn(survival.acts, names) })] as const,
          ...(survival.days === undefined ? [] : [['room/survival-days', () => ({ days: survival.days })] as const]),
        ]
      : []),
    ...(here(retention) && retention !== undefined
      ? [
          ['room/retention', () => ({ years: retention.evidenceYears })] as const,
          ...(retention.itemDays === undefined ? [] : [['room/retention-days', () => ({ days: retention.itemDays })] as const]),
        ]
      : []),
  ]
}

/** What a rule is called. */
export function ruleTitle(rule: ArticleRule, { lang }: TermNames): string {
  return say(lang, `room/${rule.kind}`, { id: rule.id })
}

/** A rule in words of one language, phrase by phrase. */
export function ruleWords(rule: ArticleRule, body: Agreement, side: Side, names: TermNames): readonly string[] {
  switch (rule.kind) {
    case 'grant':
      return grantWords(rule.grant, body, side, names)
    case 'prohibition':
      return [regionWords(rule.region, names)]
    case 'delegation':
      return [delegationWords(rule.delegation, names)]
    default:
      return rule.says.map(([key, values]) => say(names.lang, key, values(names)))
  }
}

/** A grant in words: direction and areas, levels, acts, terms, readers. */
export function grantWords(grant: Grant, body: Agreement, side: Side, names: TermNames): readonly string[] {
  const { lang } = names
  const wording = wordingOf(lang, [{ ...side, agreements: [{ id: '', body }] }])
  const policy = side.policies.find(({ nation }) => nation === grant.from)
  const order = (code: string | undefined): number | undefined => policy?.classifications.find((one) => one.code === code)?.order
  const levels = (policy?.classifications ?? [])
    .filter((one) => one.order <= (order(grant.ceiling) ?? -1) && one.order >= (order(grant.floor) ?? -Infinity))
    .toSorted((a, b) => a.order - b.order)
    .map(({ code }) => code)
  const areas = body.areas.map(({ code }) => code).filter((code) => grant.areas.some((one) => areaAndAbove(body, code).includes(one)))
  const { person } = grant
  const ends = grant.to === 'members' ? body.parties.map(({ nation }) => nation).filter((nation) => nation !== grant.from) : [grant.to]
  const described = ends.map((to) =>
    describe(
      {
        direction: { from: grant.from, to, ...(grant.via === undefined ? {} : { via: grant.via }) },
        areas,
        classifications: levels,
        acts: grant.acts,
        uses: [NONE],
        clearances: [],
        categories: { some: [], any: grant.categories, none: ['*'] },
        citizenships: { some: [], any: person.citizenship, none: ['*'] },
        ...(person.organisations === undefined ? {} : { organisations: person.organisations }),
        ...(person.posts === undefined ? {} : { posts: person.posts }),
        ...(person.facilities === undefined ? {} : { facilities: person.facilities }),
      },
      wording,
    ),
  )
  const [first] = described
  if (first === undefined) return []
  const terms = { mode: grant.mode, keyControl: grant.keyControl, duties: grant.duties, uses: grant.uses ?? [], lifeDays: grant.lifeDays }
  return [
    say(lang, 'room/rule-grant-head', { direction: names.join(described.map(({ direction }) => direction)), areas: first.areas }),
    say(lang, 'room/rule-levels', { levels: first.levels }),
    say(lang, 'room/rule-acts', { acts: first.acts }),
    ...first.items,
    describeTerms(terms, wording),
    say(lang, 'room/rule-ordinary'),
    ...first.readers,
    ...(person.purposes.length === 0 ? [] : [say(lang, 'room/rule-purposes', { list: names.join(person.purposes.map(names.purpose)) })]),
    ...(grant.foreignClients ? [say(lang, 'room/rule-foreign')] : []),
  ]
}

/** A prohibition's or an invariant's region in words. */
export function regionWords(region: Region, names: TermNames): string {
  const { lang, join } = names
  const outside = [region.organisationsOutside, region.postsOutside, region.facilitiesOutside, region.purposesOutside].flatMap(
    (list) => list ?? [],
  )
  const phrases = [
    ...(region.from === undefined ? [] : [say(lang, 'room/forbids-from', { nation: names.nation(region.from) })]),
    ...(region.to === undefined ? [] : [say(lang, 'room/forbids-to', { nation: names.nation(region.to) })]),
    ...(region.via === undefined ? [] : [say(lang, 'room/by-way', { nation: names.nation(region.via) })]),
    ...(region.areas === undefined ? [] : [say(lang, 'room/forbids-areas', { areas: join(region.areas.map(names.area)) })]),
    ...(region.atLeast === undefined || region.from === undefined
      ? []
      : [say(lang, 'room/forbids-level', { level: names.level(region.from, region.atLeast) })]),
    ...[...(region.personRules ?? []), ...(region.categories ?? [])].map((mark) =>
      say(lang, 'room/forbids-marks', { list: names.mark(mark) }),
    ),
    ...(region.acts === undefined ? [] : [say(lang, 'room/forbids-acts', { acts: actsIn(region.acts, names) })]),
    ...(region.uses === undefined
      ? []
      : [say(lang, 'room/forbids-uses', { uses: join(region.uses.map((use) => names.phrase(`difference/use-${use}`))) })]),
    ...(region.citizenshipOutside === undefined
      ? []
      : [say(lang, 'room/forbids-citizens', { nations: join(region.citizenshipOutside.map(names.nation)) })]),
    ...(outside.length === 0 ? [] : [say(lang, 'room/forbids-outside', { list: join(outside) })]),
  ]
  return say(lang, 'room/never', { what: phrases.length === 0 ? say(lang, 'room/forbids-all') : join(phrases) })
}

function delegationWords({ nation, office, ceiling, areas, modes, until }: Delegation, names: TermNames): string {
  const { lang, join } = names
  const text = say(lang, 'room/delegates', {
    office: names.office(nation, office),
    nation: names.nation(nation),
    level: names.level(nation, ceiling),
    areas: join(areas.map(names.area)),
    modes: join(modes.map((mode) => names.phrase(`difference/mode-${mode}`))),
  })
  return until === undefined ? text : join([text, say(lang, 'room/until', { date: dateText(until) })])
}

function actsIn(acts: readonly string[], names: TermNames): string {
  return names.join(acts.map((act) => names.phrase(`difference/act-${act}`)))
}
