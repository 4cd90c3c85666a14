import type { MessageValues } from '@entente/canonical'
import { ORIGIN, policyCodes } from '../policy-codes.ts'
import { type LabelCode, LabelError } from '../errors.ts'
import type { MarkingPolicy } from '../model.ts'
import { openBrackets } from '../parse.ts'
import { Said } from '../said.ts'
import { checkCharacters, refuseWord } from '../text.ts'
import { nearest, normalSpelling } from '../vocabulary.ts'
import { ADMINISTRATIVE, CONTEXT, type NatoWords, ONLY, SENSITIVITY, type Words, natoWords, pastSpaces } from './nato-words.ts'
import { printNato } from './nato-print.ts'
import { sortTexts } from '../sort-short.ts'
import type { Change, ReadOptions, Reading, Syntax } from './syntax.ts'

/**
 * Markings of an alliance with contexts (spec/label.md section 12.6): `NATO/KFOR CONFIDENTIAL NATO, Ireland Only`, `NATO RESTRICTED
 * Releasable to Sweden`, `NATO UNCLASSIFIED – STAFF`, `(NS-A)`. English and French are read, and their readers by name or code.
 */
export const nato: Syntax = {
  parse: (text, policy, options) => new NatoReader(text, policy, options).reading(),
  print: printNato,
}

const COMMAS = ',、，'
const LENIENT_COMMA = /[ \u3000]*[,、，;/][ \u3000]*|[ \u3000]+(?:and|et)[ \u3000]+/iuy
/** An en dash, as the standard prints it, or a hyphen, as its policy file does. */
const DASHES = '-–'
const LENIENT_BETWEEN = /[ \u3000]*\/\/[ \u3000]*|[ \u3000]*-[ \u3000]*/uy

class NatoReader {
  readonly #text: string
  readonly #policy: MarkingPolicy
  readonly #words: NatoWords
  readonly #options: ReadOptions
  readonly #changes: Change[] = []
  readonly #said: Said
  readonly #from: number
  readonly #end: number
  #at: number
  #release: readonly string[] = []

  constructor(text: string, policy: MarkingPolicy, options: ReadOptions) {
    const body = openBrackets(checkCharacters(text), options.form)
    this.#from = body.at
    this.#end = body.at + body.text.length
    // What stands after the marking (a bracket) is no part of it.
    this.#text = text.slice(0, this.#end)
    this.#at = body.at
    this.#policy = policy
    this.#said = new Said(policy)
    this.#words = natoWords(policy)
    this.#options = options
  }

  reading(): Reading {
    const classification = this.#level()
    this.#sensitivities()
    this.#administrative()
    this.#only()
    this.#released()
    this.#administrative()
    this.#spaces()
    if (this.#at < this.#end)
      throw this.#unknownWord('label/unknown-caveat', [...this.#words.sensitivities.texts, ...this.#words.administrative.texts])
    const { nation } = this.#policy
    const originators = [{ nation, releasableTo: sortTexts([nation, ...this.#release]) }]
    return { label: this.#said.label(classification, originators, this.#options, this.#from), changes: this.#changes }
  }

  #refuse(code: LabelCode, message: string, at: number, values: MessageValues = {}): LabelError {
    return new LabelError(code, message, { values: { at, ...values } })
  }

  /** Whatever stands here is no word that may: what it is, and what is near. */
  #unknownWord(code: LabelCode, candidates: readonly string[]): LabelError {
    const text = /[^,、，]*/u.exec(this.#text.slice(this.#at))?.[0].trim() ?? ''
    const near = nearest(normalSpelling(text), candidates.map(normalSpelling))
    const written = candidates.find((candidate) => normalSpelling(candidate) === near)
    return refuseWord(code, 'not a word of this scheme:', { text, at: this.#at }, written)
  }

  #pass(change: Change, refusal: LabelError): void {
    if (!this.#options.lenient) throw refusal
    this.#changes.push(change)
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }

  /** Whether spaces stand here; goes past them. */
  #spaces(): boolean {
    const before = this.#at
    this.#at = pastSpaces(this.#text, before)
    return this.#at > before
  }

  /** Whether one of the marks stands here, with or without spaces around it; goes past it. */
  #mark(marks: string): boolean {
    const at = pastSpaces(this.#text, this.#at)
    if (at === this.#text.length || !marks.includes(this.#text.charAt(at))) return false
    this.#at = pastSpaces(this.#text, at + 1)
    return true
  }

  #word(words: Words): string | undefined {
    const found = words.at(this.#text, this.#at)
    if (found === undefined) return undefined
    const { word, end } = found
    if (word.lenient === true) {
      if (!this.#options.lenient) return undefined
      this.#changes.push({ at: this.#at, from: this.#text.slice(this.#at, end), to: words.texts[0] ?? '', code: 'label/unknown-caveat' })
    }
    this.#at = end
    return word.code
  }

  /** `NATO SECRET`, `NATO/KFOR SECRET`, `COSMIC TOP SECRET`, `NS`: level and context. */
  #level(): string {
    const { portionLevels, own, levels } = this.#words
    const { form, lenient } = this.#options
    const at = this.#at
    const owner = this.#word(own)
    const prefixed = owner === undefined ? this.#bareContext(at) : this.#context(at)
    const gap = this.#spaces()
    const here = this.#at
    const portion = form === 'banner' && !lenient ? undefined : this.#word(portionLevels)
    if (portion !== undefined && (owner === undefined || prefixed)) {
      if (form === 'banner') this.#shortened(here, portion)
      return this.#levelIs(portion, here, prefixed)
    }
    this.#at = here
    const level = form === 'portion' && !lenient ? undefined : this.#word(levels)
    const known = policyCodes(this.#policy).levels.get(level ?? '')
    if (level === undefined || known === undefined || ((owner !== undefined || prefixed) && !gap)) {
      this.#at = at
      throw this.#otherForm(here) ?? this.#unknownWord('label/unknown-classification', this.#markings())
    }
    const isWhole = () => {
      const written = normalSpelling(this.#text.slice(here, this.#at))
      return [known.banner, known.names.fr ?? known.banner, ...known.input].some((text) => normalSpelling(text) === written)
    }
    const common = known.banner.startsWith(`${this.#policy.nation} `)
    if (!common && prefixed)
      throw this.#refuse('label/not-at-this-level', `\`${known.banner}\` has no other context`, at, {
        text: known.banner,
        lowest: known.banner,
      })
    if (common ? owner === undefined && !prefixed : owner !== undefined || !isWhole()) this.#misnamed(at, known.banner)
    return this.#levelIs(level, at, prefixed)
  }

  #levelIs(level: string, at: number, prefixed: boolean): string {
    this.#said.levelAt = at
    if (!prefixed) this.#add(CONTEXT, this.#policy.nation, at)
    return level
  }

  /** `NATO/KFOR`: whether a context stands behind the alliance's name. */
  #context(at: number): boolean {
    if (this.#text[this.#at] !== '/') return false
    this.#at++
    const context = this.#word(this.#words.contexts)
    if (context === undefined || context === this.#policy.nation)
      throw this.#unknownWord('label/unknown-caveat', this.#words.contexts.texts)
    this.#add(CONTEXT, context, at)
    return true
  }

  /** `EAPC RESTRICTED`: what people write for a context without the alliance's name before it. */
  #bareContext(at: number): boolean {
    const found = this.#words.contexts.at(this.#text, at)
    if (found === undefined || found.word.code === this.#policy.nation) return false
    const to = `${this.#policy.nation}/${found.word.text}`
    this.#pass(
      { at, from: found.word.text, to, code: 'label/unknown-classification' },
      this.#refuse('label/unknown-classification', `\`${found.word.text}\` without \`${to}\``, at, { text: found.word.text, nearest: to }),
    )
    this.#at = found.end
    this.#add(CONTEXT, found.word.code, at)
    return true
  }

  /** A portion's mark on a banner, or a banner's in a portion. */
  #otherForm(at: number): LabelError | undefined {
    const { portionLevels, levels } = this.#words
    const found = portionLevels.at(this.#text, at) ?? levels.at(this.#text, at)
    const level = this.#policy.classifications.find(({ code }) => code === found?.word.code)
    if (found === undefined || level === undefined) return undefined
    const text = this.#text.slice(this.#at, found.end)
    const nearer = this.#options.form === 'portion' ? level.portion : level.banner
    return this.#refuse('label/unknown-classification', `not written \`${text}\` here`, this.#at, { text, nearest: nearer })
  }

  #shortened(at: number, level: string): void {
    const to = this.#policy.classifications.find(({ code }) => code === level)?.banner ?? level
    this.#changes.push({ at, from: this.#text.slice(at, this.#at), to, code: 'label/unknown-classification' })
  }

  /** `NATO TOP SECRET`, or `SECRET` alone. */
  #misnamed(at: number, to: string): void {
    const from = this.#text.slice(at, this.#at)
    this.#pass(
      { at, from, to, code: 'label/unknown-classification' },
      this.#refuse('label/unknown-classification', `not written \`${from}\``, at, { text: from, nearest: to }),
    )
  }

  #markings(): readonly string[] {
    const { form } = this.#options
    return this.#policy.classifications.flatMap(({ banner, portion }) =>
      form === 'portion' ? [portion] : form === 'banner' ? [banner] : [banner, portion],
    )
  }

  #sensitivities(): void {
    const { sensitivities, portionSensitivities } = this.#words
    const { form, lenient } = this.#options
    for (;;) {
      const before = this.#at
      const short = form === 'banner' ? undefined : this.#word(portionSensitivities)
      if (short !== undefined) {
        this.#add(SENSITIVITY, short, before)
        continue
      }
      const spaced = this.#spaces()
      const at = this.#at
      const portion = spaced && form === 'portion' ? this.#word(portionSensitivities) : undefined
      const word = portion ?? (spaced ? this.#word(sensitivities) : undefined)
      if (word !== undefined) {
        this.#add(SENSITIVITY, word, at)
        continue
      }
      this.#at = before
      if (lenient && this.#skip(LENIENT_BETWEEN)) {
        const from = this.#text.slice(before, this.#at)
        const joined = this.#word(sensitivities)
        if (joined !== undefined) {
          this.#changes.push({ at: before, from, to: ' ', code: 'label/unknown-caveat' })
          this.#add(SENSITIVITY, joined, before)
          continue
        }
      }
      this.#at = before
      return
    }
  }

  #administrative(): void {
    const before = this.#at
    if (!this.#mark(DASHES)) return
    let at = this.#at
    let word = this.#word(this.#words.administrative)
    if (word === undefined) {
      const refusal = this.#unknownWord('label/unknown-caveat', this.#words.administrative.texts)
      this.#at = before
      throw refusal
    }
    while (word !== undefined) {
      this.#add(ADMINISTRATIVE, word, at)
      const end = this.#at
      this.#spaces()
      at = this.#at
      word = this.#word(this.#words.administrative)
      if (word === undefined) this.#at = end
    }
  }

  /** `Canada, Norway Only`: readers, and after them the word that says what they are. */
  #only(): void {
    const before = this.#at
    if (!this.#spaces() || this.#words.release.at(this.#text, this.#at) !== undefined) {
      this.#at = before
      return
    }
    const at = this.#at
    if (this.#words.readers.at(this.#text, at) === undefined) {
      return
    }
    const readers = this.#readers()
    this.#spaces()
    if (this.#word(this.#words.only) === undefined) {
      if (this.#at < this.#end) throw this.#unknownWord('label/unknown-nation', [...this.#words.only.texts, ...this.#words.readers.texts])
      throw this.#refuse('label/unknown-caveat', 'readers without what they are', at, {
        text: this.#text.slice(at),
        nearest: this.#words.only.texts[0] ?? '',
      })
    }
    for (const reader of readers) this.#add(ONLY, reader, at)
  }

  #released(): void {
    this.#spaces()
    const at = this.#at
    if (this.#word(this.#words.release) === undefined) return
    if (!this.#spaces()) throw this.#unknownWord('label/unknown-caveat', this.#words.release.texts)
    const readers = this.#readers()
    const context = this.#said.codes(CONTEXT)
    // INVARIANT: the set is wider than who reads without it; the context itself is never written in it (ADatP-4774 appendix 2).
    const own = readers.find((reader) => reader === this.#policy.nation || context.includes(reader))
    if (own !== undefined) throw this.#refuse('label/duplicate', `\`${own}\` reads without being released to`, at, { text: own })
    this.#release = readers
    this.#said.add(ORIGIN, this.#policy.nation, at)
  }

  #readers(): readonly string[] {
    const readers: string[] = []
    for (;;) {
      const at = this.#at
      const reader = this.#word(this.#words.readers)
      if (reader === undefined) throw this.#unknownWord('label/unknown-nation', this.#words.readers.texts)
      if (readers.includes(reader)) throw this.#refuse('label/duplicate', `\`${reader}\` twice`, at, { text: reader })
      readers.push(reader)
      const end = this.#at
      if (this.#mark(COMMAS)) continue
      if (!this.#options.lenient || !this.#skip(LENIENT_COMMA)) return readers
      this.#changes.push({ at: end, from: this.#text.slice(end, this.#at), to: ', ', code: 'label/unknown-nation' })
    }
  }

  #add(tag: string, code: string, at: number): void {
    if (!this.#said.add(tag, code, at)) throw this.#refuse('label/duplicate', `\`${code}\` twice`, at, { text: code })
  }
}
