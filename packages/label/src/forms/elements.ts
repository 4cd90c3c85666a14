import { LabelError } from '../errors.ts'
import type { Change } from '../schemes/syntax.ts'
import { shown } from '../text.ts'
import type { XmlElement } from './xml.ts'

/** What a lenient reading let pass, in the order in which it was met. */
export class Lenience {
  readonly lenient: boolean
  readonly changes: Change[] = []

  constructor(lenient: boolean) {
    this.lenient = lenient
  }

  /** Lets a known erratum pass and says so, or throws the refusal of a strict reading. */
  pass(refusal: LabelError, change: { readonly from: string; readonly to: string }): void {
    if (!this.lenient) throw refusal
    this.changes.push({ at: Number(refusal.values['at'] ?? 0), ...change, code: refusal.code })
  }
}

export function missing(text: string, at: number): LabelError {
  return new LabelError('form/missing', `\`${text}\` is missing at ${at}`, { values: { text, at } })
}

export function unexpected(text: string, at: number): LabelError {
  return new LabelError('form/unexpected', `\`${text}\` does not belong at ${at}`, { values: { text: shown(text), at } })
}

export function wrongValue(text: string, at: number): LabelError {
  return new LabelError('form/value', `\`${shown(text)}\` cannot stand at ${at}`, { values: { text: shown(text), at } })
}

/** The value of an attribute without a namespace. */
export function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((one) => one.namespace === '' && one.name === name)?.value
}

/** Refuses attributes without a namespace but those named; others are another vocabulary's and say nothing here. */
export function onlyAttributes(element: XmlElement, ...names: readonly string[]): void {
  const other = element.attributes.find(({ namespace, name }) => namespace === '' && !names.includes(name))
  if (other !== undefined) throw unexpected(other.name, element.at)
}

/** The text of an element that holds nothing else; white space around it is not part of it. */
export function textOf(element: XmlElement): string {
  const [child] = element.children
  if (child !== undefined) throw unexpected(child.name, child.at)
  return element.text.replace(/[ \t\n]+/gu, ' ').trim()
}

/** Refuses character data beside the children of an element. */
export function onlyElements(element: XmlElement): void {
  if (element.text.trim() !== '') throw unexpected(element.text.trim(), element.at)
}

/** Seconds of an `xs:dateTime`; a fraction is cut off, a time without a zone is refused. */
export function instantOf(text: string, at: number): number {
  const found =
    /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,32})?(Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$/u.exec(text)
  if (found === null) throw wrongValue(text, at)
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [number, number, number, number, number, number]
  const midnight = Date.UTC(year, month - 1, day)
  const real = new Date(midnight).getUTCMonth() === month - 1 && new Date(midnight).getUTCDate() === day
  const zone = found[7] ?? 'Z'
  const offset = zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)))
  const instant = midnight / 1000 + hour * 3600 + minute * 60 + second - offset * 60
  if (!real || year < 1970 || hour > 23 || minute > 59 || second > 59 || instant < 0 || instant > 253_402_300_799)
    throw wrongValue(text, at)
  return instant
}

/** Children of an element in the order of its schema, all of one namespace. */
export class Sequence {
  readonly #element: XmlElement
  readonly #namespace: string
  #next = 0

  constructor(element: XmlElement, namespace: string) {
    onlyElements(element)
    this.#element = element
    this.#namespace = namespace
  }

  /** The next child, when it has one of these names. */
  optional(...names: readonly string[]): XmlElement | undefined {
    const child = this.#element.children[this.#next]
    if (child === undefined || child.namespace !== this.#namespace || !names.includes(child.name)) return undefined
    this.#next++
    return child
  }

  required(...names: readonly string[]): XmlElement {
    const child = this.optional(...names)
    if (child === undefined) throw missing(names[0] ?? '', this.#element.children[this.#next]?.at ?? this.#element.at)
    return child
  }

  /** All that follow with this name. */
  all(name: string): readonly XmlElement[] {
    const found: XmlElement[] = []
    for (let child = this.optional(name); child !== undefined; child = this.optional(name)) found.push(child)
    return found
  }

  /** Refuses what is left. */
  end(): void {
    const child = this.#element.children[this.#next]
    if (child !== undefined) throw unexpected(child.name, child.at)
  }
}
