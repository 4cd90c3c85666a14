import { capco } from '../capco/syntax.ts'
import type { Label, MarkingForm, MarkingPolicy, SyntaxName } from '../model.ts'
import { parseMarking } from '../parse.ts'
import { printMarking } from '../print.ts'
import { readLayout } from './layout-read.ts'
import { writeLayout } from './layout-write.ts'
import { nato } from './nato.ts'
import { tlp } from './tlp.ts'

/** What was read, and what a lenient reading changed to get there: each change names the text that stood and what it was read as. */
export interface Reading {
  readonly label: Label
  readonly changes: readonly Change[]
}

export interface Change {
  readonly at: number
  readonly from: string
  readonly to: string
  /** Stable code of the reason: the refusal that a strict reading would have been. */
  readonly code: string
}

export interface ReadOptions {
  readonly form: MarkingForm
  /** Reads what people really type, and says what it changed; never guesses up or down silently. */
  readonly lenient: boolean
  /** Seconds since 1970. */
  readonly created: number
  readonly review?: number
}

export interface WriteOptions {
  readonly form: 'banner' | 'portion'
  /** In words of a language where the policy has them; absent: as written officially. */
  readonly lang?: 'en' | 'ja' | 'fr'
}

/** One way of writing markings. `parse` throws `LabelError` with `values.at`; `print` throws what it cannot carry. */
export interface Syntax {
  parse(text: string, policy: MarkingPolicy, options: ReadOptions): Reading
  print(label: Label, policy: MarkingPolicy, options: WriteOptions): string
}

const entente: Syntax = {
  parse: (text, policy, { form, created, review }) => ({
    label: parseMarking(text, { policy, form, created, ...(review === undefined ? {} : { review }) }),
    changes: [],
  }),
  print: (label, policy, { form, lang }) => printMarking(label, policy, lang === undefined || lang === 'fr' ? { form } : { form, lang }),
}

/** One reader and one writer for every scheme whose layout is data. */
const layout: Syntax = { parse: readLayout, print: writeLayout }

const syntaxes: Partial<Record<SyntaxName, Syntax>> = { entente, pspf: layout, japan: layout, plain: layout, nato, capco, tlp }

/** The syntax of a policy. */
export function syntaxOf(policy: MarkingPolicy): Syntax {
  return syntaxes[policy.syntax ?? 'entente'] ?? entente
}
