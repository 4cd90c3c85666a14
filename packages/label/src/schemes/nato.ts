import type { MessageValues } from '@entente/canonical'
import { problemOf } from '../check.ts'
import { type LabelCode, LabelError } from '../errors.ts'
import type { Category, Label, MarkingPolicy } from '../model.ts'
import { openBrackets } from '../parse.ts'
import { checkCharacters } from '../text.ts'
import { nearest, normalSpelling } from '../vocabulary.ts'
import { ADMINISTRATIVE, CONTEXT, type NatoWords, ONLY, SENSITIVITY, type Words, natoWords } from './nato-words.ts'
import { printNato } from './nato-print.ts'
import type { Change, ReadOptions, Reading, Syntax } from './syntax.ts'

/**
 * Markings of an alliance with contexts (spec/label.md section 12.6): `NATO/KFOR CONFIDENTIAL NATO, Ireland Only`, `NATO RESTRICTED
 * Releasable to Sweden`, `NATO UNCLASSIFIED – STAFF`, `(NS-A)`. English and French are read, and their readers by name or code.
 */
export const nato: Syntax = {
  parse: (text, policy, options) => new NatoReader(text, policy, options).reading(),
  print: printNato,
}

const SPACE = /[ \u3000]*/uy
const COMMA = /[ \u3000]*[,、，][ \u3000]*/uy
const LENIENT_COMMA = /[ \u3000]*[,、，;/][ \u3000]*|[ \u3000]+(?:and|et)[ \u3000]+/iuy
/** An en dash, as the standard prints it, or a hyphen, as its policy file does. */
const DASH = /[ \u3000]*[-–][ \u3000]*/uy
const LENIENT_BETWEEN = /[ \u3000]*\/\/[ \u3000]*|[ \u3000]*-[ \u3000]*/uy

class NatoReader {
  readonly #text: string
  readonly #policy: MarkingPolicy
  readonly #words: NatoWords
  readonly #options: ReadOptions
  readonly #changes: Change[] = []
  readonly #values = new Map<string, Set<string>>()
  readonly #places = new Map<string, number>()
  readonly #from: number
  readonly #end: number
  #at: number
  #release: ReadonlySet<string> = new Set()

  constructor(text: string, policy: MarkingPolicy, options: ReadOptions) {
    const body = openBrackets(checkCharacters(text), options.form)
    this.#from = body.at
    this.#end = body.at + body.text.length
    // What stands after the marking (a bracket) is no part of it.
    this.#text = text.slice(0, this.#end)
    this.#at = body.at
    this.#policy = policy
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
    this.#skip(SPACE)
    if (this.#at < this.#end)
      throw this.#unknownWord('label/unknown-caveat', [...this.#words.sensitivities.texts, ...this.#words.administrative.texts])
    const { id, nation } = this.#policy
    const { created, review } = this.#options
    const label: Label = {
      policy: id,
      classification,
      categories: this.#categories(),
      personRules: [],
      originators: [{ nation, releasableTo: [...new Set([nation, ...this.#release])].sort() }],
      created,
      ...(review === undefined ? {} : { review }),
    }
    const problem = problemOf(label, this.#policy)
    if (problem !== undefined) {
      throw new LabelError(problem.code, problem.message, {
        values: { ...problem.values, at: this.#places.get(problem.subject) ?? this.#from },
      })
    }
    return { label, changes: this.#changes }
  }

  #refuse(code: LabelCode, message: string, at: number, values: MessageValues = {}): LabelError {
    return new LabelError(code, message, { values: { at, ...values } })
  }

  /** Whatever stands here is no word that may: what it is, and what is near. */
  #unknownWord(code: LabelCode, candidates: readonly string[]): LabelError {
    const text = Array.from(/[^,、，]*/uy.exec(this.#text.slice(this.#at))?.[0].trim() ?? '')
      .slice(0, 64)
      .join('')
      .toWellFormed()
    const near = nearest(normalSpelling(text), candidates.map(normalSpelling))
    const written = candidates.find((candidate) => normalSpelling(candidate) === near)
    return this.#refuse(code, `not a word of this scheme: \`${text}\``, this.#at, {
      text,
      ...(written === undefined ? {} : { nearest: written }),
    })
  }

  #pass(change: Change, refusal: LabelError): void {
    if (!this.#options.lenient) throw refusal
    this.#changes.push(change)
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null || found[0] === '') return false
    this.#at = pattern.lastIndex
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
    if (owner !== undefined && this.#text[this.#at] === '/') {
      this.#at++
      this.#context(at)
    } else if (owner === undefined) this.#bareContext(at)
    const prefixed = this.#values.has(CONTEXT)
    const gap = this.#skip(SPACE)
    const here = this.#at
    const portion = form === 'banner' && !lenient ? undefined : this.#word(portionLevels)
    if (portion !== undefined && (owner === undefined || prefixed)) {
      if (form === 'banner') this.#shortened(here, portion)
      return this.#levelIs(portion, here, prefixed)
    }
    this.#at = here
    const level = form === 'portion' && !lenient ? undefined : this.#word(levels)
    const known = this.#policy.classifications.find(({ code }) => code === level)
    if (level === undefined || known === undefined || ((owner !== undefined || prefixed) && !gap)) {
      this.#at = at
      throw this.#otherForm(here) ?? this.#unknownWord('label/unknown-classification', this.#markings())
    }
    const written = normalSpelling(this.#text.slice(here, this.#at))
    const whole = [known.banner, known.names.fr ?? known.banner, ...known.input].some((text) => normalSpelling(text) === written)
    const common = known.banner.startsWith(`${this.#policy.nation} `)
    if (!common && prefixed)
      throw this.#refuse('label/not-at-this-level', `\`${known.banner}\` has no other context`, at, {
        text: known.banner,
        lowest: known.banner,
      })
    if (common ? owner === undefined && !prefixed : owner !== undefined || !whole) this.#misnamed(at, known.banner)
    return this.#levelIs(level, at, prefixed)
  }

  #levelIs(level: string, at: number, prefixed: boolean): string {
    this.#places.set('classification', at)
    if (!prefixed) this.#add(CONTEXT, this.#policy.nation, at)
    return level
  }

  #context(at: number): void {
    const context = this.#word(this.#words.contexts)
    if (context === undefined || context === this.#policy.nation)
      throw this.#unknownWord('label/unknown-caveat', this.#words.contexts.texts)
    this.#add(CONTEXT, context, at)
  }

  /** `EAPC RESTRICTED`: what people write for a context without the alliance's name before it. */
  #bareContext(at: number): void {
    const found = this.#words.contexts.at(this.#text, at)
    if (found === undefined || found.word.code === this.#policy.nation) return
    const to = `${this.#policy.nation}/${found.word.text}`
    this.#pass(
      { at, from: found.word.text, to, code: 'label/unknown-classification' },
      this.#refuse('label/unknown-classification', `\`${found.word.text}\` without \`${to}\``, at, { text: found.word.text, nearest: to }),
    )
    this.#at = found.end
    this.#add(CONTEXT, found.word.code, at)
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
      const spaced = this.#skip(SPACE)
      const at = this.#at
      const word = spaced ? (this.#word(form === 'portion' ? portionSensitivities : sensitivities) ?? this.#word(sensitivities)) : undefined
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
    if (!this.#skip(DASH)) return
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
      this.#skip(SPACE)
      at = this.#at
      word = this.#word(this.#words.administrative)
      if (word === undefined) this.#at = end
    }
  }

  /** `Canada, Norway Only`: readers, and after them the word that says what they are. */
  #only(): void {
    const before = this.#at
    this.#skip(SPACE)
    if (this.#at === before || this.#words.release.at(this.#text, this.#at) !== undefined) {
      this.#at = before
      return
    }
    const at = this.#at
    if (this.#words.readers.at(this.#text, at) === undefined) {
      this.#at = before
      this.#skip(SPACE)
      return
    }
    const readers = this.#readers()
    this.#skip(SPACE)
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
    this.#skip(SPACE)
    const at = this.#at
    if (this.#word(this.#words.release) === undefined) return
    if (!this.#skip(SPACE)) throw this.#unknownWord('label/unknown-caveat', this.#words.release.texts)
    const readers = this.#readers()
    const context = [...(this.#values.get(CONTEXT) ?? [])]
    // INVARIANT: the set is wider than who reads without it; the context itself is never written in it (ADatP-4774 appendix 2).
    const own = [...readers].find((reader) => reader === this.#policy.nation || context.includes(reader))
    if (own !== undefined) throw this.#refuse('label/duplicate', `\`${own}\` reads without being released to`, at, { text: own })
    this.#release = readers
    this.#places.set(`origin/${this.#policy.nation}`, at)
  }

  #readers(): ReadonlySet<string> {
    const readers = new Set<string>()
    for (;;) {
      const at = this.#at
      const reader = this.#word(this.#words.readers)
      if (reader === undefined) throw this.#unknownWord('label/unknown-nation', this.#words.readers.texts)
      if (readers.has(reader)) throw this.#refuse('label/duplicate', `\`${reader}\` twice`, at, { text: reader })
      readers.add(reader)
      const end = this.#at
      if (this.#skip(COMMA)) continue
      if (!this.#options.lenient || !this.#skip(LENIENT_COMMA)) return readers
      this.#changes.push({ at: end, from: this.#text.slice(end, this.#at), to: ', ', code: 'label/unknown-nation' })
    }
  }

  #add(tag: string, code: string, at: number): void {
    const values = this.#values.get(tag) ?? new Set()
    if (values.has(code)) throw this.#refuse('label/duplicate', `\`${code}\` twice`, at, { text: code })
    this.#values.set(tag, values.add(code))
    this.#places.set(`${tag}/${code}`, at)
  }

  #categories(): readonly Category[] {
    return this.#policy.categories
      .flatMap(({ tag, kind }): readonly Category[] => {
        const values = this.#values.get(tag)
        return values === undefined ? [] : [{ tag, kind, values: [...values].sort() }]
      })
      .sort((a, b) => (a.tag < b.tag ? -1 : 1))
  }
}
