import type { Agreement } from '@entente/agreement'
import { delegationPolicies } from './delegation.ts'
import { generalPolicies } from './general.ts'
import { grantPolicies } from './grant.ts'
import { lifePolicies, sayPolicies } from './life.ts'
import { personPolicies } from './person.ts'
import { type CedarPolicy, textOf } from './policy.ts'
import { prohibitionPolicies } from './prohibition.ts'
import { Terms } from './terms.ts'

/**
 * One version as Cedar policies: what it is asked first, its grants, what every grant asks of a person, its prohibitions, its
 * life, its delegations, and what is refused whatever was agreed. Written from the document; `chain` is the bodies of
 * all versions of the agreement that are known, for the terms that one puts in the place of another's.
 */
export function versionPolicies(body: Agreement, chain: readonly Agreement[] = [body]): readonly CedarPolicy[] {
  const sorted = chain.toSorted((a, b) => a.version - b.version)
  const terms = new Terms(
    body,
    sorted.filter(({ version }) => version < body.version),
    sorted.filter(({ version }) => version > body.version),
  )
  return [
    ...grantPolicies(body, terms),
    ...prohibitionPolicies(body, terms),
    ...personPolicies(body, terms),
    ...lifePolicies(body),
    ...generalPolicies(true),
    ...delegationPolicies(body, terms),
    ...sayPolicies(body),
  ]
}

/** A version as one text for people and for Cedar: what it is, and its policies. */
export function versionText(body: Agreement, chain: readonly Agreement[] = [body]): string {
  const head = [
    `${body.title.en} (${body.agreement} ${body.version}, ${body.realm})`,
    body.title.ja,
    body.illustrative.en,
    body.illustrative.ja,
  ]
  return `${head.map((line) => `// ${line.replaceAll(/\s+/gu, ' ')}`).join('\n')}\n//\n${textOf(versionPolicies(body, chain))}`
}
