import { checkLabel, problemOf } from '../check.ts'
import { LabelError } from '../errors.ts'
import type { Label, MarkingPolicy } from '../model.ts'
import { hasValue } from '../open.ts'
import { PERSON } from '../policy-codes.ts'
import { notCarried } from '../print.ts'
import { Said } from '../said.ts'
import { refuseWithoutOwn } from '../text.ts'
import { normalSpelling } from '../vocabulary.ts'
import { MAX_MAIL_MARKING, type Pair, pairsOf, refuseMail, writtenValue } from './mail-pairs.ts'
import { type LoweringEvent, expiryOf, withExpiry } from './mail-expiry.ts'
import { levelText, mailSpelling, refuseWord } from './mail-words.ts'
import type { Change } from './syntax.ts'

/** The version that is written, and the name space of the standard. */
const VERSION = '2025.1'
const NAMESPACE = 'gov.au'

/** A marking in a mail header field, or in square brackets in the subject. */
export type MailForm = 'header' | 'subject'

/** What a mail marking says beside the label. */
export interface MailMarking {
  readonly label: Label
  readonly changes: readonly Change[]
  /** As it stood; absent in a subject. */
  readonly version?: string
  readonly note?: string
  /** Address of the author. */
  readonly author?: string
  readonly event?: LoweringEvent
}

/**
 * Reads a marking of the Email Protective Marking Standard (spec/label.md section 9): the field `X-Protective-Marking` or the
 * subject's brackets, of any version. `EXPIRES` with a date and `DOWNTO` become the succession. Throws `LabelError` with `values.at`.
 */
export function readMailMarking(
  text: string,
  policy: MarkingPolicy,
  options: { readonly form: MailForm; readonly lenient: boolean; readonly created: number },
): MailMarking {
  if (text.length > MAX_MAIL_MARKING) throw refuseMail('label/mail-form', 'longer than any mail marking', MAX_MAIL_MARKING)
  const { from, to } = bounds(text, options.form)
  const pairs = pairsOf(text, from, to)
  const one = (key: Pair['key']): Pair | undefined => {
    const [first, second] = pairs.filter((pair) => pair.key === key)
    if (second !== undefined) throw refuseWord('label/duplicate', 'stands twice:', { value: key, at: second.at })
    return first
  }
  const [version, space, note, author] = [one('VER'), one('NS'), one('NOTE'), one('ORIGIN')]
  if (options.form === 'subject') {
    const stray = version ?? space ?? note ?? author
    if (stray !== undefined)
      throw refuseMail('label/mail-key', `\`${stray.key}\` does not stand in a subject`, stray.at, { text: stray.key })
  }
  if (space !== undefined && space.value !== NAMESPACE)
    throw refuseMail('label/mail-value', 'another name space', space.at, { text: space.value })
  if (version !== undefined && !/^20\d\d\.\d{1,2}$/u.test(version.value)) {
    throw refuseMail('label/mail-value', 'not a version', version.at, { text: version.value })
  }
  const changes: Change[] = []
  const level = readLevel(one('SEC'), policy, options.lenient, changes, from)
  const said = readCaveats(pairs, policy, options.lenient, changes)
  const present = presentLabel(level, said, policy, options, changes)
  allow(present, policy, pairs.find(({ key }) => key === 'SEC')?.at ?? from)
  const ends = withExpiry(one('EXPIRES'), one('DOWNTO'), present, policy)
  return {
    label: ends.label,
    changes,
    ...(version === undefined ? {} : { version: version.value }),
    ...(note === undefined ? {} : { note: note.value }),
    ...(author === undefined ? {} : { author: author.value }),
    ...(ends.event === undefined ? {} : { event: ends.event }),
  }
}

function bounds(text: string, form: MailForm): { readonly from: number; readonly to: number } {
  if (form === 'header') {
    const name = /^\s{0,8}X-Protective-Marking:/iu.exec(text)
    return { from: name?.[0].length ?? 0, to: text.trimEnd().length }
  }
  // The last brackets of the subject: what people write stands before it.
  const close = text.lastIndexOf(']')
  const open = text.lastIndexOf('[SEC=')
  if (open === -1 || close < open) throw refuseMail('label/mail-form', 'no marking in square brackets', 0)
  if (text.indexOf('[SEC=') !== open) throw refuseMail('label/mail-form', 'more than one marking', open)
  return { from: open + 1, to: close }
}

function readLevel(pair: Pair | undefined, policy: MarkingPolicy, lenient: boolean, changes: Change[], from: number): string {
  if (pair === undefined) throw refuseMail('label/mail-form', 'no `SEC`', from)
  const level = policy.classifications.find((candidate) => mailSpelling(candidate) === pair.value)
  const loose = policy.classifications.find((one) =>
    [one.code, one.banner, ...one.input].some((text) => normalSpelling(text) === normalSpelling(pair.value)),
  )
  const found = level ?? (lenient ? loose : undefined)
  const old = (found ?? loose)?.obsolete
  if (old !== undefined) {
    const successor = policy.classifications.find(({ code }) => code === old.readAs)
    const near = successor === undefined ? {} : { nearest: mailSpelling(successor) }
    const error = refuseWord('label/obsolete', 'is no longer used', pair, { source: old.source, ...near })
    if (!lenient || successor === undefined) throw error
    changes.push({ at: pair.at, from: pair.value, to: mailSpelling(successor), code: 'label/obsolete' })
    return successor.code
  }
  if (found === undefined) {
    throw refuseWord(
      'label/unknown-classification',
      'unknown classification',
      pair,
      loose === undefined ? {} : { nearest: mailSpelling(loose) },
    )
  }
  if (level === undefined) changes.push({ at: pair.at, from: pair.value, to: mailSpelling(found), code: 'label/unknown-classification' })
  return found.code
}

/** The categories of the layout by the prefix that the standard gives them. */
const PREFIXES: readonly { readonly prefix: string; readonly tag: string }[] = [
  { prefix: 'C:', tag: 'codeword' },
  { prefix: 'FG:', tag: 'foreign' },
  { prefix: 'SH:EXCLUSIVE-FOR ', tag: 'exclusive' },
  { prefix: 'SH:', tag: 'handling' },
]
const RELEASE = 'RI:REL '
const INDICATOR = 'RI:'
const ACCESS = 'access'

interface Caveats {
  readonly said: Said
  readonly release: { readonly nations: readonly string[]; readonly at: number } | undefined
}

function readCaveats(pairs: readonly Pair[], policy: MarkingPolicy, lenient: boolean, changes: Change[]): Caveats {
  const said = new Said(policy)
  let release: Caveats['release']
  const twice = (pair: Pair): void => {
    if (!lenient) throw refuseWord('label/duplicate', 'stands twice:', pair)
    changes.push({ at: pair.at, from: pair.value, to: '', code: 'label/duplicate' })
  }
  const add = (tag: string, value: string, pair: Pair): void => {
    if (!said.add(tag, value, pair.at)) twice(pair)
  }
  const word = (tag: string, text: string, pair: Pair): void => {
    const { code, strictly } = listed(tag, text, pair, policy, lenient)
    if (strictly !== text) changes.push({ at: pair.at, from: text, to: strictly, code: 'label/unknown-caveat' })
    add(tag, code, pair)
  }
  for (const given of pairs) {
    if (given.key === 'ACCESS') word(ACCESS, given.value, given)
    if (given.key !== 'CAVEAT') continue
    const pair = lenient ? withoutSecondPrefix(given, changes) : given
    const { value } = pair
    const rule = value.startsWith(INDICATOR) ? policy.personRules.find(({ banner }) => INDICATOR + banner === value) : undefined
    const prefix = PREFIXES.find((one) => value.startsWith(one.prefix))
    if (rule !== undefined) {
      add(PERSON, rule.code, pair)
    } else if (value.startsWith(RELEASE)) {
      const nations = readNations(value.slice(RELEASE.length), pair, policy)
      // Two sets: neither is dropped, for no reading says which was meant.
      if (release !== undefined && release.nations.join() !== nations.join()) throw refuseWord('label/duplicate', 'stands twice:', pair)
      if (release !== undefined) twice(pair)
      else release = { nations, at: pair.at }
    } else if (prefix !== undefined) word(prefix.tag, value.slice(prefix.prefix.length), pair)
    else throw refuseWord('label/unknown-caveat', 'unknown caveat', pair)
  }
  return { said, release }
}

/** A widely used writer of these markings puts `RI:` before `SH:` for one caveat. */
function withoutSecondPrefix(pair: Pair, changes: Change[]): Pair {
  if (!pair.value.startsWith('RI:SH:')) return pair
  const value = pair.value.slice(INDICATOR.length)
  changes.push({ at: pair.at, from: pair.value, to: value, code: 'label/unknown-caveat' })
  return { ...pair, value }
}

/** The code of a word in its mail spelling, or the text of an open category; `strictly` is how it is written. */
function listed(
  tag: string,
  value: string,
  pair: Pair,
  policy: MarkingPolicy,
  lenient: boolean,
): { readonly code: string; readonly strictly: string } {
  const category = policy.categories.find((candidate) => candidate.tag === tag)
  const normal = normalSpelling(value)
  const loosely = (term: { readonly code: string; readonly banner: string; readonly input: readonly string[] }): boolean =>
    lenient && [term.code, term.banner, ...term.input].some((text) => normalSpelling(text) === normal)
  const found = category?.values.find((candidate) => mailSpelling(candidate) === value) ?? category?.values.find(loosely)
  if (found?.obsolete !== undefined) throw refuseWord('label/obsolete', 'is no longer used', pair, { source: found.obsolete.source })
  if (found !== undefined) return { code: found.code, strictly: mailSpelling(found) }
  if (category?.open !== undefined && hasValue(category, value)) return { code: value, strictly: value }
  throw refuseWord('label/unknown-caveat', 'unknown caveat', pair)
}

function readNations(list: string, pair: Pair, policy: MarkingPolicy): readonly string[] {
  const nations = list.split('/')
  for (const nation of nations) {
    if (!policy.releasableTo.some((known) => known.nation === nation))
      throw refuseWord('label/unknown-nation', 'unknown nation', { value: nation, at: pair.at })
  }
  if (new Set(nations).size !== nations.length) throw refuseWord('label/duplicate', 'a nation stands twice:', pair)
  return [...nations].sort()
}

function presentLabel(
  classification: string,
  { said, release }: Caveats,
  policy: MarkingPolicy,
  { lenient, created }: { readonly lenient: boolean; readonly created: number },
  changes: Change[],
): Label {
  const { nation: own } = policy
  const personRules = said.personRules()
  const admits = (nation: string) => personRules.every(({ nations }) => nations.includes(nation))
  let set = release?.nations
  const changed = (from: readonly string[], to: readonly string[], code: string): void =>
    void changes.push({ at: release?.at ?? 0, from: RELEASE + from.join('/'), to: to.length > 1 ? RELEASE + to.join('/') : '', code })
  if (set !== undefined && !set.includes(own)) {
    const near = [own, ...set]
    if (!lenient) throw refuseWithoutOwn(own, release?.at ?? 0, `REL ${near.join('/')}`)
    // The originator may always read its own: nobody is let in by this.
    changed(set, near, 'label/rel-without-own-nation')
    set = [...near].sort()
  }
  if (lenient && set?.some((nation) => !admits(nation)) === true) {
    const kept = set.filter(admits)
    changed(set, kept, 'label/person-rule-conflict')
    set = kept
  }
  const level = policy.classifications.find(({ code }) => code === classification)
  return {
    policy: policy.id,
    classification,
    categories: said.categories(),
    personRules,
    originators: [{ nation: own, releasableTo: set ?? (level?.unmarkedRelease === 'neutral' ? 'neutral' : [own]) }],
    created,
  }
}

function allow(label: Label, policy: MarkingPolicy, at: number): void {
  const problem = problemOf(label, policy)
  if (problem !== undefined) throw new LabelError(problem.code, problem.message, { values: { ...problem.values, at } })
}

/**
 * Writes a mail marking. The succession is written where it says what `EXPIRES` and `DOWNTO` can: one step to a lower level.
 * Throws as `checkLabel` does, and `label/not-carried` for what the form has no place for.
 */
export function writeMailMarking(
  label: Label,
  policy: MarkingPolicy,
  options: { readonly form: MailForm; readonly note?: string; readonly author?: string; readonly event?: LoweringEvent },
): string {
  checkLabel(label, policy)
  const { form, note, author } = options
  if (form === 'subject' && (note !== undefined || author !== undefined)) throw notCarried(note ?? author ?? '')
  const pairs = [
    ...(form === 'header' ? [`VER=${VERSION}`, `NS=${NAMESPACE}`] : []),
    `SEC=${levelText(label.classification, policy)}`,
    ...caveatsOf(label, policy).map((caveat) => `CAVEAT=${caveat}`),
    ...expiryOf(label, policy, options.event),
    ...wordsOf(ACCESS, label, policy).map((marker) => `ACCESS=${marker}`),
    ...(note === undefined ? [] : [`NOTE=${writtenValue(note)}`]),
    ...(author === undefined ? [] : [`ORIGIN=${writtenValue(author)}`]),
  ]
  return form === 'subject' ? `[${pairs.join(', ')}]` : pairs.join(', ')
}

function wordsOf(tag: string, label: Label, policy: MarkingPolicy): readonly string[] {
  const held = label.categories.find((category) => category.tag === tag)?.values ?? []
  const category = policy.categories.find((candidate) => candidate.tag === tag)
  const words = category?.values.filter(({ code }) => held.includes(code)) ?? []
  const free = held.filter((value) => !words.some(({ code }) => code === value))
  return [...words.map(mailSpelling), ...free.map(writtenValue)]
}

function caveatsOf(label: Label, policy: MarkingPolicy): readonly string[] {
  const known = new Set([...PREFIXES.map(({ tag }) => tag), ACCESS])
  const lost = label.categories.find(({ tag }) => !known.has(tag)) ?? label.originators.find(({ nation }) => nation !== policy.nation)
  if (lost !== undefined) throw notCarried('tag' in lost ? lost.tag : lost.nation)
  const words = (prefix: string): readonly string[] => {
    const tag = PREFIXES.find((one) => one.prefix === prefix)?.tag ?? ''
    return wordsOf(tag, label, policy).map((word) => prefix + word)
  }
  const rules = policy.personRules.filter(({ code }) => label.personRules.some((rule) => rule.code === code))
  return [
    ...words('C:'),
    ...words('FG:'),
    ...rules.map(({ banner }) => INDICATOR + banner),
    ...words('SH:'),
    ...words('SH:EXCLUSIVE-FOR '),
    ...releaseOf(label, policy),
  ]
}

function releaseOf({ originators: [own], classification }: Label, policy: MarkingPolicy): readonly string[] {
  if (own === undefined) return []
  const level = policy.classifications.find(({ code }) => code === classification)
  if (own.releasableTo === 'neutral') return []
  const foreign = own.releasableTo.filter((nation) => nation !== own.nation)
  if (foreign.some((code) => !policy.releasableTo.some(({ nation }) => nation === code))) throw notCarried(foreign.join('/'))
  if (foreign.length === 0 && level?.unmarkedRelease !== 'neutral') return []
  return [`${RELEASE}${[own.nation, ...foreign].join('/')}`]
}
