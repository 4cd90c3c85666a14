/** What the benchmarks of sealing and opening have in common: sizes, rounds, the table. */
import { type Timing, median, reached } from './rounds.ts'
import { digits, table } from './table.ts'

const MIB = 1_048_576

/** The sizes asked for: `--smoke`, nothing, `--full`, or one of your own by `--mib=64`. */
export function sizesOf(args: readonly string[]): readonly { readonly name: string; readonly bytes: number }[] {
  const own = args.find((arg) => /^--mib=[1-9][0-9]*$/u.test(arg))
  if (own !== undefined) return [{ name: `${own.slice(6)} MiB`, bytes: Number(own.slice(6)) * MIB }]
  const sizes = [{ name: '1 MiB', bytes: MIB }]
  if (args.includes('--smoke')) return [...sizes, { name: '16 MiB', bytes: 16 * MIB }]
  sizes.push({ name: '1 GiB', bytes: 1_024 * MIB })
  return args.includes('--full') ? [...sizes, { name: '8 GiB', bytes: 8_192 * MIB }] : sizes
}

/** How often: small ones several times within a round, so that there is something to measure. */
export function roundsFor(bytes: number, args: readonly string[]): { readonly rounds: number; readonly repeat: number } {
  if (args.includes('--smoke')) return { rounds: 3, repeat: Math.max(1, (16 * MIB) / bytes) }
  if (bytes < 64 * MIB) return { rounds: 9, repeat: 64 }
  return { rounds: bytes <= 256 * MIB ? 5 : bytes <= 1_024 * MIB ? 3 : 1, repeat: 1 }
}

/** One line for each contender, and under a product how much of each of its limits it reaches. */
export function bulkTable<Name extends string>(
  bytes: number,
  timings: Readonly<Record<Name, Timing>>,
  pairs: readonly { readonly product: Name; readonly limits: readonly Name[] }[],
): void {
  const rows = (Object.keys(timings) as Name[]).map((name) => {
    const { wall, cpu, peak } = timings[name]
    return [name, digits(bytes / 1e6 / median(cpu)), digits(bytes / 1e6 / median(wall)), digits(peak)]
  })
  table(['', 'MB/cpu-s', 'MB/s', 'peak MB'], rows)
  for (const { product, limits } of pairs) {
    for (const limit of limits) {
      const [a, b] = [timings[limit], timings[product]]
      console.log(
        `  ${product} reaches ${digits(reached(a.cpu, b.cpu))} of "${limit}" in processor time, ${digits(reached(a.wall, b.wall))} by the clock`,
      )
    }
  }
}
