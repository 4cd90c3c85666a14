/** What is taken out of a transcript before two of them are compared: exactly what spec/leaks.md names, by class and length. */
import type { Json } from '@entente/canonical'

/** One thing that an observer got: a status line and headers or the like, and a body. */
export interface Observation {
  /** What was asked, or what came. */
  readonly name: string
  readonly head: string
  /** JSON as it came over the wire, or other text. */
  readonly body: string
}

const OWN_POSITION = '<own-position>'

type Members = { [member: string]: Json }

/** Takes one class of bytes out of the JSON of a body; members of objects, at any depth. */
const MEMBERS: Readonly<Record<string, (members: Members) => void>> = {
  ciphertext: (members) => replace(members, 'sealed', length('ciphertext')),
  commitment(members) {
    for (const member of ['leaf', 'root', 'path', 'signatures', 'hidden']) replace(members, member, length('commitment'))
    replace(members, 'proof', (proof) => proof.replaceAll(/[A-Za-z0-9+/=]{40,}/gu, length('commitment')))
  },
  'own-position': (members) => replace(members, 'proof', () => OWN_POSITION),
  fresh: (members) => {
    for (const member of Object.keys(members))
      replace(members, member, (text) => text.replaceAll(FRESH, (found) => (isChance(found) ? length('fresh')(found) : found)))
  },
}

/** A uuid, or what may be the hexadecimal or base64 text of 16 bytes and more. */
const FRESH = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{21,}={0,2}/gu

/** Words have no digits, and go from small letters to capitals now and then only. */
function isChance(text: string): boolean {
  return /\d/u.test(text) || (text.match(/[a-z][A-Z]/gu)?.length ?? 0) > 3
}

/** The classes that the normaliser knows. */
export const CLASSES: readonly string[] = ['date', 'log-growth', ...Object.keys(MEMBERS)]

/** Makes an observation into the text that is compared; counts which classes took something out. */
export class Normaliser {
  readonly used: Set<string> = new Set()

  /** `classes` names what the two worlds' difference may show; `date` is taken out always. Throws for an unknown class. */
  text({ name, head, body }: Observation, classes: readonly string[]): string {
    const unknown = classes.find((one) => !CLASSES.includes(one))
    if (unknown !== undefined) throw new Error(`no such class: ${unknown}`)
    const left = classes.length === 0 ? body : this.#body(body, classes)
    const lengthLine = `content-length: ${Buffer.byteLength(body)}`
    const lines = head.split('\n').map((line) => {
      if (line.startsWith('date: ')) return this.#took('date', 'date: <date>')
      // A proof is as long as its position makes it, and a body that has one, too.
      return line === lengthLine && left.includes(OWN_POSITION) ? `content-length: ${Buffer.byteLength(left)}` : line
    })
    return [name, ...lines, left].join('\n')
  }

  #body(body: string, classes: readonly string[]): string {
    let json: Json
    try {
      json = JSON.parse(body) as Json
    } catch {
      return body
    }
    if (classes.includes('log-growth')) json = this.#grown(json)
    const walk = (value: Json): void => {
      if (typeof value !== 'object' || value === null) return
      for (const inner of Object.values(value)) walk(inner as Json)
      if (Array.isArray(value)) return
      for (const one of classes) this.#members(one, value as Members)
    }
    walk(json)
    return JSON.stringify(json)
  }

  #members(one: string, members: Members): void {
    const take = MEMBERS[one]
    if (take === undefined) return
    const before = JSON.stringify(members)
    take(members)
    if (JSON.stringify(members) !== before) this.used.add(one)
  }

  /** Of checkpoints that came one after the other only that each log had some, and the newest without its place. */
  #grown(json: Json): Json {
    const { checkpoints } = json as { readonly checkpoints?: readonly { readonly origin: string }[] }
    if (checkpoints === undefined) return json
    const last = new Map(checkpoints.map((one) => [one.origin, one] as const))
    const kept = [...last.values()].toSorted((a, b) => (a.origin < b.origin ? -1 : 1))
    return this.#took(
      'log-growth',
      kept.map((one) => ({ ...one, old: '<log-growth>', size: '<log-growth>', path: '<log-growth>' })) as unknown as Json,
    )
  }

  #took<T>(name: string, value: T): T {
    this.used.add(name)
    return value
  }
}

function length(name: string): (text: string) => string {
  return (text) => `<${name} ${text.length}>`
}

/** Replaces a member that is text, or each text of a member that is a list. */
function replace(members: Members, member: string, by: (text: string) => string): void {
  const value = members[member]
  if (typeof value === 'string') members[member] = by(value)
  else if (Array.isArray(value)) members[member] = (value as readonly Json[]).map((one) => (typeof one === 'string' ? by(one) : one))
}
