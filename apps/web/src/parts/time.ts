import type { Lang } from '@entente/words'

/** `11-23 (月) 18:42 JST · 0942Z`: local and universal time together, so that nobody across a border mistakes one for the other. */
export function timeText(lang: Lang, seconds: number): string {
  const at = new Date(seconds * 1_000)
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat(lang === 'ja' ? 'ja-JP' : 'en-GB', {
      month: '2-digit',
      day: '2-digit',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
      timeZoneName: 'short',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const zulu = `${at.toISOString().slice(11, 13)}${at.toISOString().slice(14, 16)}Z`
  const local = `${parts['month']}-${parts['day']} (${parts['weekday']}) ${parts['hour']}:${parts['minute']}`
  return parts['timeZoneName'] === 'UTC' ? `${local} · ${zulu}` : `${local} ${parts['timeZoneName']} · ${zulu}`
}

/** `2026-11-23`. */
export function dateText(seconds: number): string {
  const at = new Date(seconds * 1_000)
  return [at.getFullYear(), String(at.getMonth() + 1).padStart(2, '0'), String(at.getDate()).padStart(2, '0')].join('-')
}

/** `1.2 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let size = bytes / 1_000
  let unit = 0
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000
    unit++
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}
