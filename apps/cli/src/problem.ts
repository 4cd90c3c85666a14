import { EntenteError } from '@entente/canonical'
import { NodeRefusal } from '@entente/client'
import { type Lang, hasWords, hint, message } from '@entente/words'
import { CliError } from './errors.ts'

/** What a command's end means to whoever called it. */
export const EXIT = { done: 0, refused: 1, usage: 2, notVerified: 3, unreachable: 4, bug: 70 } as const

const USAGE: ReadonlySet<string> = new Set(['cli/usage', 'cli/command-unknown', 'demo/usage'])
const UNREACHABLE: ReadonlySet<string> = new Set(['login/unreachable', 'login/timed-out', 'cli/not-running', 'node/partner-unreachable', 'node/process-gone', 'node/behind'])
const NOT_VERIFIED: ReadonlySet<string> = new Set([
  'cli/not-verified',
  'client/trust',
  'client/other-item',
  'client/container-digest',
  'client/container-foreign',
  'client/entry-log',
  'client/rendition-portions',
  'client/rendition-label',
  'client/rendition-key',
  'client/rendition-basis',
])
/** Areas of which every code says that something signed, sealed or entered does not hold. */
const EVIDENCE = /^(?:canonical|agreement|clearance|container|ledger|exchange)\//u

/** The exit code of an error. What the node refused is a refusal, whatever area its code is of. */
export function exitOf(error: unknown): number {
  if (!(error instanceof EntenteError)) return EXIT.bug
  const { code } = error as EntenteError
  if (USAGE.has(code)) return EXIT.usage
  if (UNREACHABLE.has(code)) return EXIT.unreachable
  if (error instanceof NodeRefusal) return error.status === 503 ? EXIT.unreachable : error.status >= 500 ? EXIT.bug : EXIT.refused
  return NOT_VERIFIED.has(code) || EVIDENCE.test(code) ? EXIT.notVerified : EXIT.refused
}

/** An error in three lines: what happened, what can be done, and its code. */
export function problemText(lang: Lang, error: unknown): string {
  const known: EntenteError = error instanceof EntenteError ? (error as EntenteError) : new CliError('cli/bug', String(error), { values: { reason: reasonOf(error) } })
  const { code, values } = known
  const said = hasWords(code) ? message(lang, code, values) : known.message
  const help = hint(lang, code, values) ?? hint(lang, 'cli/file-missing', values) ?? ''
  return `error: ${said}\nhint: ${help}\ncode: ${code}\n`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
