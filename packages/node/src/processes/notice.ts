import { writeSync } from 'node:fs'
import { type Crypto, codeOf, toHex, utf8 } from '@entente/canonical'
import type { Role } from './supervise.ts'
import { LOG_EVENTS, type LogCode, type Notice } from './log-events.ts'

const STDERR = 2
const FRAMES = 4
const TEXT_CHARACTERS = 400

/**
 * The log of one process: one JSON object a line on standard error, `at`, `level`, `process`, `pid`, `code` and the code's
 * values. A line for which there is no room is lost: a full disk under the log must not end the process, which
 * `process.stderr` would.
 */
export function noticesOf(process_: Role | 'node'): Notice {
  return (code, values) => {
    try {
      writeSync(STDERR, `${logLine(process_, code, values)}\n`)
    } catch {
      // Nowhere is left to say so; the doctor sees the disk.
    }
  }
}

/** One line of the log, without its end. What the code's row of `LOG_EVENTS` does not name is left out, whoever passes it. */
export function logLine(process_: string, code: LogCode, values: Readonly<Record<string, string | number | undefined>>): string {
  const { level, values: names } = LOG_EVENTS[code]
  const said = names.flatMap((name): [string, string | number][] => {
    const value = values[name]
    return value === undefined ? [] : [[name, typeof value === 'string' ? value.slice(0, TEXT_CHARACTERS) : value]]
  })
  return JSON.stringify({ at: new Date().toISOString(), level, process: process_, pid: process.pid, code, ...Object.fromEntries(said) })
}

/**
 * From here on what nobody caught is one line of the log as well, and ends the process with 70; `tell` may say it to somebody
 * else first, and calls `end` when it has.
 */
export function logFaults(notice: Notice, tell: (error: unknown, end: () => void) => void = (_, end) => end()): void {
  const ends = (error: unknown): void => {
    notice('process/fault', { fault: faultOf(error) })
    tell(error, () => process.exit(70))
  }
  process.on('uncaughtException', ends)
  process.on('unhandledRejection', ends)
}

/**
 * What an error is and where it arose: class, code, places in our code. Not its message: that may quote what it failed on,
 * and the log must hold no contents.
 */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { name, message, stack = '' } = error
  const after = stack.indexOf(message)
  const frames = stack
    .slice(after === -1 ? 0 : after + message.length)
    .split('\n')
    .flatMap((line) => /^ {4}at .*?((?:packages|apps|node_modules)\/[\w./@-]+:\d+)/u.exec(line)?.[1] ?? [])
    .slice(0, FRAMES)
  const cause = error.cause === undefined ? '' : ` < ${faultOf(error.cause)}`
  return `${name}${codeOf(error) === 'unknown' ? '' : ` ${codeOf(error)}`}${frames.length === 0 ? '' : ` at ${frames.join(', ')}`}${cause}`
}

/** Stands for an item in the log: whoever has the id finds it (SHA-256, the first 16 hexadecimal digits), nobody else learns it. */
export function itemTag(crypto: Pick<Crypto, 'sha256'>, item: string): string {
  return toHex(crypto.sha256(utf8(item))).slice(0, 16)
}
