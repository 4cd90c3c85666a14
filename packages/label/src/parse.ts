import { ORIGIN, PERSON, policyCodes } from './policy-codes.ts'
import type { Label, MarkingForm, MarkingPolicy, OriginatorPart } from './model.ts'
import { Said } from './said.ts'
import {
  type Piece,
  bracket,
  checkCharacters,
  refuseBrackets,
  refuseEmpty,
  refuseWithoutOwn,
  shown,
  refuse,
  refuseWord,
  split,
  trim,
} from './text.ts'
import { type Vocabulary, nearest, nearestSpelling, normalSpelling, vocabularyOf } from './vocabulary.ts'

/** What the components of a marking say, as it is gathered. */
interface Findings {
  readonly vocabulary: Vocabulary
  readonly policy: MarkingPolicy
  readonly form: MarkingForm
  readonly said: Said
  readonly originators: Map<string, OriginatorPart['releasableTo']>
  rel: Piece | undefined
}

/**
 * Reads a marking (spec/label.md section 4): `SECRET//REL XKA, XLO` as `banner`, `(S//REL XKA, XLO)` as `portion`, both as
 * `any`. Full-width characters are read as their plain ones. `created` and `review` are seconds since 1970.
 * Throws only `LabelError`, with `values.at`.
 */
export function parseMarking(
  text: string,
  options: { readonly policy: MarkingPolicy; readonly form: MarkingForm; readonly created: number; readonly review?: number },
): Label {
  const { policy } = options
  const body = openBrackets(checkCharacters(text), options.form)
  const [first, ...rest] = split(body, /[/／]{2}/gu)
  const findings: Findings = {
    vocabulary: vocabularyOf(policy),
    policy,
    form: options.form,
    said: new Said(policy),
    originators: new Map(),
    rel: undefined,
  }
  const classification = readClassification(first ?? body, findings)
  for (const piece of rest) readComponent(piece, findings)
  return findings.said.label(classification, originatorsOf(findings, classification), options, body.at)
}

/** What stands in the brackets of a portion, or all where there are none. Throws `label/empty`, `label/brackets`. */
export function openBrackets(text: string, form: MarkingForm): Piece {
  const whole = trim({ text, at: 0 })
  if (whole.text === '') throw refuseEmpty({ text, at: 0 })
  const opens = bracket(whole.text.charCodeAt(0)) === 1
  const closes = bracket(whole.text.charCodeAt(whole.text.length - 1)) === -1
  if (opens && form === 'banner') throw refuseBrackets('around', whole.at)
  if (opens !== closes) throw refuseBrackets('half', opens ? whole.at : whole.at + whole.text.length - 1)
  const inner = opens ? trim({ text: whole.text.slice(1, -1), at: whole.at + 1 }) : whole
  const stray = firstBracket(inner.text)
  if (stray !== -1) throw refuseBrackets('inside', inner.at + stray)
  if (inner.text === '') throw refuseEmpty(inner)
  return inner
}

function firstBracket(text: string): number {
  for (let at = 0; at < text.length; at++) if (bracket(text.charCodeAt(at)) !== 0) return at
  return -1
}

function readClassification(piece: Piece, { vocabulary, form, said }: Findings): string {
  said.levelAt = piece.at
  const term = vocabulary.levels[form].get(normalSpelling(piece.text))
  if (term === undefined) {
    const near = oneStroke(piece, vocabulary, form) ?? nearestSpelling(piece.text, vocabulary.levels, form)
    throw refuseWord('label/unknown-classification', 'unknown classification', piece, near)
  }
  return term.code
}

/** What was meant where a single stroke stands after the classification. */
function oneStroke(piece: Piece, vocabulary: Vocabulary, form: MarkingForm): string | undefined {
  const [head, ...rest] = piece.text.split(/[/／]/u)
  const known = rest.length > 0 && vocabulary.levels[form].has(normalSpelling(head ?? ''))
  return known ? shown(`${head?.trim()}//${rest.join('/').trim()}`) : undefined
}

function readComponent(piece: Piece, findings: Findings): void {
  if (piece.text === '') throw refuse('label/empty-component', 'nothing stands between two strokes', piece)
  const keyword = /^(\S+)(?:\s+|$)/u.exec(piece.text)
  const after = (length: number) => ({ text: piece.text.slice(length), at: piece.at + length })
  switch (normalSpelling(keyword?.[1] ?? '')) {
    case 'REL':
      return readRel(after(keyword?.[0].length ?? 0), piece, findings)
    case 'ORIGIN':
      return readOrigin(after(keyword?.[0].length ?? 0), piece, findings)
    default:
      return readCaveat(piece, findings)
  }
}

function readRel(list: Piece, whole: Piece, findings: Findings): void {
  if (findings.rel !== undefined) throw refuseWord('label/duplicate', 'stands twice:', { text: 'REL', at: whole.at }, undefined)
  if (findings.originators.size > 0) throw refuse('label/origin-and-rel', 'REL stands beside ORIGIN', whole)
  findings.rel = whole
  const { nation } = findings.policy
  findings.said.add(ORIGIN, nation, whole.at)
  findings.originators.set(nation, readNations(list, nation, findings))
}

/** `ORIGIN XLO`, `ORIGIN XLO REL XKA, XLO`, `ORIGIN XLO NEUTRAL`: one originator and its own say. */
function readOrigin(said: Piece, whole: Piece, findings: Findings): void {
  if (findings.rel !== undefined) throw refuse('label/origin-and-rel', 'ORIGIN stands beside REL', whole)
  const parts = /^(\S*)\s*(\S*)\s*/u.exec(said.text)
  const name: Piece = { text: parts?.[1] ?? '', at: said.at }
  const nation = readNation(name, findings)
  if (findings.originators.has(nation)) throw refuseWord('label/duplicate', 'stands twice:', name, undefined)
  findings.said.add(ORIGIN, nation, whole.at)
  const say = normalSpelling(parts?.[2] ?? '')
  const length = parts?.[0].length ?? 0
  const list: Piece = { text: said.text.slice(length), at: said.at + length }
  if (say === 'REL') findings.originators.set(nation, readNations(list, nation, findings))
  else if (say === '' && list.text === '') findings.originators.set(nation, [nation])
  else if (say === 'NEUTRAL' && list.text === '') findings.originators.set(nation, 'neutral')
  else throw refuseWord('label/unknown-caveat', 'unknown caveat', whole, `ORIGIN ${nation} REL ${nation}`)
}

function readNations(list: Piece, own: string, findings: Findings): readonly string[] {
  const nations = new Set<string>()
  for (const piece of split(list, /[,，、､/／]/gu)) {
    const nation = readNation(piece, findings)
    if (nations.has(nation)) throw refuseWord('label/duplicate', 'stands twice:', piece, undefined)
    nations.add(nation)
  }
  if (!nations.has(own)) {
    const near = `REL ${[own, ...[...nations].sort()].join(', ')}`
    throw refuseWithoutOwn(own, list.at, near)
  }
  return [...nations].sort()
}

function readNation(piece: Piece, { policy }: Findings): string {
  if (piece.text === '') throw refuse('label/empty-component', 'a nation is missing', piece)
  const nation = normalSpelling(piece.text)
  const { nations } = policyCodes(policy)
  if (!nations.has(nation)) throw refuseWord('label/unknown-nation', 'unknown nation', piece, nearest(nation, nations))
  return nation
}

function readCaveat(piece: Piece, findings: Findings): void {
  const { vocabulary, form } = findings
  const term = vocabulary.caveats[form].get(normalSpelling(piece.text))
  if (term === undefined) throw refuseWord('label/unknown-caveat', 'unknown caveat', piece, nearestCaveat(piece, findings))
  const tag = term.kind === 'category' ? term.tag : PERSON
  if (!findings.said.add(tag, term.code, piece.at)) throw refuseWord('label/duplicate', 'stands twice:', piece, undefined)
}

function nearestCaveat(piece: Piece, { vocabulary, form }: Findings): string | undefined {
  return nearestSpelling(piece.text, vocabulary.caveats, form) ?? nearest(normalSpelling(piece.text).split(' ')[0] ?? '', ['REL', 'ORIGIN'])
}

function originatorsOf({ originators, policy }: Findings, classification: string): readonly OriginatorPart[] {
  if (originators.size === 0) {
    const level = policyCodes(policy).levels.get(classification)
    return [{ nation: policy.nation, releasableTo: level?.unmarkedRelease === 'neutral' ? 'neutral' : [policy.nation] }]
  }
  const parts = [...originators].map(([nation, releasableTo]) => ({ nation, releasableTo }))
  return parts.sort((a, b) => (a.nation < b.nation ? -1 : 1))
}
