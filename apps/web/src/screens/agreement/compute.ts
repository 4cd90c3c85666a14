import { type Agreement, type AgreementVersion, agreementProblems, agreementShape } from '@entente/agreement'
import { CanonicalError, type MessageValues, readShape } from '@entente/canonical'
import { type Difference, type Proof, type Side, difference, proveAlone } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'

/** What the exact check of a draft came to. */
export interface Checked {
  readonly problems: readonly {
    readonly code: string
    readonly severity: 'error' | 'warning'
    readonly where: string
    readonly values: MessageValues
  }[]
  readonly proofs: readonly Proof[]
  readonly exact?: Difference
}

/** What is computed beside the page, because it may take longer than a key press. */
export type Task =
  | { readonly task: 'difference'; readonly before: Side; readonly after: Side }
  | { readonly task: 'proofs'; readonly version: AgreementVersion; readonly policies: readonly MarkingPolicy[] }
  | {
      readonly task: 'check'
      readonly before: Side
      readonly after: Side
      readonly draft: AgreementVersion
      readonly newest: AgreementVersion
    }

export interface Answers {
  readonly difference: Difference
  readonly proofs: readonly Proof[]
  readonly check: Checked
}

/** How far it has come, in steps. */
export type Tell = (done: number, of: number) => void

/** Computes a task; throws what the packages throw. */
export function compute(task: Task, tell: Tell): Answers[Task['task']] {
  switch (task.task) {
    case 'difference':
      return difference(task.before, task.after)
    case 'proofs':
      return proofsOf(task.version, task.policies, tell, 0)
    default:
      return check(task, tell)
  }
}

/** As the node proves them before it takes a seal: whatever else is in force may end, and no help of it counts (spec/agreement.md 5). */
function proofsOf(version: AgreementVersion, policies: readonly MarkingPolicy[], tell: Tell, more: number): readonly Proof[] {
  const invariants = version.body.invariants ?? []
  return invariants.map((invariant, at) => {
    tell(at, invariants.length + more)
    return proveAlone(version, policies, invariant)
  })
}

/** Problems, proofs and the exact difference of a draft. */
function check({ before, after, draft, newest }: Extract<Task, { readonly task: 'check' }>, tell: Tell): Checked {
  const shape = shapeProblems(draft.body)
  const problems = [...shape, ...(shape.length === 0 ? agreementProblems(draft.body, after.policies, newest) : [])]
  // What is not whole says nothing that could be compared.
  if (problems.some(({ severity }) => severity === 'error')) return { problems, proofs: [] }
  const proofs = proofsOf(draft, after.policies, tell, 1)
  tell(proofs.length, proofs.length + 1)
  return { problems, proofs, exact: difference(before, after) }
}

function shapeProblems(body: Agreement): Checked['problems'] {
  try {
    readShape(agreementShape, body, 'agreement')
    return []
  } catch (error) {
    if (!(error instanceof CanonicalError)) throw error
    return [{ code: error.code, severity: 'error', where: String(error.values['where'] ?? ''), values: error.values }]
  }
}
