import { EntenteError } from '@entente/canonical'

import type { CapcoCode } from './capco/codes.ts'
import type { FormCode } from './forms/codes.ts'
import type { SchemeCode } from './schemes/codes.ts'

/** Codes of the model and of the common grammar; the syntaxes and the machine forms add their own. */
export type LabelCode = CoreCode | SchemeCode | CapcoCode | FormCode

type CoreCode =
  | 'label/another-policy'
  | 'label/brackets'
  | 'label/character'
  | 'label/duplicate'
  | 'label/empty'
  | 'label/empty-component'
  | 'label/id-not-fresh'
  | 'label/neutral-classified'
  | 'label/nobody'
  | 'label/not-at-this-level'
  | 'label/not-carried'
  | 'label/not-in-policy'
  | 'label/obsolete'
  | 'label/origin-and-rel'
  | 'label/person-rule-conflict'
  | 'label/policy'
  | 'label/rel-without-own-nation'
  | 'label/rule'
  | 'label/succession'
  | 'label/too-long'
  | 'label/unknown-caveat'
  | 'label/unknown-classification'
  | 'label/unknown-nation'

/**
 * What `label` throws: a marking that cannot be read, a label that its policy does not allow, or a policy that
 * contradicts itself. Where a text was read, `values.at` is the place in it (UTF-16 units from 0), and
 * `values.nearest`, when there is one, the nearest thing that would have been read.
 */
export class LabelError extends EntenteError<LabelCode> {
  override name = 'LabelError'
}

/** A label or clearance of another policy than the one it is asked under. */
export function anotherPolicy(found: string, policy: string): LabelError {
  return new LabelError('label/another-policy', `a label of \`${found}\`, not of \`${policy}\``, { values: { found, policy } })
}

/** A word that a policy does not have. */
export function notInPolicy(text: string, policy: string): LabelError {
  return new LabelError('label/not-in-policy', `\`${policy}\` does not have \`${text}\``, { values: { text, policy } })
}

/** A classification that the policy of a machine form does not have. */
export function unknownClassification(text: string, policy: string): LabelError {
  return new LabelError('form/unknown-classification', `\`${policy}\` has no classification \`${text}\``, { values: { text, policy } })
}
