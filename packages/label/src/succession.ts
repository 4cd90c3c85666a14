import type { Label } from './model.ts'

/** How often a label may be succeeded. */
export const MAX_SUCCESSION = 4

/** What a label is at a time (seconds since 1970): itself, or the last of its successors whose instant has come. */
export function labelAt(label: Label, time: number): Label {
  let now = label
  while (now.succession !== undefined && now.succession.at <= time) now = now.succession.label
  return now
}

/** The label without what comes after it. */
export function withoutSuccession(label: Label): Label {
  if (label.succession === undefined) return label
  const { succession: _, ...present } = label
  return present
}

/** Every instant at which a label changes, ascending. */
export function changesOf(label: Label): readonly number[] {
  const instants: number[] = []
  for (let step = label.succession; step !== undefined; step = step.label.succession) instants.push(step.at)
  return instants
}
