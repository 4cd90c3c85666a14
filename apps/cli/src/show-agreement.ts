import type { Agreement, AgreementTemplate, Clock, Grant, Region, Succession, Use } from '@entente/agreement'
import type { Lang } from '@entente/words'
import { timeText } from './explain.ts'

const WORDS = {
  parties: { en: 'Parties', ja: '当事国' },
  memberFrom: { en: 'member from', ja: '加盟' },
  memberUntil: { en: 'until', ja: '期限' },
  second: { en: 'two persons sign', ja: '二人の署名を要する' },
  basis: { en: 'Rests on', ja: '根拠' },
  grants: { en: 'Grants', ja: '許可' },
  prohibitions: { en: 'Prohibitions', ja: '禁止' },
  invariants: { en: 'What must never be', ja: '決してあってはならないこと' },
  delegations: { en: 'Who may release', ja: '開示できる部署' },
  clocks: { en: 'Hours', ja: '時間' },
  successions: { en: 'Terms that replace older ones', ja: '従前の用語に代わる用語' },
  provisions: { en: 'Its own life', ja: '取決めの存続' },
  markings: { en: 'Markings', ja: '標示の対応' },
  clearances: { en: 'Clearances', ja: 'クリアランスの対応' },
  noEquivalent: { en: 'none: a person decides', ja: 'なし（人が判断する）' },
  via: { en: 'by way of', ja: '中継' },
  members: { en: 'every other member', ja: '他の全加盟国' },
  floor: { en: 'from', ja: '下限' },
  days: { en: 'days', ja: '日' },
  hours: { en: 'hours', ja: '時間' },
  years: { en: 'years', ja: '年' },
  notice: { en: 'notice', ja: '予告' },
  anything: { en: 'everything', ja: 'すべて' },
  outside: { en: 'outside', ja: '以外' },
  signature: { en: 'in force by signature', ja: '署名により発効' },
  notes: { en: 'in force by exchange of notes', ja: '公文の交換により発効' },
  amendment: { en: 'amended', ja: '改正' },
  suspension: { en: 'suspended', ja: '停止' },
  termination: { en: 'terminated', ja: '終了' },
  survival: { en: 'after the end', ja: '終了後' },
  retention: { en: 'evidence kept', ja: '証跡の保存' },
  thirdParty: { en: 'third parties', ja: '第三者への提供' },
  'item-days': { en: 'no item read for longer than', ja: '閲覧期間の上限' },
  'act-on': { en: 'act on it', ja: '行動の根拠とする' },
  'name-source': { en: 'name the source', ja: '情報源を明かす' },
  court: { en: 'use before a court', ja: '裁判で用いる' },
  grant: { en: 'grant', ja: '許可' },
  area: { en: 'area', ja: '分野' },
  classification: { en: 'classification', ja: '秘密区分' },
  clearance: { en: 'clearance', ja: 'クリアランス' },
  'compromise-suspected': { en: 'a possible compromise is notified', ja: '漏えいのおそれの通知' },
  'compromise-report': { en: 'a compromise is reported on', ja: '漏えいの調査結果の報告' },
  'change-of-law': { en: 'a change of law is notified', ja: '法令の変更の通報' },
  reclassification: { en: 'a change of classification is applied', ja: '秘密区分の変更の適用' },
  'recall-answer': { en: 'a recall is answered', ja: '回収への回答' },
  'request-answer': { en: 'a request is answered', ja: '要請への回答' },
} as const satisfies Record<Clock['event'] | Succession['kind'] | Use, { en: string; ja: string }> &
  Record<string, { en: string; ja: string }>

/** An agreement for people, whole, in their language; codes and articles as they are cited. */
export function agreementLines(body: AgreementTemplate | Agreement, lang: Lang, id?: string): readonly string[] {
  const word = (name: keyof typeof WORDS): string => WORDS[name][lang]
  const section = (name: keyof typeof WORDS, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', word(name), ...lines]
  const begins = 'inForceFrom' in body ? [period(body.inForceFrom, body.inForceUntil)] : []
  return [
    `${body.title[lang]} (${body.agreement} ${body.version})`,
    body.illustrative[lang],
    ...(id === undefined ? [] : [id]),
    ...begins,
    '',
    ...body.articles.flatMap(({ id: article, title, text }) => [`${article}  ${title[lang]}`, `    ${text[lang]}`]),
    ...section(
      'parties',
      body.parties.map((party) => {
        const dates = [
          ...(party.memberFrom === undefined ? [] : [`${word('memberFrom')} ${timeText(party.memberFrom)}`]),
          ...(party.memberUntil === undefined ? [] : [`${word('memberUntil')} ${timeText(party.memberUntil)}`]),
          ...('countersigningKey' in party ? [word('second')] : []),
        ]
        return `  ${party.nation}  ${party.names[lang]}, ${party.authority[lang]}${dates.length === 0 ? '' : `  (${dates.join(', ')})`}`
      }),
    ),
    ...section(
      'basis',
      (body.basis ?? []).map(({ agreement, article }) => `  ${agreement}  (${article})`),
    ),
    ...section(
      'grants',
      body.grants.map((grant) => `+ ${grantText(grant, lang)}`),
    ),
    ...section(
      'prohibitions',
      body.prohibitions.map((rule) => `- ${rule.id}: ${regionText(rule, lang)}  (${rule.article})`),
    ),
    ...section(
      'invariants',
      (body.invariants ?? []).map(({ id: name, text, never }) => `! ${name}: ${text[lang]}  [${regionText(never, lang)}]`),
    ),
    ...section(
      'delegations',
      (body.delegations ?? []).map(
        ({ nation, office, ceiling, areas, modes, until, article }) =>
          `  ${nation} ${office}  ≤ ${ceiling}  ${areas.join(', ')}  ${modes.join(', ')}${until === undefined ? '' : `  ${word('memberUntil')} ${timeText(until)}`}  (${article})`,
      ),
    ),
    ...section(
      'clocks',
      (body.clocks ?? []).map(({ event, hours, article }) => `  ${word(event)}: ${hours} ${word('hours')}  (${article})`),
    ),
    ...section(
      'successions',
      (body.successions ?? []).map(
        ({ kind, nation, from, to, article }) =>
          `  ${word(kind)}${nation === undefined ? '' : ` (${nation})`}: ${from} → ${to}  (${article})`,
      ),
    ),
    ...section('provisions', provisionLines(body, lang)),
    ...body.equivalence.flatMap(({ kind, from, to, article, rows }) => [
      '',
      `${word(kind)}: ${from} → ${to}  (${article})`,
      ...rows.map((row) => `    ${row.from} → ${row.to ?? word('noEquivalent')}`),
    ]),
  ]
}

function period(from: number, until: number | undefined): string {
  return `${timeText(from)} –${until === undefined ? '' : ` ${timeText(until)}`}`
}

function grantText(grant: Grant, lang: Lang): string {
  const to = grant.to === 'members' ? WORDS.members[lang] : grant.to
  const via = grant.via === undefined ? '' : ` (${WORDS.via[lang]} ${grant.via})`
  const levels = `${grant.floor === undefined ? '' : `${WORDS.floor[lang]} ${grant.floor} `}≤ ${grant.ceiling}`
  const uses = grant.uses === undefined ? [] : [grant.uses.map((use) => WORDS[use][lang]).join(', ')]
  const { organisations = [], posts = [], facilities = [], citizenship, purposes } = grant.person
  return [
    `${grant.id}: ${grant.from} → ${to}${via}`,
    levels,
    grant.areas.join(', '),
    ...(grant.categories.length === 0 ? [] : [grant.categories.join(', ')]),
    grant.acts.join(', '),
    ...uses,
    [citizenship, purposes, organisations, posts, facilities]
      .filter((list) => list.length > 0)
      .map((list) => list.join(', '))
      .join('; '),
    `${grant.lifeDays} ${WORDS.days[lang]}`,
    `(${grant.mode}; ${grant.keyControl}; ${grant.article})`,
  ].join('  ')
}

/** A region as its members say it; without any it is everything. */
function regionText(region: Region, lang: Lang): string {
  const outside = (list: readonly string[] | undefined): string[] =>
    list === undefined ? [] : [lang === 'ja' ? `${list.join(', ')} ${WORDS.outside.ja}` : `${WORDS.outside.en} ${list.join(', ')}`]
  const parts = [
    ...(region.from === undefined && region.to === undefined ? [] : [`${region.from ?? '*'} → ${region.to ?? '*'}`]),
    ...(region.via === undefined ? [] : [`${WORDS.via[lang]} ${region.via}`]),
    ...(region.atLeast === undefined ? [] : [`≥ ${region.atLeast}`]),
    ...[region.areas, region.personRules, region.categories, region.acts].flatMap((list) => (list === undefined ? [] : [list.join(', ')])),
    ...(region.uses === undefined ? [] : [region.uses.map((use) => WORDS[use][lang]).join(', ')]),
    ...[
      region.citizenshipOutside,
      region.organisationsOutside,
      region.postsOutside,
      region.facilitiesOutside,
      region.purposesOutside,
    ].flatMap(outside),
  ]
  return parts.length === 0 ? WORDS.anything[lang] : parts.join('; ')
}

function provisionLines(body: AgreementTemplate | Agreement, lang: Lang): readonly string[] {
  const word = (name: keyof typeof WORDS): string => WORDS[name][lang]
  const { entry, amendment, suspension, termination, survival, retention, thirdParty } = body
  const cited = (name: 'amendment' | 'suspension' | 'thirdParty', at: { readonly article: string } | undefined): string[] =>
    at === undefined ? [] : [`  ${word(name)}  (${at.article})`]
  return [
    ...(entry === undefined ? [] : [`  ${word(entry.by)}  (${entry.article})`]),
    ...cited('amendment', amendment),
    ...cited('suspension', suspension),
    ...(termination === undefined
      ? []
      : [`  ${word('termination')}: ${word('notice')} ${termination.noticeDays} ${word('days')}  (${termination.article})`]),
    ...(survival === undefined
      ? []
      : [
          `  ${word('survival')}: ${survival.acts.join(', ')}${survival.days === undefined ? '' : `, ${survival.days} ${word('days')}`}  (${survival.article})`,
        ]),
    ...(retention === undefined
      ? []
      : [
          `  ${word('retention')}: ${retention.evidenceYears} ${word('years')}${retention.itemDays === undefined ? '' : `; ${word('item-days')} ${retention.itemDays} ${word('days')}`}  (${retention.article})`,
        ]),
    ...cited('thirdParty', thirdParty),
  ]
}
