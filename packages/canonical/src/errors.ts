/** Values that fill the placeholders of a message; never contents of a report, never names of people. */
export type MessageValues = Readonly<Record<string, string | number>>

/**
 * The one base of every error of Entente. `code` is stable and for machines (`label/unknown-classification`);
 * the sentences for people stand in `words`, by code, in both languages. `message` is for logs: lower case, no full stop.
 */
export class EntenteError<Code extends string = string> extends Error {
  override name = 'EntenteError'
  readonly code: Code
  readonly values: MessageValues

  constructor(code: Code, message: string, options: { values?: MessageValues; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.values = options.values ?? {}
  }
}

/** The code of whatever was thrown: an error of ours, one of the system (`ENOENT`), or `unknown`. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown'
}

export type CanonicalCode =
  | 'canonical/not-utf8'
  | 'canonical/not-json'
  | 'canonical/duplicate-member'
  | 'canonical/number-not-integer'
  | 'canonical/null'
  | 'canonical/lone-surrogate'
  | 'canonical/too-deep'
  | 'canonical/too-large'
  | 'canonical/not-canonical'
  | 'canonical/shape'
  | 'canonical/encoding'
  | 'canonical/signature-missing'
  | 'canonical/signature-invalid'
  | 'canonical/wrong-realm'
  | 'canonical/wrong-type'
  | 'canonical/aead'
  | 'canonical/key'

/** What `canonical` throws: bytes that are not what they must be, or a signature that does not hold. */
export class CanonicalError extends EntenteError<CanonicalCode> {
  override name = 'CanonicalError'
}

/** For a `switch` over a closed union: the compiler refuses the call while a case is missing. */
export function unreachable(value: never): never {
  throw new TypeError(`unreachable: ${String(value)}`)
}
