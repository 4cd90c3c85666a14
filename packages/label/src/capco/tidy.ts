import type { LabelCode } from '../errors.ts'
import type { MarkingForm } from '../model.ts'
import { checkLength, refuseBrackets, refuseEmpty, shown } from '../text.ts'
import type { Change } from '../schemes/syntax.ts'
import { type Mode, type Source, givenAt, refusal } from './marking.ts'

const SPACE = 0x20
const STROKE = 0x2f

/**
 * The text without the brackets of a portion. Strict: it must be written as the Register writes (upper case, no space too
 * many), else it is refused at the first unit that is not. Otherwise it is brought there and the changes are noted.
 * Throws `label/too-long`, `label/empty`, `label/brackets`, `label/character`, `capco/lower-case`, `capco/space`.
 */
export function tidy(given: string, form: MarkingForm, mode: Mode): Source {
  const changes: Change[] = []
  const plain = (text: string, shift: number): Source => ({ text, given, moved: undefined, shift, mode, form, changes })
  checkLength(given)
  const text = mode === 'strict' ? given.trim() : given
  if (given.trim() === '') throw refuseEmpty({ text: given, at: 0 })
  if (mode !== 'strict') return repaired(given, form, mode, changes)
  const from = text.length === given.length ? 0 : given.length - given.trimStart().length
  const bracketed = text.charCodeAt(0) === 0x28
  if (bracketed !== text.endsWith(')')) {
    throw refuseBrackets('half', bracketed ? from : from + text.length - 1)
  }
  if (bracketed && form === 'banner') throw refuseBrackets('around', from)
  const source = bracketed ? plain(text.slice(1, -1), from + 1) : plain(text, from)
  if (source.text === '') throw refuseEmpty({ text: '', at: givenAt(source, 0) })
  checkUnits(source)
  return source
}

/** Only what the Register writes with: no unit is looked at twice, since most texts are right. */
function checkUnits(source: Source): void {
  const { text } = source
  let before = SPACE
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x61 && unit <= 0x7a) throw refusal(source, 'capco/lower-case', at, 'a marking is written in upper case')
    if (unit < SPACE || unit > 0x7e) throw refusal(source, 'label/character', at, 'a character that no marking holds')
    if (unit === 0x28 || unit === 0x29) throw refuseBrackets('inside', givenAt(source, at))
    if ((unit === SPACE && (before === SPACE || before === STROKE)) || (unit === STROKE && before === SPACE && at > 0)) {
      throw refusal(source, 'capco/space', at, 'a space too many')
    }
    before = unit
  }
  if (before === SPACE) throw refusal(source, 'capco/space', text.length - 1, 'a space too many')
}

/** What people type: full-width letters, lower case, spaces, brackets and strokes too many. */
function repaired(given: string, form: MarkingForm, mode: Mode, changes: Change[]): Source {
  const moved: number[] = []
  let text = ''
  const put = (letter: string, at: number) => {
    text += letter
    moved.push(at)
  }
  for (let at = 0; at < given.length; at++) {
    const letter = plainLetter(given.charCodeAt(at))
    if (letter === undefined) {
      const source: Source = { text, given, moved: undefined, shift: 0, mode, form, changes }
      throw refusal(source, 'label/character', at, 'a character that no marking holds')
    }
    if (letter === ' ' && (text === '' || text.endsWith(' ') || text.endsWith('/') || text.endsWith('('))) continue
    if ((letter === '/' || letter === ')') && text.endsWith(' ')) {
      text = text.slice(0, -1)
      moved.pop()
    }
    if (letter === '/' && text.endsWith('//')) continue
    put(letter, at)
  }
  let opened = 0
  if (text.startsWith('(') && text.trimEnd().endsWith(')')) {
    text = text.trimEnd().slice(1, -1)
    opened = 1
  }
  text = text.trimEnd()
  while (text.endsWith('/')) text = text.slice(0, -1)
  const source: Source = { text, given, moved: moved.slice(opened), shift: 0, mode, form, changes }
  if (text === '') throw refuseEmpty({ text, at: givenAt(source, 0) })
  const stray = text.search(/[()]/u)
  if (stray !== -1) throw refuseBrackets('inside', givenAt(source, stray))
  const inside = opened === 1 && form !== 'banner' ? `(${text})` : text
  if (inside !== given.trim()) changes.push({ at: 0, from: shown(given), to: shown(text), code: reason(given) })
  return source
}

/** The code of the refusal that a strict reading would have been. */
function reason(given: string): LabelCode {
  if (/[^\x20-\x7e]/u.test(given.trim())) return 'label/character'
  if (/[a-z]/u.test(given)) return 'capco/lower-case'
  if (/\/\)?$|\/{3}/u.test(given.trim())) return 'capco/stroke'
  return given.includes('(') && !given.includes(' ') ? 'label/brackets' : 'capco/space'
}

function plainLetter(unit: number): string | undefined {
  if (unit >= 0xff01 && unit <= 0xff5e) return String.fromCharCode(unit - 0xfee0).toUpperCase()
  if (unit >= SPACE && unit <= 0x7e) return String.fromCharCode(unit).toUpperCase()
  // Tab, no-break space, ideographic space and comma: what a word processor or a Japanese keyboard leaves.
  if (unit === 0x09 || unit === 0xa0 || unit === 0x3000) return ' '
  return unit === 0x3001 ? ',' : undefined
}
