import { nearest } from '../vocabulary.ts'
import { type Source, refusal, repair } from './marking.ts'
import { shown } from '../text.ts'
import type { CapcoWords } from './words.ts'

/**
 * The codes of a list of countries at `at`, in the order in which they are written. `separator` is the Register's: `, ` in
 * REL TO and DISPLAY ONLY, a space in FGI and JOINT, `/` in EYES ONLY. Throws `label/unknown-nation`, `label/duplicate`,
 * `label/empty-component`, and `capco/space` for another separator.
 */
export function countriesIn(source: Source, words: CapcoWords, list: string, at: number, separator: string): string[] {
  const codes: string[] = []
  let from = 0
  while (from <= list.length) {
    let end = from
    while (end < list.length && !isSeparator(list.charCodeAt(end))) end++
    const code = list.slice(from, end)
    if (!words.countries.has(code) || code === 'FGI') throw unknown(source, words, code, at + from)
    if (codes.includes(code)) repair(source, 'label/duplicate', at + from, code, '', `stands twice: \`${code}\``, { text: code })
    else codes.push(code)
    from = end
    while (from < list.length && isSeparator(list.charCodeAt(from))) from++
    if (from === list.length) {
      if (from > end) throw refusal(source, 'label/empty-component', at + end, 'a country is missing')
      break
    }
    const written = list.slice(end, from)
    if (written !== separator) {
      repair(source, 'capco/space', at + end, written, separator, `between countries stands \`${separator}\``, { text: shown(list) })
    }
  }
  return codes
}

function isSeparator(unit: number): boolean {
  return unit === 0x20 || unit === 0x2c || unit === 0x2f
}

function unknown(source: Source, words: CapcoWords, code: string, at: number): Error {
  if (code === '') return refusal(source, 'label/empty-component', at, 'a country is missing')
  const near = nearest(code, words.countries)
  const values = { text: shown(code), ...(near === undefined ? {} : { nearest: near }) }
  return refusal(source, 'label/unknown-nation', at, `unknown nation \`${shown(code)}\``, values)
}

/** Countries as the Register orders them: the own nation, nations, then communities; each by its letters. */
export function ordered(codes: readonly string[], own: string | undefined): string[] {
  return [...codes].sort((a, b) => classOf(a, own) - classOf(b, own) || (a < b ? -1 : 1))
}

/**
 * Whether a list is in order. The Register has communities after the nations; published renderings also have them in one
 * alphabet with the nations, and `mixed` allows that.
 */
export function inOrder(codes: readonly string[], own: string | undefined, mixed: boolean): boolean {
  let classes = true
  let letters = true
  for (let at = 1; at < codes.length; at++) {
    const a = codes[at - 1] as string
    const b = codes[at] as string
    const x = classOf(a, own)
    const y = classOf(b, own)
    if (x > y || (x === y && a > b)) classes = false
    if (y === 0 || (x !== 0 && a > b)) letters = false
  }
  return classes || (mixed && letters)
}

function classOf(code: string, own: string | undefined): number {
  if (code === own) return 0
  return code.length === 3 ? 1 : 2
}
