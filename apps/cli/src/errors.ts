import { EntenteError } from '@entente/canonical'

export type CliCode =
  | 'cli/usage'
  | 'cli/unknown-command'
  | 'cli/no-demo'
  | 'cli/no-nation'
  | 'cli/no-person'
  | 'cli/not-running'
  | 'cli/terminal'
  | 'cli/not-verified'
  | 'cli/file'
  | 'cli/node-failed'

/** What the command line itself cannot do. */
export class CliError extends EntenteError<CliCode> {
  override name = 'CliError'
}

/** How a command ended, for the shell. */
export const EXIT = { done: 0, refused: 1, usage: 2, notVerified: 3, unreachable: 4, bug: 70 } as const

/** Exit code of an error by its code: what cannot be reached, what does not verify, what was asked wrongly, and refusals. */
export function exitOf(code: string): number {
  if (code === 'cli/usage' || code === 'cli/unknown-command' || code === 'demo/usage') return EXIT.usage
  if (code === 'login/unreachable' || code === 'node/partner-unreachable' || code === 'cli/not-running') return EXIT.unreachable
  const [area = ''] = code.split('/')
  if (code === 'cli/not-verified' || ['container', 'ledger', 'canonical', 'exchange'].includes(area)) return EXIT.notVerified
  if (['label', 'agreement', 'decision', 'clearance', 'node', 'client', 'login', 'cli', 'demo', 'auth', 'http'].includes(area)) return EXIT.refused
  return EXIT.bug
}
