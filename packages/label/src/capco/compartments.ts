import { nearest } from '../vocabulary.ts'
import { type Entry, type Source, refusal } from './marking.ts'
import { shown } from '../text.ts'
import { type CapcoWords, PARTS } from './words.ts'

const NAME = /^[A-Z0-9]{1,16}$/u

/**
 * The values of `SI-G ABCD ACDE`: the control system, its compartment, and what lies in it, each with all that it lies in.
 * Undefined when the text is no such name. A control system that the policy does not list is read as it is: restrictive,
 * so nobody is let in by it.
 */
export function sciEntries(source: Source, words: CapcoWords, piece: string, at: number): Entry[] | undefined {
  const [head = '', ...rest] = piece.split('-')
  if (!/^[A-Z0-9]{2,16}$/u.test(head) || introducesNames(head)) return undefined
  const listed = words.words.any.get(head)
  const control = listed?.part === PARTS.sci ? listed.entries.at(-1)?.code : listed === undefined ? head : undefined
  if (control === undefined) return undefined
  const entries: Entry[] = [{ tag: 'sci', code: control }]
  for (const text of rest) {
    const [compartment = '', ...inner] = text.split(' ')
    const alias = words.words.any.get(`${control}-${compartment}`)
    const code = alias?.part === PARTS.sci ? (alias.entries.at(-1)?.code ?? '') : `${control}-${compartment}`
    for (const name of [compartment, ...inner]) {
      // EYES ONLY at the end would be read as a list of nations.
      if (!NAME.test(name) || name === 'ONLY')
        throw refusal(source, 'capco/unknown-component', at, `\`${shown(piece)}\` names no compartment`, { text: shown(piece) })
    }
    entries.push({ tag: 'sci', code }, ...inner.map((name) => ({ tag: 'sci', code: `${code}-${name}` })))
  }
  return entries
}

/** Words that introduce programs, or stand for them, and so name none. */
export function isReserved(name: string): boolean {
  return name === 'SAR' || name === 'MULTIPLE PROGRAMS' || name.startsWith('SPECIAL ACCESS REQUIRED')
}

/** What stands before programs or nicknames is no control system. */
export function introducesNames(head: string): boolean {
  return head === 'SAR' || head === 'ACCM'
}

/** Whether a name begins as a list does: written behind another nickname it would be read as that list. */
export function beginsList(name: string): boolean {
  return /^(?:REL|FGI|DISPLAY ONLY)(?: |$)/u.test(name)
}

/** The programs of `BP-J12 K15`, or a nickname of several words. Throws `capco/unknown-component`. */
export function programEntries(source: Source, piece: string, at: number): Entry[] {
  if (piece === 'MULTIPLE PROGRAMS') return [{ tag: 'sap', code: 'MULTIPLE-PROGRAMS' }]
  const [head = '', ...rest] = piece.split('-')
  const bad = () => refusal(source, 'capco/unknown-component', at, `\`${shown(piece)}\` names no program`, { text: shown(piece) })
  if (!/^[A-Z0-9]+(?: [A-Z0-9]+){0,7}$/u.test(head) || piece.length > 64 || isReserved(head)) throw bad()
  const entries: Entry[] = [{ tag: 'sap', code: head }]
  for (const text of rest) {
    const [compartment = '', ...inner] = text.split(' ')
    for (const name of [compartment, ...inner]) if (!NAME.test(name)) throw bad()
    const code = `${head}-${compartment}`
    entries.push({ tag: 'sap', code }, ...inner.map((name) => ({ tag: 'sap', code: `${code}-${name}` })))
  }
  return entries
}

/** `RD-CNWDI-SIGMA 14`, `FRD-SG 14 20`. Undefined when the text is none. Throws `capco/sigma`, `capco/cnwdi`. */
export function atomicEntries(source: Source, words: CapcoWords, piece: string, at: number): Entry[] | undefined {
  const [head = '', ...rest] = piece.split('-')
  const base = words.words.any.get(head)
  const code = base?.part === PARTS.aea ? base.entries.at(-1)?.code : undefined
  if (code === undefined || rest.length === 0) return undefined
  const entries: Entry[] = [{ tag: 'aea', code }]
  let place = at + head.length + 1
  for (const text of rest) {
    if (text === 'N' || text === 'CNWDI') {
      if (words.byCode.has(`${code}-CNWDI`)) entries.push({ tag: 'aea', code: `${code}-CNWDI` })
      else throw refusal(source, 'capco/cnwdi', place, `\`${code}\` has no CNWDI`, { source: 'DoDM 5200.01-V2 encl. 4, 8.c.3' })
    } else if (/^(?:SIGMA|SG) /u.test(text)) entries.push(...sigmas(source, code, text, place))
    else
      throw refusal(source, 'capco/unknown-component', place, `unknown \`${shown(text)}\``, {
        text: shown(text),
        nearest: `${code}-SIGMA 14`,
      })
    place += text.length + 1
  }
  return entries
}

function sigmas(source: Source, code: string, text: string, at: number): Entry[] {
  const entries: Entry[] = []
  let place = at
  for (const [index, number] of text.split(' ').entries()) {
    if (index > 0) {
      if (/^[1-9][0-9]?$/u.test(number)) entries.push({ tag: 'aea', code: `${code}-SG-${number}` })
      else
        throw refusal(source, 'capco/sigma', place, `\`${shown(number)}\` is no SIGMA`, {
          text: shown(number),
          source: 'DoDM 5200.01-V2 encl. 4, 8.d.3',
        })
    }
    place += number.length + 1
  }
  return entries
}

/**
 * The known word that a text is most like, as the form writes it, when the text is long enough for a likeness to mean anything.
 * Whether there is one does not depend on the form.
 */
export function nearestWord(words: CapcoWords, piece: string, form: Source['form']): string | undefined {
  if (piece.length < 5) return undefined
  const word = words.words.any.get(nearest(piece, words.words.any.keys()) ?? '')
  if (word !== undefined) return word[form === 'portion' ? 'portion' : 'banner']
  return nearest(piece.split(' ').slice(0, 2).join(' '), ['REL TO', 'DISPLAY ONLY'])
}
