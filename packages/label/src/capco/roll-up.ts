import { PERSON } from '../policy-codes.ts'
import { LabelError } from '../errors.ts'
import type { JoinResult } from '../join.ts'
import type { Label, MarkingPolicy } from '../model.ts'
import { ordered } from './countries.ts'
import { labelOf, markingOf } from './label.ts'
import { type Entry, type Marking, add, drop, has, hasTag, ownOnly } from './marking.ts'
import { checkRules, orderOf } from './rules.ts'
import { NO_TEXT } from './syntax.ts'

/**
 * The label of a whole by the roll-up rules of ISM and the Register (spec/label.md, United States): what the owners share where
 * all portions have the same; else a label of the own nation, in which what others own is a foreign source. It is never
 * released or shown wider than a portion. Commutative, associative and idempotent. What no banner can say, a person decides.
 */
export function rollUp(labels: readonly Label[], policy: MarkingPolicy): JoinResult {
  const [first] = labels
  if (first === undefined) return { ok: false, code: 'label/person-decides', reason: 'nothing-to-join', values: {} }
  try {
    const portions = labels.map((label) => {
      const marking = markingOf(label, policy)
      checkRules(marking, NO_TEXT)
      return marking
    })
    const created = Math.max(...labels.map((label) => label.created))
    const reviews = labels.flatMap(({ review }) => (review === undefined ? [] : [review]))
    const whole = joined(portions, created)
    checkRules(whole, NO_TEXT)
    const label = labelOf(whole, created, reviews.length === 0 ? undefined : Math.min(...reviews))
    return { ok: true, label }
  } catch (error) {
    if (!(error instanceof LabelError)) throw error
    if (error.code === 'label/nobody') return { ok: false, code: 'label/person-decides', reason: 'no-common-reader', values: {} }
    return { ok: false, code: 'label/person-decides', reason: 'not-in-policy', values: { cause: error.code } }
  }
}

/**
 * Which classified portions say nothing of disclosure to other nations (ISM rule 119): their places in the list. Intelligence under ICD
 * 710 must; whether a document is that, only its makers know.
 */
export function withoutDisclosureMark(labels: readonly Label[], policy: MarkingPolicy): readonly number[] {
  return labels.flatMap((label, index) => {
    const marking = markingOf(label, policy)
    return isClassified(marking) && ownOnly(marking) && !saysDisclosure(marking) ? [index] : []
  })
}

function joined(portions: readonly Marking[], at: number): Marking {
  const first = portions[0] as Marking
  const { words } = first
  const same = portions.every(({ owners }) => owners.join() === first.owners.join())
  const whole: Marking = {
    words,
    level: portions.reduce((highest, { level }) => (level.order > highest.order ? level : highest), first.level),
    levelAt: 0,
    owners: same ? first.owners : [words.own],
    entries: [],
    ats: [],
    rel: undefined,
    relAt: 0,
  }
  // A whole of the own nation has no RESTRICTED: what others restrict is protected as the next level up.
  if (!same && whole.level.code === 'RESTRICTED') {
    whole.level = words.policy.classifications.find(({ order }) => order > whole.level.order) ?? whole.level
  }
  for (const { entries } of portions) for (const entry of entries) if (!isConditional(entry)) add(whole, entry, 0)
  if (!same) for (const { owners } of portions) for (const code of owners) if (code !== words.own) add(whole, { tag: 'fgi', code }, 0)
  simplify(whole)
  const classified = portions.filter(isClassified)
  const deciding = classified.length > 0 ? classified : portions
  release(whole, portions, deciding, at)
  disclose(whole, portions, deciding, at)
  return whole
}

/** What does not simply unite: it stands in the whole only where every portion allows it, or nothing stronger does. */
function isConditional({ tag, code }: Entry): boolean {
  return tag === 'display-only' || code === 'RELIDO' || code === 'EYES-ONLY'
}

/** ORCON says more than ORCON-USGOV; what hides the rest; and marks of the unclassified in a classified whole. */
function simplify(whole: Marking): void {
  if (has(whole, 'dissemination', 'ORCON')) drop(whole, ({ code }) => code === 'ORCON-USGOV')
  if (has(whole, 'fgi', 'FGI')) drop(whole, ({ tag, code }) => tag === 'fgi' && code !== 'FGI')
  if (whole.level.code !== 'UNCLASSIFIED') drop(whole, ({ code, tag }) => tag === 'handling' && code === 'FOUO')
  if (isClassified(whole)) drop(whole, ({ tag }) => tag === 'cui')
}

function isClassified({ level, words }: Marking): boolean {
  return level.order > orderOf('CUI', words)
}

/** Whether something in the whole excludes any disclosure. */
function isClosed(whole: Marking): boolean {
  return hasTag(whole, PERSON) || ['EXDIS', 'NODIS', 'SBU-NF', 'LES-NF'].some((code) => has(whole, 'non-ic', code))
}

function saysDisclosure(marking: Marking): boolean {
  return marking.rel !== undefined || hasTag(marking, PERSON) || hasTag(marking, 'display-only') || has(marking, 'handling', 'RELIDO')
}

/**
 * Rules 31, 32 and 88: what all portions that narrow have in common, a portion without REL TO at a classified level being its owners' (and the
 * own nation's, which holds it). What the own nation holds it must be in itself. Throws `label/nobody` where it is not.
 */
function release(whole: Marking, portions: readonly Marking[], deciding: readonly Marking[], at: number): void {
  const { own } = whole.words
  const unmarked = ({ owners }: Marking) => [...owners, own]
  const lists = portions.flatMap((portion) =>
    portion.rel !== undefined ? [portion.rel] : isClassified(portion) ? [unmarked(portion)] : [],
  )
  if (lists.length === 0) return
  const common = commonCountries(lists, whole, at)
  if (whole.owners.some((owner) => !common.includes(owner)))
    throw new LabelError('label/nobody', 'its owner may not read the whole', { values: {} })
  const silent = deciding.some(({ rel }) => rel === undefined)
  const holders = unmarked(whole)
  const same = whole.owners.length === 1 && common.length === new Set(holders).size && holders.every((code) => common.includes(code))
  // Where the level by itself keeps the whole with its owner, nothing is written.
  if (isClassified(whole) && (same || (ownOnly(whole) && (silent || isClosed(whole))))) return
  whole.rel = ordered(common, whole.owners.includes(own) ? own : undefined)
  if (deciding.every((portion) => has(portion, 'handling', 'EYES-ONLY'))) add(whole, { tag: 'handling', code: 'EYES-ONLY' }, 0)
}

/** Rules 124, 132, 169, 213, 233, 234: RELIDO and DISPLAY ONLY where every portion allows them, never for what others own. */
function disclose(whole: Marking, portions: readonly Marking[], deciding: readonly Marking[], at: number): void {
  const foreign = hasTag(whole, 'fgi') || !whole.owners.includes(whole.words.own)
  const closed = isClosed(whole)
  if (!foreign && !closed && deciding.every((portion) => has(portion, 'handling', 'RELIDO'))) {
    add(whole, { tag: 'handling', code: 'RELIDO' }, 0)
  } else if (!foreign && !closed && portions.some((portion) => hasTag(portion, 'display-only'))) {
    const lists = deciding.map((portion) => [...shownTo(portion), ...(portion.rel ?? [])])
    const released = new Set(whole.rel)
    for (const code of commonCountries(lists, whole, at)) {
      if (code !== whole.words.own && !released.has(code)) add(whole, { tag: 'display-only', code }, 0)
    }
  }
  const asks = portions.some(
    (portion) => (hasTag(portion, 'sci') || has(portion, 'dissemination', 'IMCON')) && (saysDisclosure(portion) || !ownOnly(portion)),
  )
  if (asks && ownOnly(whole) && !saysDisclosure(whole)) {
    // What allowed its compartments to be disclosed to some is gone: they are disclosed to nobody.
    for (const { code } of whole.words.policy.personRules.slice(0, 1)) add(whole, { tag: PERSON, code }, 0)
  }
}

function shownTo({ entries }: Marking): readonly string[] {
  return entries.filter(({ tag }) => tag === 'display-only').map(({ code }) => code)
}

/** The countries of every list: those that each list names or has in a community then, and the communities named in all. */
function commonCountries(lists: readonly (readonly string[])[], { words }: Marking, at: number): readonly string[] {
  const membersOf = (code: string): readonly string[] | undefined =>
    words.policy.communities
      ?.find((community) => community.code === code)
      ?.members.filter(({ from, until }) => (from ?? -Infinity) <= at && at < (until ?? Infinity))
      .map(({ nation }) => nation)
  const inAll = (code: string) => lists.every((list) => list.includes(code))
  const kept = [...new Set(lists.flat())].filter((code) => inAll(code))
  const covered = new Set(kept.flatMap((code) => membersOf(code) ?? []))
  const expanded = lists.map((list) => new Set(list.flatMap((code) => membersOf(code) ?? [code])))
  const nations = [...(expanded[0] ?? [])].filter((nation) => expanded.every((set) => set.has(nation)) && !covered.has(nation))
  return [...new Set([...kept, ...nations])]
}
