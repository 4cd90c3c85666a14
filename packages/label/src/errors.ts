import { EntenteError } from '@entente/canonical'

export type LabelCode =
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
  | 'label/not-in-policy'
  | 'label/origin-and-rel'
  | 'label/person-rule-conflict'
  | 'label/policy'
  | 'label/rel-without-own-nation'
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
