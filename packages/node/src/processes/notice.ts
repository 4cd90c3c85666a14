/** Writes one line of the process's log: a code and plain values, never contents or names of people. */
export function notice(code: string, values: Record<string, string | number> = {}): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), pid: process.pid, code, ...values })}\n`)
}
