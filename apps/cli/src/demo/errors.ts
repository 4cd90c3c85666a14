import { EntenteError } from '@entente/canonical'

export type DemoCode =
  | 'demo/in-use'
  | 'demo/set-up-failed'
  | 'demo/did-not-start'
  | 'demo/ended'
  | 'demo/call-refused'
  | 'demo/not-a-world'
  | 'demo/usage'

/** The demonstration cannot go on. */
export class DemoError extends EntenteError<DemoCode> {
  override name = 'DemoError'
}
