import { type Lang, type Values, type Wording, fill, namesIn } from './catalogue.ts'
import { agreement } from './areas/agreement.ts'
import { canonical } from './areas/canonical.ts'
import { clearance } from './areas/clearance.ts'
import { cli } from './areas/cli.ts'
import { client } from './areas/client.ts'
import { conditions } from './areas/conditions.ts'
import { container } from './areas/container.ts'
import { decision, decisionFaults } from './areas/decision.ts'
import { difference, differenceFaults } from './areas/difference.ts'
import { demo } from './areas/demo.ts'
import { exchange } from './areas/exchange.ts'
import { doctor } from './areas/doctor.ts'
import { health } from './areas/health.ts'
import { label, labelQuestions } from './areas/label.ts'
import { labelCapco } from './areas/label-capco.ts'
import { labelForms } from './areas/label-forms.ts'
import { labelSchemes } from './areas/label-schemes.ts'
import { ledger } from './areas/ledger.ts'
import { login } from './areas/login.ts'
import { nearest } from './areas/nearest.ts'
import { auth, http, node } from './areas/node.ts'
import { web } from './areas/web.ts'
import { returned } from './areas/returned.ts'

const catalogue: Readonly<Record<string, Wording>> = {
  ...canonical,
  ...doctor,
  ...label,
  ...labelQuestions,
  ...labelSchemes,
  ...labelCapco,
  ...labelForms,
  ...agreement,
  ...clearance,
  ...decision,
  ...decisionFaults,
  ...difference,
  ...differenceFaults,
  ...nearest,
  ...conditions,
  ...container,
  ...health,
  ...ledger,
  ...exchange,
  ...node,
  ...auth,
  ...http,
  ...client,
  ...returned,
  ...login,
  ...cli,
  ...demo,
  ...web,
}

const wordings: ReadonlyMap<string, Wording> = new Map(Object.entries(catalogue))

/** What happened, as a sentence without a full stop. A code without words gives a sentence that says so and keeps the code. */
export function message(lang: Lang, code: string, values: Values = {}): string {
  const wording = wordings.get(code)
  if (wording === undefined) return lang === 'ja' ? `説明のない符号です: ${code}` : `there are no words for this code: ${code}`
  return fill(lang, wording[lang], values)
}

/** What can be done about it; null where nothing can, or nothing is known. */
export function hint(lang: Lang, code: string, values: Values = {}): string | null {
  const wording = wordings.get(code)?.hint
  return wording === undefined ? null : fill(lang, wording[lang], values)
}

/** A reason of a decision as it stands in data: the rule and article that it cites are values of the sentence too. */
export interface WordedReason {
  readonly code: string
  readonly rule?: string
  readonly article?: string
  readonly values: Values
}

/** A reason as a sentence, with its rule and article. */
export function reasonSentence(lang: Lang, reason: WordedReason): string {
  const { code, rule, article, values } = reason
  return message(lang, code, { ...values, ...(rule === undefined ? {} : { rule }), ...(article === undefined ? {} : { article }) })
}

/** Whether this code has words. */
export function hasWords(code: string): boolean {
  return wordings.has(code)
}

/** Every code that has words, sorted. */
export function codesWithWords(): readonly string[] {
  return [...wordings.keys()].sort()
}

/** The values that the sentences of a code take in each language, for the check that they are the same. */
export function placeholders(code: string): { readonly en: string; readonly ja: string } {
  const wording = wordings.get(code)
  if (wording === undefined) return { en: '', ja: '' }
  return { en: namesOf(wording, 'en'), ja: namesOf(wording, 'ja') }
}

function namesOf(wording: Wording, lang: Lang): string {
  return namesIn(`${wording[lang]} ${wording.hint?.[lang] ?? ''}`).join(' ')
}
