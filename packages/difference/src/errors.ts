import { EntenteError } from '@entente/canonical'

export type DifferenceErrorCode =
  | 'difference/mixed-realms'
  | 'difference/duplicate'
  | 'difference/policy-missing'
  | 'difference/too-many-readings'

/** What `difference` throws: sides of which no difference can be said. */
export class DifferenceError extends EntenteError<DifferenceErrorCode> {
  override name = 'DifferenceError'
}
