import type { Agreement } from './model.ts'
import { type AgreementProblem, problem } from './problems/findings.ts'

/**
 * What is wrong with how agreements rest on each other, over one version of each: a basis that is not among them, an article
 * that it does not have, a circle. `where` begins with the name of the agreement: `quad/basis/0`. Order changes nothing but the order.
 */
export function basisProblems(agreements: readonly Agreement[]): readonly AgreementProblem[] {
  return agreements.flatMap((agreement) =>
    (agreement.basis ?? []).flatMap((reference, index) => {
      const where = `${agreement.agreement}/basis/${index}`
      const basis = named(agreements, agreement, reference.agreement)
      if (basis === undefined) return [problem('agreement/basis-unknown', `${where}/agreement`, { agreement: reference.agreement })]
      const found: AgreementProblem[] = []
      if (!basis.articles.some(({ id }) => id === reference.article))
        found.push(problem('agreement/unknown-article', `${where}/article`, { article: reference.article }))
      if (restsOn(agreements, basis, agreement.agreement))
        found.push(problem('agreement/basis-circle', `${where}/agreement`, { agreement: reference.agreement }))
      return found
    }),
  )
}

/** An agreement rests on those of its own realm only. */
function named(agreements: readonly Agreement[], { realm }: Agreement, name: string): Agreement | undefined {
  return agreements.find((one) => one.agreement === name && one.realm === realm)
}

function restsOn(agreements: readonly Agreement[], from: Agreement, name: string): boolean {
  const seen = new Set<Agreement>()
  const open = [from]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.agreement === name) return true
    if (seen.has(next)) continue
    seen.add(next)
    for (const reference of next.basis ?? []) {
      const basis = named(agreements, next, reference.agreement)
      if (basis !== undefined) open.push(basis)
    }
  }
  return false
}
