import { EntenteError } from '@entente/canonical'

export type DecisionErrorCode = 'decision/facts-mixed-realms' | 'decision/facts-duplicate' | 'decision/facts-gap'

/** What `compile` throws: facts on which no decision may rest. `decide` itself never throws; a refusal is a value. */
export class DecisionError extends EntenteError<DecisionErrorCode> {
  override name = 'DecisionError'
}
