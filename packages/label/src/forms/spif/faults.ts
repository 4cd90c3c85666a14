import { LabelError } from '../../errors.ts'

/** A policy file that says something twice. */
export function duplicate(text: string, at?: number): LabelError {
  return new LabelError('form/spif-duplicate', `\`${text}\` twice`, { values: { text, ...(at === undefined ? {} : { at }) } })
}

/** A policy file that refers to what it does not have. */
export function reference(text: string, at?: number): LabelError {
  return new LabelError('form/spif-reference', `no \`${text}\` to refer to`, { values: { text, ...(at === undefined ? {} : { at }) } })
}
