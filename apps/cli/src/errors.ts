import { EntenteError } from '@entente/canonical'

export type CliCode =
  | 'cli/usage'
  | 'cli/command-unknown'
  | 'cli/file-missing'
  | 'cli/file-exists'
  | 'cli/file-not-valid'
  | 'cli/nation-unknown'
  | 'cli/device-missing'
  | 'cli/not-running'
  | 'cli/mark-needed'
  | 'cli/not-verified'
  | 'cli/node-failed'
  | 'cli/bug'

/** What the command line itself says: of its arguments, its files and its directory. */
export class CliError extends EntenteError<CliCode> {
  override name = 'CliError'
}

/** A wrong use of a command; `command` names the page of the help. */
export function usage(command: string, why: string): CliError {
  return new CliError('cli/usage', why, { values: { command, why } })
}
