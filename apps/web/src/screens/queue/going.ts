import type { Disclosure, MarkedPortion, PortionOutcome, ReleaseProgress } from '@entente/client'

/** How many portions of a report go to a nation and how many stay. */
export interface Tally {
  readonly goes: number
  readonly stays: number
}

/** Counts what goes and what stays. */
export function tallyOf(portions: readonly Pick<PortionOutcome, 'goes'>[]): Tally {
  const goes = portions.filter((one) => one.goes).length
  return { goes, stays: portions.length - goes }
}

/** Of the partners that the officer wants, those to which something may go; one of which nothing is known yet is not among them. */
export function nationsThatGet(
  partners: readonly string[],
  unwanted: ReadonlySet<string>,
  answers: ReadonlyMap<string, Pick<Disclosure, 'tearLine'>>,
): readonly string[] {
  return partners.filter((nation) => !unwanted.has(nation) && (answers.get(nation)?.tearLine.length ?? 0) > 0)
}

/** Bytes of what is sealed: files by their size, texts by their UTF-8 length; of the portions in `ids`, or of all. */
export function bytesToSeal(portions: readonly MarkedPortion[], ids?: readonly string[]): number {
  const chosen = ids === undefined ? undefined : new Set(ids)
  const encoder = new TextEncoder()
  return portions
    .filter(({ id }) => chosen?.has(id) !== false)
    .reduce(
      (sum, portion) =>
        sum + (portion.kind === 'file' ? portion.size : portion.texts.reduce((all, { text }) => all + encoder.encode(text).length, 0)),
      0,
    )
}

/**
 * How much of a release is done, from 0 to 1: each rendition is sealed and then sent, and counts by its bytes. `sizes`: bytes
 * of each rendition by its recipient; `sealed`: bytes that the rendition in hand has given so far.
 */
export function shareDone(progress: ReleaseProgress, order: readonly string[], sizes: ReadonlyMap<string, number>, sealed: number): number {
  const sizeOf = (nation: string): number => Math.max(sizes.get(nation) ?? 0, 1)
  const total = order.reduce((sum, nation) => sum + sizeOf(nation), 0)
  const before = order.slice(0, progress.rendition - 1).reduce((sum, nation) => sum + sizeOf(nation), 0)
  const { bytes = 0, size = 0 } = progress
  // A container is a little longer than what is in it.
  const here =
    progress.step === 'sent'
      ? 1
      : progress.step === 'sealing'
        ? Math.min(sealed / sizeOf(progress.recipient), 1) / 2
        : 0.5 + (size === 0 ? 0 : Math.min(bytes / size, 1) / 2)
  return (before + here * sizeOf(progress.recipient)) / total
}
