/**
 * Product and limit in turns (ABAB …) in one process, so that a noisy neighbour meets both. A figure is the median of its
 * rounds; a ratio is the median of the ratios within a round, which are closer to each other in time than the medians are.
 */
import { ownCpuSeconds, peakMegabytes, resetPeak } from './machine.ts'

/** One thing to run; it does the same work every time. */
export type Contender = () => Promise<void> | void

/** Seconds of one contender, one value a round. */
export interface Timing {
  readonly wall: readonly number[]
  /** Processor time, all threads of this process. */
  readonly cpu: readonly number[]
  /** Highest resident memory of any round, in MB. */
  readonly peak: number
}

/** Runs every contender once for warmth (unless `cold`), then `rounds` times in turns. */
export async function inTurns<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, Contender>>,
  options: { readonly cold?: boolean; readonly cpuSeconds?: () => number } = {},
): Promise<Readonly<Record<Name, Timing>>> {
  const names = Object.keys(contenders) as Name[]
  const cpuSeconds = options.cpuSeconds ?? ownCpuSeconds
  const timings = Object.fromEntries(names.map((name) => [name, { wall: [] as number[], cpu: [] as number[], peak: 0 }])) as Record<
    Name,
    { wall: number[]; cpu: number[]; peak: number }
  >
  if (options.cold !== true) for (const name of names) await contenders[name]()
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      resetPeak()
      const [began, used] = [performance.now(), cpuSeconds()]
      await contenders[name]()
      const timing = timings[name]
      timing.wall.push((performance.now() - began) / 1_000)
      timing.cpu.push(cpuSeconds() - used)
      timing.peak = Math.max(timing.peak, peakMegabytes())
    }
  }
  return timings
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** How much of a limit is reached: 1 is as fast as the limit, 0.5 takes twice its time. Median over the rounds. */
export function reached(limit: readonly number[], product: readonly number[]): number {
  return median(limit.map((seconds, round) => seconds / (product[round] ?? Number.NaN)))
}
