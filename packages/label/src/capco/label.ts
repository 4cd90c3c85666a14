import { PERSON } from '../policy-codes.ts'
import { LabelError, anotherPolicy, notInPolicy } from '../errors.ts'
import type { Category, Label, MarkingPolicy, OriginatorPart } from '../model.ts'
import { levelOf } from '../order.ts'
import { heldCategories, heldRules } from '../said.ts'
import { sortTexts } from '../sort-short.ts'
import { beginsList, introducesNames, isReserved, nearestWord } from './compartments.ts'
import { ordered } from './countries.ts'
import type { Entry, Marking } from './marking.ts'
import { type CapcoWords, ancestors, wordsOf } from './words.ts'

/** What a marking says, as a label (spec/label.md, United States): owners are originators, REL TO is their set. */
export function labelOf(marking: Marking, created: number, review: number | undefined): Label {
  const { words, level } = marking
  const label = {
    policy: words.policy.id,
    classification: level.code,
    // What the policy does not list narrows.
    categories: heldCategories(marking.entries, (tag) => (tag === PERSON ? undefined : kindOf(tag, words))),
    personRules: heldRules(marking.entries, words.known),
    originators: originatorsOf(marking),
    created,
  }
  return review === undefined ? label : { ...label, review }
}

function kindOf(tag: string, { known }: CapcoWords): Category['kind'] {
  return known.categories.get(tag)?.kind ?? 'restrictive'
}

/** Without REL TO the set is the owners, and the own nation, which holds what it marks. */
function originatorsOf({ owners, rel, level, words }: Marking): readonly OriginatorPart[] {
  const neutral = rel === undefined && level.unmarkedRelease === 'neutral'
  const sorted = sortTexts([...owners])
  if (neutral) return sorted.map((nation) => ({ nation, releasableTo: 'neutral' }))
  const set = rel === undefined ? unmarkedSet(owners, words.own) : sortTexts([...rel])
  return sorted.map((nation) => ({ nation, releasableTo: set }))
}

function unmarkedSet(owners: readonly string[], own: string): readonly string[] {
  if (owners.length === 1 && owners[0] === own) return owners
  return sortTexts([...owners, ...(owners.includes(own) ? [] : [own])])
}

/**
 * The marking that says what a label says. Throws `label/another-policy`, `label/not-in-policy` for what the policy does not
 * have, and `capco/not-carried` for what no marking of the Register can say: several originators with different sets.
 */
export function markingOf(label: Label, policy: MarkingPolicy): Marking {
  const words = wordsOf(policy)
  if (label.policy !== policy.id) {
    throw anotherPolicy(label.policy, policy.id)
  }
  const level = levelOf(label.classification, policy)
  const entries: Entry[] = []
  for (const { tag, kind, values } of label.categories) {
    for (const code of values) {
      const listed = words.byCode.get(code)?.entries.at(-1)?.tag === tag
      const open = words.known.categories.get(tag)?.open !== undefined && fits(tag, code, words)
      if (words.known.categories.get(tag)?.kind !== kind || (!listed && !open)) throw notInPolicy(`${tag}/${code}`, policy.id)
      for (const outer of ancestors(tag, code)) if (!values.includes(outer.code)) throw notInPolicy(`${tag}/${outer.code}`, policy.id)
      entries.push({ tag, code })
    }
  }
  for (const { code, nations } of label.personRules) {
    const rule = words.known.personRules.get(code)
    if (rule === undefined || (rule.nations !== nations && rule.nations.join() !== nations.join())) throw notInPolicy(code, policy.id)
    entries.push({ tag: PERSON, code })
  }
  const owners = ordered(
    label.originators.map(({ nation }) => nation),
    undefined,
  )
  const marking: Marking = { words, level, levelAt: 0, owners, entries, ats: entries.map(() => 0), rel: undefined, relAt: 0 }
  marking.rel = releaseOf(label, marking)
  return marking
}

/** REL TO as it must be written: not where the level and the owner alone say the same, but always for joint owners. */
function releaseOf(label: Label, { words, owners, level, entries }: Marking): readonly string[] | undefined {
  const [first, ...rest] = label.originators
  const policy = words.policy
  if (first === undefined) throw notInPolicy('originators', policy.id)
  const set = first.releasableTo
  if (rest.some(({ releasableTo }) => String(releasableTo) !== String(set))) {
    throw new LabelError('capco/not-carried', 'originators with different sets stand in no marking', { values: { text: owners.join(' ') } })
  }
  if (set === 'neutral') {
    if (level.unmarkedRelease === 'neutral') return undefined
    throw new LabelError('label/neutral-classified', `\`${level.banner}\` is never neutral`, { values: { text: level.banner } })
  }
  for (const name of [...owners, ...set]) {
    if (!words.countries.has(name) || (name === 'FGI' && owners.length > 1)) throw notInPolicy(name, policy.id)
  }
  const own = owners.includes(words.own) ? words.own : undefined
  const eyes = entries.some(({ code }) => code === 'EYES-ONLY')
  const unmarked =
    owners.length === 1 && set.join() === unmarkedSet(owners, words.own).join() && level.unmarkedRelease === 'originator' && !eyes
  return unmarked ? undefined : ordered(set, own)
}

function fits(tag: string, code: string, all: CapcoWords): boolean {
  const { countries, words } = all
  switch (tag) {
    case 'fgi':
    case 'display-only':
      return countries.has(code) && code !== 'FGI'
    case 'aea':
      return /^(?:RD|FRD)-SG-[1-9][0-9]?$/u.test(code)
    case 'sci':
      // What is like a known word would be taken for a slip when it is read.
      if (introducesNames(code.split('-', 1)[0] ?? '')) return false
      return /^[A-Z0-9]{2,16}(?:-[A-Z0-9]{1,16}){0,2}$/u.test(code) && (code.includes('-') || nearestWord(all, code, 'any') === undefined)
    case 'cui':
      return code.length <= 32 && /^[A-Z0-9]+(?:-[A-Z0-9]+)*$/u.test(code)
    case 'accm':
      return code.length <= 64 && /^[A-Z0-9]+(?: [A-Z0-9]+){0,7}$/u.test(code) && !words.any.has(code) && !beginsList(code)
    case 'sap':
      return (
        code.length <= 64 &&
        /^[A-Z0-9]+(?: [A-Z0-9]+){0,7}(?:-[A-Z0-9]{1,16}){0,2}$/u.test(code) &&
        !isReserved(code.split('-', 1)[0] ?? '')
      )
    default:
      return false
  }
}
