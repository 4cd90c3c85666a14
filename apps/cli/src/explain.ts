import type { MessageValues } from '@entente/canonical'
import { type Lang, message, reasonSentence } from '@entente/words'

/** A rule's condition on a reader, as the node gives it. */
interface Condition {
  readonly code: string
  readonly article?: string
  readonly rule?: string
  readonly values: MessageValues
}

interface Readers {
  readonly number: number
  readonly at: number
  readonly atMost: number
  readonly cells: readonly {
    readonly clearance: string
    readonly area: string
    readonly role: string
    readonly count?: number
    readonly fewerThan?: number
  }[]
}

/** Who could read something, as the node answers it. */
export interface CouldRead {
  readonly item?: string
  readonly originator?: string
  readonly recipient?: string
  readonly stopped?: boolean
  readonly basis?: { readonly agreement: string; readonly article: string; readonly grant: string }
  readonly until: number
  readonly conditions: readonly Condition[]
  readonly readers?: Readers
}

const WORDS = {
  under: { en: 'under', ja: '根拠' },
  article: { en: 'article', ja: '条項' },
  until: { en: 'until', ja: '期限' },
  stopped: { en: 'stopped', ja: '利用停止' },
  reader: { en: 'a reader', ja: '閲覧者の条件' },
  counted: { en: 'readers who could, by roster statement', ja: '閲覧者数の報告による、条件を満たし得る閲覧者' },
  atMost: { en: 'at most', ja: '最大' },
  fewer: { en: 'fewer than', ja: '未満' },
  noRoster: { en: 'no roster statement: nobody is counted', ja: '閲覧者数の報告がないため、人数は示せません' },
  opened: { en: 'opened', ja: '開封' },
  acknowledged: { en: 'opened, and acknowledged', ja: '開封、受領確認済み' },
  possible: { en: 'possibly opened (not confirmed)', ja: '開封の可能性（未確認）' },
  failed: { en: 'key given, not readable', ja: '鍵は渡ったが復号できず' },
  refusals: { en: 'refusals', ja: '拒否' },
  none: { en: 'none', ja: 'なし' },
  goes: { en: 'goes', ja: '提供可' },
  stays: { en: 'stays', ja: '提供不可' },
} as const

/** A word of these screens. */
export function word(lang: Lang, name: keyof typeof WORDS): string {
  return WORDS[name][lang]
}

/** Date and minute in UTC. */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')}Z`
}

/** Who could read, under which article, until when, on which conditions, and how many by the roster. */
export function couldReadLines(lang: Lang, could: CouldRead): string[] {
  const { basis, readers } = could
  return [
    ...(basis === undefined
      ? []
      : [`${word(lang, 'under')}: ${basis.agreement}, ${word(lang, 'article')} ${basis.article} (${basis.grant})`]),
    `${word(lang, 'until')}: ${timeText(could.until)}${could.stopped === true ? `  ${word(lang, 'stopped')}` : ''}`,
    `${word(lang, 'reader')}:`,
    ...could.conditions.map(
      (condition) =>
        `  · ${message(lang, condition.code, { ...ifGiven('article', condition.article), ...ifGiven('rule', condition.rule), ...condition.values })}`,
    ),
    ...(readers === undefined ? [word(lang, 'noRoster')] : readerLines(lang, readers)),
  ]
}

function readerLines(lang: Lang, readers: Readers): string[] {
  const amount = (cell: Readers['cells'][number]): string =>
    cell.count === undefined
      ? lang === 'ja'
        ? `${cell.fewerThan ?? 0} 人${word(lang, 'fewer')}`
        : `${word(lang, 'fewer')} ${cell.fewerThan ?? 0}`
      : String(cell.count)
  return [
    `${word(lang, 'counted')} (#${readers.number}, ${timeText(readers.at)}): ${word(lang, 'atMost')} ${readers.atMost}`,
    ...readers.cells.map((cell) => `  · ${cell.clearance} / ${cell.area} / ${cell.role}: ${amount(cell)}`),
  ]
}

/** One reason of a refusal, worded with its rule and article. */
export function reasonLine(
  lang: Lang,
  reason: { readonly code: string; readonly rule?: string; readonly article?: string; readonly values: MessageValues },
): string {
  return reasonSentence(lang, reason)
}

function ifGiven(name: string, value: string | undefined): MessageValues {
  return value === undefined ? {} : { [name]: value }
}
