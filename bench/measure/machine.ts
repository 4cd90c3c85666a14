/** What a figure depends on besides the code: said above every table. */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'

/** The machine and its load at this moment, in one line. */
export function machineLine(): string {
  const load = loadavg()
    .map((one) => one.toFixed(2))
    .join(' ')
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, load ${load}, Node.js ${process.versions.node}, ${new Date().toISOString().slice(0, 16)}Z`
}

/** Processor time in seconds that this process has used, all threads together. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Clock ticks of `/proc/…/stat` in a second; 100 on every Linux. */
const TICKS = 100

/** Processor time in seconds of other processes, all threads together, as Linux counts it; 0 where it does not say. */
export function cpuSecondsOf(pids: readonly number[]): number {
  let ticks = 0
  for (const pid of pids) {
    try {
      // The name in parentheses may hold blanks: fields are counted from behind it. 14 is user, 15 is system (proc(5)).
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
    } catch {
      // A process that has ended counts no more.
    }
  }
  return ticks / TICKS
}

/** Forgets the highest memory so far, where Linux lets it (proc(5), `clear_refs` 5). */
export function resetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // Elsewhere the peak is that of the whole run.
  }
}

/** Highest resident memory since `resetPeak`, in MB. */
export function peakMegabytes(): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (kilobytes !== undefined) return (Number(kilobytes) * 1_024) / 1e6
  } catch {
    // Not Linux.
  }
  return (process.resourceUsage().maxRSS * 1_024) / 1e6
}
