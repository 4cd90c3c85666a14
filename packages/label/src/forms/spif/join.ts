import { LabelError } from '../../errors.ts'
import { checkSpifLabel, indexOf } from './check.ts'
import { mapSpifLabel } from './map.ts'
import type { PlacedValue, Spif, SpifClassification, SpifLabel, SpifTag } from './model.ts'

export type SpifJoin =
  | { readonly ok: true; readonly label: SpifLabel }
  | { readonly ok: false; readonly code: 'label/person-decides'; readonly cause: LabelError }

/**
 * The label of a whole under a SPIF (ADatP-4774.1 chapter 4, its rules as spec/label.md section 12.4 reads them): another policy's label
 * is mapped first; the highest classification; restrictive and informative values together; of a permissive tag the values common to
 * all labels that have it. A person decides where nothing is common, no equivalent is given, a privacy mark would be lost, or the
 * policy does not allow what comes out.
 */
export function joinSpifLabels(labels: readonly SpifLabel[], to: Spif): SpifJoin {
  try {
    const mapped = labels.map((label) => (label.spif === to ? label : mapSpifLabel(label, to, 'decrypt')))
    const label = joined(mapped, to)
    checkSpifLabel(label)
    return { ok: true, label }
  } catch (cause) {
    if (!(cause instanceof LabelError)) throw cause
    return { ok: false, code: 'label/person-decides', cause }
  }
}

function joined(labels: readonly SpifLabel[], spif: Spif): SpifLabel {
  const [first, ...rest] = labels
  if (first === undefined) throw new LabelError('label/empty', 'no labels', { values: {} })
  const classification = rest.reduce((highest, label) => higher(highest, label.classification), first.classification)
  const marks = new Set(labels.map(({ privacyMark }) => privacyMark))
  const [mark] = marks
  if (marks.size > 1) throw nothingCommon([...marks].find((one) => one !== undefined) ?? '')
  const tags = new Set(labels.flatMap(({ values }) => values.map(({ tag }) => tag)))
  const values = [...tags].flatMap((tag) => valuesOf(tag, labels, classification))
  return { spif, classification, values: indexOf(spif).ordered(values), ...(mark === undefined ? {} : { privacyMark: mark }) }
}

function higher(a: SpifClassification, b: SpifClassification): SpifClassification {
  return b.hierarchy > a.hierarchy ? b : a
}

function valuesOf(tag: SpifTag, labels: readonly SpifLabel[], { name }: SpifClassification): readonly PlacedValue[] {
  const sets = labels.map(({ values }) => values.filter((placed) => placed.tag === tag)).filter((set) => set.length > 0)
  const all = sets.flat()
  if (tag.kind !== 'permissive') return all
  const common = all.filter(({ value }) => sets.every((set) => set.some((placed) => placed.value === value)))
  // INVARIANT: dropping what narrows would widen; it is dropped only where the policy says that it cannot stand at this classification.
  if (all.every(({ value }) => value.excludedClasses.includes(name))) return []
  if (common.length === 0) throw nothingCommon(tag.name)
  return common
}

function nothingCommon(text: string): LabelError {
  return new LabelError('form/no-equivalent', `nothing common in \`${text}\``, { values: { text, policy: '' } })
}
