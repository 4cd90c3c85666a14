import { writeSync } from 'node:fs'

const STDERR = 2

/**
 * Writes one line of the process's log: a code and plain values, never contents or names of people. A line for which there
 * is no room is lost: a full disk under the log must not end the process, which `process.stderr` would.
 */
export function notice(code: string, values: Record<string, string | number> = {}): void {
  try {
    writeSync(STDERR, `${JSON.stringify({ at: new Date().toISOString(), pid: process.pid, code, ...values })}\n`)
  } catch {
    // Nowhere is left to say so; the doctor sees the disk.
  }
}
