import type { MarkingForm, MarkingPolicy } from '../model.ts'
import { beginsList, nearestWord, atomicEntries, programEntries, sciEntries } from './compartments.ts'
import { inOrder, ordered, countriesIn } from './countries.ts'
import { frontOf } from './level.ts'
import { type Entry, type Marking, type Mode, type Source, add, has, narrow, refusal, repair } from './marking.ts'
import { shown } from '../text.ts'
import { checkRules } from './rules.ts'
import { tidy } from './tidy.ts'
import { type CapcoWords, DISSEMINATION, KEPT, PARTS, wordsOf } from './words.ts'

/** Where the reading stands: the part and the place in it that was read last, and what an open list goes on with. */
interface Cursor {
  readonly source: Source
  readonly words: CapcoWords
  readonly marking: Marking
  part: number
  rank: number
  list: '' | 'program' | 'nickname' | 'rel' | 'display'
  last: string
}

const PLACE = {
  rel: DISSEMINATION.indexOf('REL'),
  eyes: DISSEMINATION.indexOf('EYES'),
  display: DISSEMINATION.indexOf('DISPLAY'),
} as const

const EYES = ' EYES ONLY'
const SAR = ['SAR-', 'SPECIAL ACCESS REQUIRED-'] as const

/** A text read as a marking of the Register, its rules checked (spec/label.md, United States). Throws `LabelError` with `values.at`. */
export function readMarking(text: string, policy: MarkingPolicy, form: MarkingForm, mode: Mode): { marking: Marking; source: Source } {
  const words = wordsOf(policy)
  const source = tidy(text, form, mode)
  const { level, levelAt, owners, end } = frontOf(source, words)
  const marking: Marking = { words, level, levelAt, owners, entries: [], ats: [], rel: undefined, relAt: 0 }
  const cursor: Cursor = { source, words, marking, part: 0, rank: 0, list: '', last: '' }
  const all = source.text
  let at = end
  while (at < all.length) {
    const double = all.charCodeAt(at + 1) === 0x2f
    const start = at + (double ? 2 : 1)
    const stroke = all.indexOf('/', start)
    const stop = stroke === -1 ? all.length : stroke
    const piece = all.slice(start, stop)
    if (piece === '') throw refusal(source, 'label/empty-component', start, 'nothing stands between two strokes')
    at = readPiece(cursor, piece, start, double, stop)
  }
  checkRules(marking, source)
  return { marking, source }
}

/** Reads what begins with `piece`; returns where it ends: EYES ONLY goes on over strokes. */
function readPiece(cursor: Cursor, piece: string, at: number, double: boolean, stop: number): number {
  const { words, source } = cursor
  if (!double && cursor.list === 'program') {
    const again = SAR.find((prefix) => piece.startsWith(prefix))
    if (again !== undefined) repair(source, 'label/duplicate', at, again, '', `stands twice: \`${again}\``, { text: again })
    const name = piece.slice(again?.length ?? 0)
    for (const entry of programEntries(source, name, at)) add(cursor.marking, entry, at)
    return stop
  }
  const word = words.words[source.form].get(piece)
  if (word !== undefined) {
    if (word.part === PARTS.sci) readControl(cursor, word.entries, piece, at, double)
    else {
      step(cursor, word.part, word.rank, piece, at, double)
      put(cursor, word.entries, piece, at)
      if (word.part === PARTS.sap && piece.startsWith(SAR[0])) cursor.list = 'program'
    }
    return stop
  }
  if (readList(cursor, piece, at, double) || readNamed(cursor, piece, at, double)) return stop
  const eyes = readEyes(cursor, piece, at, double)
  if (eyes !== undefined) return eyes
  readOther(cursor, piece, at, double)
  return stop
}

/** One stroke inside a part, two between parts, the parts and the words in each in the order of the Register. */
function step(cursor: Cursor, part: number, rank: number, piece: string, at: number, double: boolean): void {
  const { source } = cursor
  if (double === (part === cursor.part)) {
    const written = double ? '//' : '/'
    const right = double ? '/' : '//'
    repair(source, 'capco/stroke', at - written.length, written, right, `before \`${shown(piece)}\` stands \`${right}\``, {
      text: shown(piece),
    })
  }
  if (part < cursor.part || (part === cursor.part && rank < cursor.rank)) {
    outOfOrder(cursor, piece, cursor.last, at, part === cursor.part ? '/' : '//')
  }
  cursor.part = part
  cursor.rank = rank
  cursor.list = ''
  cursor.last = piece
}

function outOfOrder({ source }: Cursor, piece: string, before: string, at: number, stroke: string): void {
  const [first, second] = [shown(piece), shown(before)]
  const message = `\`${first}\` stands before \`${second}\``
  repair(source, 'capco/order', at, second + stroke + first, first + stroke + second, message, { text: first, before: second })
}

/** Adds what a word says; the last of the entries is the word itself, the others are what it lies in. */
function put(cursor: Cursor, entries: readonly Entry[], piece: string, at: number): void {
  const { marking, source } = cursor
  const own = entries[entries.length - 1]
  if (own !== undefined && has(marking, own.tag, own.code)) {
    repair(source, 'label/duplicate', at, piece, '', `stands twice: \`${shown(piece)}\``, { text: shown(piece) })
  }
  for (const entry of entries) add(marking, entry, at)
}

/** REL TO, DISPLAY ONLY and FGI, each with its list. */
function readList(cursor: Cursor, piece: string, at: number, double: boolean): boolean {
  const { source, words, marking } = cursor
  if (piece === 'REL') throw refusal(source, 'capco/rel-needs-banner', at, '`REL` alone says what its banner says', { text: piece })
  if (piece.startsWith('REL TO ') || (source.mode !== 'strict' && piece.startsWith('REL '))) {
    step(cursor, PARTS.dissemination, PLACE.rel, piece, at, double)
    if (marking.rel !== undefined) throw refusal(source, 'label/duplicate', at, 'stands twice: `REL TO`', { text: 'REL TO' })
    const skip = piece.startsWith('REL TO ') ? 7 : 4
    if (skip === 4) repair(source, 'capco/unknown-component', at, 'REL', 'REL TO', 'REL is written REL TO')
    cursor.list = 'rel'
    marking.rel = countriesIn(source, words, piece.slice(skip), at + skip, ', ')
    marking.relAt = at
    return true
  }
  if (piece.startsWith('DISPLAY ONLY ')) {
    step(cursor, PARTS.dissemination, PLACE.display, piece, at, double)
    if (marking.entries.some(({ tag }) => tag === 'display-only')) {
      throw refusal(source, 'label/duplicate', at, 'stands twice: `DISPLAY ONLY`', { text: 'DISPLAY ONLY' })
    }
    const codes = countriesIn(source, words, piece.slice(13), at + 13, ', ')
    if (!inOrder(codes, undefined, true)) {
      const sorted = ordered(codes, undefined).join(', ')
      const values = { text: codes.join(', '), nearest: `DISPLAY ONLY ${sorted}`, source: 'DoDM 5200.01-V2 encl. 4, 10.g.5' }
      repair(source, 'capco/country-order', at, codes.join(', '), sorted, 'countries stand in order', values)
    }
    for (const code of codes) add(marking, { tag: 'display-only', code }, at)
    cursor.list = 'display'
    return true
  }
  if (
    !double &&
    (cursor.list === 'rel' || cursor.list === 'display') &&
    words.countries.has(piece) &&
    !source.text.startsWith(EYES, at + piece.length)
  ) {
    repair(source, 'capco/stroke', at - 1, '/', ', ', 'countries are parted by commas', { text: shown(piece) })
    if (cursor.list === 'rel') marking.rel = [...(marking.rel ?? []), piece]
    else add(marking, { tag: 'display-only', code: piece }, at)
    return true
  }
  if (!piece.startsWith('FGI ')) return false
  step(cursor, PARTS.fgi, 0, piece, at, double)
  if (marking.entries.some(({ tag }) => tag === 'fgi')) throw refusal(source, 'label/duplicate', at, 'stands twice: `FGI`', { text: 'FGI' })
  readForeignSources(cursor, countriesIn(source, words, piece.slice(4), at + 4, ' '), at)
  return true
}

function readForeignSources({ source, words, marking }: Cursor, codes: readonly string[], at: number): void {
  if (codes.includes(words.own)) {
    narrow(source, 'capco/fgi-own', at, 'the own nation is no foreign source', { source: 'DoDM 5200.01-V2 encl. 4, 9' })
  }
  const foreign = codes.filter((code) => code !== words.own)
  if (!inOrder(foreign, undefined, false)) {
    const sorted = ordered(foreign, undefined).join(' ')
    const values = { text: foreign.join(' '), nearest: `FGI ${sorted}`, source: 'DoDM 5200.01-V2 encl. 4, 9.d' }
    repair(source, 'capco/country-order', at, foreign.join(' '), sorted, 'countries stand in order', values)
  }
  for (const code of foreign) add(marking, { tag: 'fgi', code }, at)
}

/** SAR programs and ACCM nicknames: what stands behind the first is open. */
function readNamed(cursor: Cursor, piece: string, at: number, double: boolean): boolean {
  const { source, marking } = cursor
  const sar = SAR.find((prefix) => piece.startsWith(prefix))
  if (sar !== undefined) {
    step(cursor, PARTS.sap, 0, piece, at, double)
    for (const entry of programEntries(source, piece.slice(sar.length), at + sar.length)) add(marking, entry, at)
    cursor.list = 'program'
    return true
  }
  const nickname = piece.startsWith('ACCM-') ? piece.slice(5) : undefined
  const goesOn = !double && cursor.list === 'nickname'
  // Published examples write nicknames, which have two words, without their prefix at the very end.
  const bare = double && cursor.part >= PARTS.dissemination && /^[A-Z]{2,16} [A-Z]{2,16}$/u.test(piece)
  if (nickname === undefined && !goesOn && !bare) return false
  const name = nickname ?? piece
  if (!/^[A-Z0-9]+(?: [A-Z0-9]+){0,7}$/u.test(name) || name.length > 64) return false
  // A word of the Register is never a nickname, in neither form; without a prefix, nor is what may be meant for one.
  if (cursor.words.words.any.has(name) || beginsList(name) || (bare && nearestWord(cursor.words, piece, source.form) !== undefined))
    return false
  step(cursor, PARTS.nonIc, cursor.part === PARTS.nonIc ? cursor.rank : 0, piece, at, double)
  put(cursor, [{ tag: 'accm', code: name }], piece, at)
  cursor.list = 'nickname'
  return true
}

/** `XKA/XLO EYES ONLY`: the list stands before its words. */
function readEyes(cursor: Cursor, piece: string, at: number, double: boolean): number | undefined {
  const { source, words, marking } = cursor
  if (!words.countries.has(piece) && !piece.endsWith(EYES)) return undefined
  const { text } = source
  const end = text.indexOf(EYES, at)
  const list = end === -1 ? '' : text.slice(at, end)
  if (end === -1 || list.includes('//')) return undefined
  step(cursor, PARTS.dissemination, PLACE.eyes, piece, at, double)
  if (marking.rel !== undefined) {
    throw refusal(source, 'capco/exclusive', at, 'EYES ONLY does not stand beside REL TO', { text: 'EYES ONLY', other: 'REL TO' })
  }
  marking.rel = countriesIn(source, words, list, at, '/')
  marking.relAt = at
  add(marking, { tag: 'handling', code: 'EYES-ONLY' }, at)
  return end + EYES.length
}

/** Words of open categories, words of the other form, and what is unknown. */
function readOther(cursor: Cursor, piece: string, at: number, double: boolean): void {
  const { source, words, marking } = cursor
  const other = words.words.any.get(piece)
  const message = `unknown component \`${shown(piece)}\``
  if (other !== undefined) {
    const right = other[source.form === 'portion' ? 'portion' : 'banner']
    repair(source, 'capco/unknown-component', at, piece, right, message, { text: shown(piece), nearest: right })
    step(cursor, other.part, other.rank, piece, at, double)
    put(cursor, other.entries, piece, at)
    return
  }
  if (marking.level.code === 'CUI' && cursor.part <= PARTS.cui && /^[A-Z0-9]+(?:-[A-Z0-9]+)*$/u.test(piece) && piece.length <= 32) {
    step(cursor, PARTS.cui, 0, piece, at, double)
    put(cursor, [{ tag: 'cui', code: piece }], piece, at)
    return
  }
  const like = source.mode === 'suggest' && !piece.includes('-') ? nearestWord(words, piece, source.form) : undefined
  const word = like === undefined ? undefined : words.words.any.get(like)
  if (word !== undefined) {
    step(cursor, word.part, word.rank, piece, at, double)
    put(cursor, word.entries, piece, at)
    return
  }
  const known = words.compartments.get(piece)
  const atomic =
    known === undefined
      ? piece.includes('-')
        ? atomicEntries(source, words, piece, at)
        : undefined
      : known[0]?.tag === 'aea'
        ? known
        : undefined
  if (atomic !== undefined) {
    if (known === undefined && words.compartments.size < KEPT) words.compartments.set(piece, atomic)
    step(cursor, PARTS.aea, 0, piece, at, double)
    for (const entry of atomic) add(marking, entry, at)
    return
  }
  readControl(cursor, known ?? readUnlisted(cursor, piece, at), piece, at, double)
}

/** A control system with compartments, or one that the policy does not list; else the piece is refused, or taken for what it is like. */
function readUnlisted(cursor: Cursor, piece: string, at: number): readonly Entry[] {
  const { source, words } = cursor
  const head = piece.split('-', 1)[0] ?? ''
  // Behind its part only a listed control system is one: any other word there is a slip.
  const listed = words.words.any.get(head)?.part === PARTS.sci
  const near = listed ? undefined : nearestWord(words, head, source.form)
  const sci = near !== undefined || (cursor.part > PARTS.sci && !listed) ? undefined : sciEntries(source, words, piece, at)
  if (sci === undefined) {
    const values = { text: shown(piece), ...(near === undefined ? {} : { nearest: near }) }
    throw refusal(source, 'capco/unknown-component', at, `unknown component \`${shown(piece)}\``, values)
  }
  if (listed && words.compartments.size < KEPT) words.compartments.set(piece, sci)
  return sci
}

/** One control system with its compartments; the systems stand in the order of their letters. */
function readControl(cursor: Cursor, entries: readonly Entry[], piece: string, at: number, double: boolean): void {
  const { marking } = cursor
  const control = entries[0]?.code ?? ''
  const before =
    cursor.part === PARTS.sci ? marking.entries.findLast(({ tag, code }) => tag === 'sci' && !code.includes('-'))?.code : undefined
  step(cursor, PARTS.sci, 0, piece, at, double)
  if (before !== undefined && control < before) {
    outOfOrder(cursor, piece, before, at, '/')
  }
  put(cursor, entries, piece, at)
}
