import type { MarkingPolicy } from '@entente/label'
import { AgreementError } from './errors.ts'
import type { Agreement, AgreementVersion } from './model.ts'
import { documentProblems } from './problems/document.ts'
import { type AgreementProblem, Findings } from './problems/findings.ts'
import { continuityProblems } from './problems/continuity.ts'
import { provisionProblems } from './problems/provisions.ts'
import { reachProblems } from './problems/reach.ts'
import { ruleProblems } from './problems/rules.ts'

export type { AgreementProblem } from './problems/findings.ts'

/**
 * Checks a version against itself and against the marking policies of its parties. Throws `AgreementError` with the code of the
 * first error and `values.where`; `agreementProblems` gives them all, and the warnings.
 */
export function validateAgreement(agreement: Agreement, policies: readonly MarkingPolicy[], previous?: AgreementVersion): void {
  const first = agreementProblems(agreement, policies, previous).find(({ severity }) => severity === 'error')
  if (first === undefined) return
  throw new AgreementError(
    first.code,
    `agreement \`${agreement.agreement}\`: at ${first.where}: ${first.code.slice('agreement/'.length)}`,
    {
      values: { ...first.values, where: first.where },
    },
  )
}

/**
 * Everything that is wrong with a version, the errors of each part before the warnings; without an error it may be signed
 * (spec/agreement.md 3). With the version before it, also what it must continue: the chain, and terms that it replaces.
 */
export function agreementProblems(
  agreement: Agreement,
  policies: readonly MarkingPolicy[],
  previous?: AgreementVersion,
): readonly AgreementProblem[] {
  const findings = new Findings(agreement, policies)
  documentProblems(findings)
  ruleProblems(findings)
  provisionProblems(findings)
  continuityProblems(findings, previous)
  // What cannot be resolved cannot be reached either: saying so twice would hide the cause.
  if (findings.problems.every(({ severity }) => severity !== 'error')) reachProblems(findings)
  return findings.problems
}
