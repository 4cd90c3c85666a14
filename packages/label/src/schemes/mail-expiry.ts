import { problemOf } from '../check.ts'
import type { Category, Label, MarkingPolicy } from '../model.ts'
import { reachesLevel } from '../order.ts'
import { notCarried } from '../print.ts'
import { dayOf, instantOf } from './mail-date.ts'
import { type Pair, refuseMail, writtenValue } from './mail-pairs.ts'
import { levelText, mailSpelling, refuseWord } from './mail-words.ts'

/** Where a level goes down at an event and not at a time: no label can hold it, a person watches for it. */
export interface LoweringEvent {
  readonly text: string
  readonly downTo: string
}

/** The label with the succession that `EXPIRES` and `DOWNTO` say, or beside it the event. */
export function withExpiry(
  expires: Pair | undefined,
  downTo: Pair | undefined,
  label: Label,
  policy: MarkingPolicy,
): { readonly label: Label; readonly event?: LoweringEvent } {
  if (expires === undefined && downTo === undefined) return { label }
  if (expires === undefined || downTo === undefined) {
    throw refuseMail('label/mail-expiry', '`EXPIRES` and `DOWNTO` stand together', (expires ?? downTo)?.at ?? 0)
  }
  const level = policy.classifications.find((candidate) => candidate.obsolete === undefined && mailSpelling(candidate) === downTo.value)
  if (level === undefined) throw refuseWord('label/unknown-classification', 'unknown classification', downTo)
  if (reachesLevel(level.code, label.classification, policy))
    throw refuseMail('label/mail-expiry', '`DOWNTO` is not lower', downTo.at, { text: downTo.value })
  const at = instantOf(expires.value)
  if (at === undefined) return { label, event: { text: expires.value, downTo: level.code } }
  return { label: { ...label, succession: { at, label: loweredLabel(label, level.code, at, policy) } } }
}

/** The label from the instant on at which its level goes down: what may not stand with the lower level lapses with the higher. */
function loweredLabel(label: Label, classification: string, at: number, policy: MarkingPolicy): Label {
  const { succession: _, ...present } = label
  const level = policy.classifications.find(({ code }) => code === classification)
  const bare: Label = {
    ...present,
    classification,
    categories: [],
    personRules: [],
    originators: [{ nation: policy.nation, releasableTo: level?.unmarkedRelease === 'neutral' ? 'neutral' : [policy.nation] }],
    created: at,
  }
  const stands = (part: Partial<Label>): boolean => problemOf({ ...bare, ...part }, policy) === undefined
  const categories = label.categories.flatMap((category): Category[] => {
    const values = category.values.filter((value) => stands({ categories: [{ ...category, values: [value] }] }))
    return values.length === 0 ? [] : [{ ...category, values }]
  })
  const personRules = label.personRules.filter((rule) => stands({ personRules: [rule] }))
  // A releasability mark stays where it may stand; none means what none means at the lower level.
  const released = label.originators.some(({ releasableTo }) => releasableTo !== 'neutral' && releasableTo.length > 1)
  const originators = released && stands({ originators: label.originators }) ? label.originators : bare.originators
  return { ...bare, categories, personRules, originators }
}

/** `EXPIRES` and `DOWNTO` of a label's succession, or of an event; `label/not-carried` for what they cannot say. */
export function expiryOf(label: Label, policy: MarkingPolicy, event: LoweringEvent | undefined): readonly string[] {
  const { succession } = label
  if (succession !== undefined && event !== undefined) throw notCarried(event.text)
  if (event !== undefined) return [`EXPIRES=${writtenValue(event.text)}`, `DOWNTO=${levelText(event.downTo, policy)}`]
  if (succession === undefined) return []
  const lowered = loweredLabel(label, succession.label.classification, succession.at, policy)
  const same = JSON.stringify(said(lowered)) === JSON.stringify(said(succession.label)) && succession.label.succession === undefined
  if (!same || reachesLevel(lowered.classification, label.classification, policy)) throw notCarried(dayOf(succession.at))
  return [`EXPIRES=${dayOf(succession.at)}`, `DOWNTO=${levelText(lowered.classification, policy)}`]
}

function said({ classification, categories, personRules, originators }: Label): unknown {
  return [
    classification,
    categories.map(({ tag, values }) => [tag, values]),
    personRules.map(({ code }) => code),
    originators.map(({ nation, releasableTo }) => [nation, releasableTo]),
  ]
}
