/** Cedar's language as far as it is written here, and its printing as Cedar's own formatter lays it out. */
import { unreachable } from '@entente/canonical'

/** The width that the formatter is to be called with, and its indent. */
export const WIDTH = 100
const INDENT = 2

/** A condition. An atom is Cedar text that stays on one line; a list of codes may break. */
export type Expression =
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'listed'; readonly codes: readonly string[]; readonly test: 'contains' | 'containsAll'; readonly of: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }

/** Cedar text that stays on one line. */
export function atom(text: string): Expression {
  return { kind: 'atom', text }
}

/** All of them; what is nested in it is taken in, as the formatter does. */
export function and(...of: readonly Expression[]): Expression {
  return joined('and', of)
}

/** One of them. */
export function or(...of: readonly Expression[]): Expression {
  return joined('or', of)
}

function joined(kind: 'and' | 'or', of: readonly Expression[]): Expression {
  const flat = of.flatMap((one) => (one.kind === kind ? one.of : [one]))
  const [only, ...rest] = flat
  return only !== undefined && rest.length === 0 ? only : { kind, of: flat }
}

/** The contrary. */
export function not(of: Expression): Expression {
  return { kind: 'not', of }
}

/** What may be absent (`context has use`) is absent, or stands the test. The validator wants it asked for twice. */
export function absentOr(there: Expression, test: Expression): Expression {
  return or(not(there), and(there, test))
}

/** A code as Cedar writes it. Codes are ASCII without quotation marks; nevertheless nothing may leave its string. */
export function quoted(code: string): string {
  return `"${code.replaceAll(/["\\]/gu, String.raw`\$&`)}"`
}

/** Codes as a set. */
export function setOf(codes: readonly string[]): string {
  return `[${codes.map(quoted).join(', ')}]`
}

/** Whether `of` is one of the codes: in as many short sets as keep to the line. */
export function isOneOf(codes: readonly string[], of: string): Expression {
  if (codes.length === 0) return atom('false')
  return or(...inLines(codes, of.length + 12).map((some): Expression => ({ kind: 'listed', codes: some, test: 'contains', of })))
}

/** Whether every value of the set `of` is one of the codes. */
export function areAmong(codes: readonly string[], of: string): Expression {
  return codes.length === 0 ? atom(`${of}.isEmpty()`) : { kind: 'listed', codes, test: 'containsAll', of }
}

/** Whether the set `of` has one of the codes. */
export function hasOneOf(of: string, codes: readonly string[]): Expression {
  if (codes.length === 0) return atom('false')
  return or(...inLines(codes, of.length + 15).map((some) => atom(`${of}.containsAny(${setOf(some)})`)))
}

/** Codes in runs that fit a line beside `other` characters and a deep indent. */
function inLines(codes: readonly string[], other: number): readonly (readonly string[])[] {
  const lines: string[][] = []
  let room = 0
  for (const code of codes) {
    const length = code.length + 4
    if (lines.length === 0 || room < length) {
      lines.push([])
      room = WIDTH - 16 - other
    }
    lines.at(-1)?.push(code)
    room -= length
  }
  return lines
}

/** One line. */
function flat(expression: Expression): string {
  switch (expression.kind) {
    case 'atom':
      return expression.text
    case 'listed':
      return `${setOf(expression.codes)}.${expression.test}(${expression.of})`
    case 'and':
    case 'or':
      return expression.of.map(inner).join(expression.kind === 'and' ? ' && ' : ' || ')
    case 'not':
      return `!(${flat(expression.of)})`
    default:
      return unreachable(expression)
  }
}

function inner(expression: Expression): string {
  return expression.kind === 'and' || expression.kind === 'or' ? `(${flat(expression)})` : flat(expression)
}

/** As many lines as it takes from column `at`, with `after` characters still to come on the last. */
function laidOut(expression: Expression, at: number, after: number): string {
  const line = flat(expression)
  if (at + line.length + after <= WIDTH) return line
  const pad = ' '.repeat(at)
  switch (expression.kind) {
    case 'atom':
      return line
    case 'listed': {
      const { codes, test, of } = expression
      const set = codes.length === 1 ? setOf(codes) : `[${codes.map(quoted).join(`,\n${pad} `)}]`
      return `${set}.${test}\n${pad}  (\n${pad}    ${of}\n${pad}  )`
    }
    case 'and':
    case 'or': {
      const sign = expression.kind === 'and' ? ' &&' : ' ||'
      const last = expression.of.length - 1
      return expression.of
        .map((one, index) => {
          const more = index === last ? after : sign.length
          const nested = one.kind === 'and' || one.kind === 'or'
          return nested ? `(${laidOut(one, at + 1, more + 1)})` : laidOut(one, at, more)
        })
        .join(`${sign}\n${pad}`)
    }
    case 'not':
      return `!(${laidOut(expression.of, at + 1, after + 2)})`
    default:
      return unreachable(expression)
  }
}

/** `when { … }` or `unless { … }`, on one line where it fits. */
export function clause(word: 'when' | 'unless', condition: Expression, end: string): string {
  const line = `${word} { ${flat(condition)} }${end}`
  if (line.length <= WIDTH) return line
  const braces = line.slice(word.length + 1)
  if (braces.length <= WIDTH) return `${word}\n${braces}`
  const pad = ' '.repeat(INDENT)
  return `${word}\n{\n${pad}${laidOut(condition, INDENT, 0)}\n}${end}`
}

/** The line of the head that says for which actions, without the comma. */
export function actionLine(actions: readonly string[]): string {
  const [only, ...rest] = actions
  if (only !== undefined && rest.length === 0) return `  action == Action::${quoted(only)}`
  const names = actions.map((name) => `Action::${quoted(name)}`)
  const line = `  action in [${names.join(', ')}]`
  return line.length + 1 <= WIDTH ? line : `  action in\n    [${names.join(',\n     ')}]`
}
