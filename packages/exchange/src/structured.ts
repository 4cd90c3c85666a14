/**
 * The small part of structured fields (RFC 9651) that the signatures of spec/exchange.md 4 need: one dictionary member
 * whose value is an inner list of strings with parameters, or a byte sequence. Strict: one spelling for one value.
 */

/** A parameter's value: an integer of at most 15 digits, or a string of printable ASCII. */
export type ParameterValue = number | string

/** A signed list of components with its parameters, in the order in which they came. */
export interface InnerList {
  readonly items: readonly string[]
  readonly parameters: readonly (readonly [name: string, value: ParameterValue])[]
}

const TEXT = /^[\x20-\x7e]*$/u
const ITEM_OR_PARAMETER = /"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"|(-?(?:0|[1-9][0-9]{0,14}))/uy
const NAME = /[a-z*][a-z0-9_.*-]*/uy
const LABELLED = /^([a-z*][a-z0-9_.*-]*)=(.*)$/su

/** The dictionary member of exactly one label: `sig1=…`. Undefined when the field holds another label, or none. */
export function memberOf(label: string, field: string): string | undefined {
  const match = LABELLED.exec(field)
  return match?.[1] === label ? match[2] : undefined
}

/** An inner list of strings with parameters; undefined for anything that `writeInnerList` does not write. */
export function readInnerList(text: string): InnerList | undefined {
  if (text[0] !== '(') return undefined
  const close = text.indexOf(')')
  if (close < 0) return undefined
  const items: string[] = []
  for (const item of text.slice(1, close).split(' ')) {
    const value = readValue(item)
    if (typeof value !== 'string') return undefined
    items.push(value)
  }
  const parameters: (readonly [string, ParameterValue])[] = []
  let at = close + 1
  while (at < text.length) {
    if (text[at] !== ';') return undefined
    NAME.lastIndex = at + 1
    const name = NAME.exec(text)?.[0]
    if (name === undefined || text[NAME.lastIndex] !== '=') return undefined
    const start = NAME.lastIndex + 1
    ITEM_OR_PARAMETER.lastIndex = start
    const spelled = ITEM_OR_PARAMETER.exec(text)?.[0]
    const value = spelled === undefined ? undefined : readValue(spelled)
    if (spelled === undefined || value === undefined) return undefined
    parameters.push([name, value])
    at = start + spelled.length
  }
  const list = { items, parameters }
  return writeInnerList(list) === text ? list : undefined
}

/** The one spelling of an inner list. */
export function writeInnerList(list: InnerList): string {
  const parameters = list.parameters.map(([name, value]) => `;${name}=${typeof value === 'number' ? String(value) : quoted(value)}`)
  return `(${list.items.map(quoted).join(' ')})${parameters.join('')}`
}

/** The bytes of `:base64:`; undefined for any other spelling. */
export function readByteSequence(text: string): Uint8Array<ArrayBuffer> | undefined {
  const inner = /^:([A-Za-z0-9+/]*={0,2}):$/u.exec(text)?.[1]
  if (inner === undefined) return undefined
  try {
    const bytes = Uint8Array.fromBase64(inner, { lastChunkHandling: 'strict' })
    return bytes.toBase64() === inner ? bytes : undefined
  } catch {
    return undefined
  }
}

/** Bytes as `:base64:`. */
export function writeByteSequence(bytes: Uint8Array): string {
  return `:${bytes.toBase64()}:`
}

/** Whether a text can stand in a quoted string. */
export function isQuotable(text: string): boolean {
  return TEXT.test(text)
}

function readValue(text: string): ParameterValue | undefined {
  ITEM_OR_PARAMETER.lastIndex = 0
  const match = ITEM_OR_PARAMETER.exec(text)
  if (match === null || match[0].length !== text.length) return undefined
  const [, string, integer] = match
  if (string !== undefined) return string.replace(/\\(["\\])/gu, '$1')
  return integer === undefined || integer === '-0' ? undefined : Number(integer)
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/gu, '\\$&')}"`
}
