import { EntenteError } from '@entente/canonical'

export type CliCode =
  | 'cli/usage'
  | 'cli/unknown-command'
  | 'cli/no-demo'
  | 'cli/no-nation'
  | 'cli/no-person'
  | 'cli/no-officer-key'
  | 'cli/no-authority-key'
  | 'cli/not-running'
  | 'cli/terminal'
  | 'cli/not-verified'
  | 'cli/invariant-refuted'
  | 'cli/key-file'
  | 'cli/no-party-key'
  | 'cli/build-differs'
  | 'cli/page-missing'
  | 'cli/page-differs'
  | 'cli/page-header'
  | 'cli/page-policy'
  | 'cli/file'
  | 'cli/node-failed'

/** What the command line itself cannot do. */
export class CliError extends EntenteError<CliCode> {
  override name = 'CliError'
}

/** How a command ended, for the shell. */
export const EXIT = { done: 0, refused: 1, usage: 2, notVerified: 3, unreachable: 4, bug: 70 } as const

/** What the person's own device found wrong with what its node gave it. */
const NOT_VERIFIED: ReadonlySet<string> = new Set([
  'cli/not-verified',
  'cli/invariant-refuted',
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

/** Exit code of an error by its code: what cannot be reached, what does not verify, what was asked wrongly, and refusals. */
export function exitOf(code: string): number {
  if (code === 'cli/usage' || code === 'cli/unknown-command' || code === 'demo/usage' || code === 'node/bad-search') return EXIT.usage
  if (code === 'login/unreachable' || code === 'node/partner-unreachable' || code === 'cli/not-running') return EXIT.unreachable
  const [area = ''] = code.split('/')
  if (code.startsWith('exchange/life-')) return EXIT.refused
  if (NOT_VERIFIED.has(code) || ['container', 'ledger', 'canonical', 'exchange'].includes(area)) return EXIT.notVerified
  if (
    ['label', 'agreement', 'decision', 'difference', 'clearance', 'node', 'client', 'login', 'cli', 'demo', 'auth', 'http'].includes(area)
  )
    return EXIT.refused
  return EXIT.bug
}
