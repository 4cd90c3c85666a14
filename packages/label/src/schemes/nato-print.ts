import { checkLabel } from '../check.ts'
import type { Label, MarkingPolicy, Names } from '../model.ts'
import { ADMINISTRATIVE, CONTEXT, ONLY, ONLY_WORD, RELEASE, SENSITIVITY, splitOwn } from './nato-words.ts'
import type { WriteOptions } from './syntax.ts'
import { notCarried } from '../print.ts'

/**
 * The marking of a label of an alliance with contexts. Sets are written in the order of the policy: its own name, nations, then
 * communities. Throws as `checkLabel` does, and `label/not-carried` for what such a marking cannot say: another originator, a person
 * rule, no context or several.
 */
export function printNato(label: Label, policy: MarkingPolicy, { form, lang = 'en' }: WriteOptions): string {
  checkLabel(label, policy)
  const say = new Printer(label, policy, form, lang)
  const written = say.marking()
  return form === 'portion' ? `(${written})` : written
}

class Printer {
  readonly #label: Label
  readonly #policy: MarkingPolicy
  readonly #portion: boolean
  readonly #lang: 'en' | 'ja' | 'fr'

  constructor(label: Label, policy: MarkingPolicy, form: 'banner' | 'portion', lang: 'en' | 'ja' | 'fr') {
    this.#label = label
    this.#policy = policy
    this.#portion = form === 'portion'
    this.#lang = lang
  }

  marking(): string {
    const { originators, personRules } = this.#label
    const [only, other] = originators
    if (only === undefined || other !== undefined || only.nation !== this.#policy.nation || only.releasableTo === 'neutral') {
      throw notCarried(other?.nation ?? only?.nation ?? '')
    }
    if (personRules.length > 0) throw notCarried(personRules[0]?.code ?? '')
    const only_ = this.#values(ONLY)
    const released = only.releasableTo.filter((reader) => reader !== this.#policy.nation)
    const context = this.#values(CONTEXT)
    if (context.length !== 1) throw notCarried(CONTEXT)
    if (released.some((reader) => context.includes(reader))) throw notCarried(context[0] ?? '')
    const administrative = this.#values(ADMINISTRATIVE).map((code) => this.#valueText(ADMINISTRATIVE, code))
    return [
      this.#level(context[0] ?? ''),
      only_.length === 0
        ? ''
        : this.#lang === 'ja' && !this.#portion
          ? `${this.#readers(only_)}${ONLY_WORD.ja}`
          : `${this.#readers(only_)} ${this.#word(ONLY_WORD)}`,
      released.length === 0 ? '' : `${this.#word(RELEASE)}${this.#lang === 'ja' && !this.#portion ? '：' : ' '}${this.#readers(released)}`,
      administrative.length === 0 ? '' : `– ${administrative.join(' ')}`,
    ]
      .filter((part) => part !== '')
      .join(' ')
  }

  #values(tag: string): readonly string[] {
    return this.#label.categories.find((category) => category.tag === tag)?.values ?? []
  }

  #word(names: Names & { readonly fr: string }): string {
    return this.#portion ? names.en : names[this.#lang]
  }

  #level(context: string): string {
    const { nation, classifications } = this.#policy
    const level = classifications.find(({ code }) => code === this.#label.classification)
    const sensitivities = this.#values(SENSITIVITY)
    if (level === undefined) throw notCarried(this.#label.classification)
    if (this.#portion) {
      const before = context === nation ? '' : `${nation}/${this.#valueText(CONTEXT, context)} `
      // `-A` is joined to the level, a word is not.
      const texts = sensitivities
        .map((code) => this.#valueText(SENSITIVITY, code))
        .sort((a, b) => Number(b.startsWith('-')) - Number(a.startsWith('-')))
      return `${before}${level.portion}${texts.map((text) => (text.startsWith('-') ? text : ` ${text}`)).join('')}`
    }
    const text = level.names[this.#lang] ?? level.banner
    const [own, rest] = splitOwn(text, nation)
    if (rest === undefined && context !== nation) throw notCarried(context)
    const shown = rest === undefined || context === nation ? text : `${own}/${this.#valueText(CONTEXT, context)} ${rest}`
    return [shown, ...sensitivities.map((code) => this.#valueText(SENSITIVITY, code))].join(' ')
  }

  #valueText(tag: string, code: string): string {
    const value = this.#policy.categories.find((category) => category.tag === tag)?.values.find((one) => one.code === code)
    if (value === undefined) throw notCarried(code)
    if (this.#portion) return value.portion
    return tag === CONTEXT ? value.banner : (value.names[this.#lang] ?? value.banner)
  }

  #readers(codes: readonly string[]): string {
    const nations = this.#policy.releasableTo.map(({ nation }) => nation)
    const communities = (this.#policy.communities ?? []).map(({ code }) => code)
    const order = [...new Set([this.#policy.nation, ...nations, ...communities])]
    const place = (code: string) => order.indexOf(code)
    const names = [...codes].sort((a, b) => place(a) - place(b)).map((code) => this.#readerText(code))
    return names.join(this.#lang === 'ja' && !this.#portion ? '、' : ', ')
  }

  #readerText(code: string): string {
    const nation = this.#policy.releasableTo.find((one) => one.nation === code)
    const names = nation?.names ?? this.#policy.communities?.find((one) => one.code === code)?.names
    if (names === undefined) throw notCarried(code)
    return this.#portion && nation !== undefined ? code : (names[this.#lang] ?? names.en)
  }
}
