import type { Agreement, Prohibition, Region } from '@entente/agreement'
import { heldBy, withAllBelow } from './areas.ts'
import { type Expression, absentOr, and, atom, hasOneOf, isOneOf, not, or, quoted } from './expression.ts'
import { anyOutside, attested } from './person.ts'
import { type CedarPolicy, policyOf } from './policy.ts'
import type { Terms } from './terms.ts'

/** The forbids of a version's prohibitions, in the order of the document. One of no act matches nothing and has none. */
export function prohibitionPolicies(body: Agreement, terms: Terms): readonly CedarPolicy[] {
  return body.prohibitions
    .filter(({ acts }) => acts === undefined || acts.length > 0)
    .map((prohibition) => prohibitionPolicy(body, prohibition, terms))
}

function prohibitionPolicy(body: Agreement, prohibition: Prohibition, terms: Terms): CedarPolicy {
  const { id, article, acts } = prohibition
  return policyOf(
    {
      id: `prohibition/${id}`,
      effect: 'forbid',
      reason: prohibition.personRules === undefined ? 'forbidden' : 'person-rule-prohibited',
      article,
      about: [`Prohibition ${id}. What is unknown matches.`, `禁止 ${id}。不明なものは該当するとみなす。`],
      ...(acts === undefined ? {} : { actions: acts }),
      when: regionClauses(body, prohibition, terms),
    },
    body.articles,
  )
}

/** One clause for each member of the region but its acts. */
function regionClauses(body: Agreement, region: Region, terms: Terms): readonly Expression[] {
  const { from, to, via, areas, atLeast, personRules, categories, uses } = region
  return [
    ...(from === undefined && to === undefined ? [] : [onOneLeg(from, to)]),
    ...(via === undefined ? [] : [and(atom('resource has via'), atom(`resource.via == ${quoted(via)}`))]),
    ...(areas === undefined ? [] : [within(body, areas, terms)]),
    ...(atLeast === undefined || from === undefined ? [] : [or(atom(`resource.originator != ${quoted(from)}`), reaches(atLeast, terms))]),
    ...(personRules === undefined ? [] : [hasOneOf('resource.personRules', personRules)]),
    ...(categories === undefined
      ? []
      : [
          or(
            hasOneOf('resource.restrictive', categories),
            hasOneOf('resource.permissive', categories),
            hasOneOf('resource.informative', categories),
          ),
        ]),
    ...(uses === undefined ? [] : [and(atom('context has use'), isOneOf(uses, 'context.use'))]),
    ...(region.citizenshipOutside === undefined ? [] : [anyOutside(region.citizenshipOutside)]),
    ...outside('organisation', region.organisationsOutside),
    ...outside('post', region.postsOutside),
    ...outside('facility', region.facilitiesOutside),
    ...outside('purpose', region.purposesOutside),
  ]
}

/** From and to are those of the whole way, or of one leg of it where an intermediary relays. */
function onOneLeg(from: string | undefined, to: string | undefined): Expression {
  const leg = (one: string, other: string): Expression =>
    and(
      ...(from === undefined ? [] : [atom(`${one} == ${quoted(from)}`)]),
      ...(to === undefined ? [] : [atom(`${other} == ${quoted(to)}`)]),
    )
  return or(
    leg('resource.originator', 'principal.nation'),
    and(atom('resource has via'), or(leg('resource.originator', 'resource.via'), leg('resource.via', 'principal.nation'))),
  )
}

/** Of one of these areas, or of none that this tree holds. */
function within(body: Agreement, areas: readonly string[], terms: Terms): Expression {
  return or(terms.isOneOf('area', withAllBelow(body.areas, areas)), not(terms.isOneOf('area', heldBy(body.areas))))
}

/** The classification stands at the bound or above, or one of the two is unknown. */
function reaches(bound: string, terms: Terms): Expression {
  const known = and(atom('resource has policy'), atom(`resource.policy.hasTag(${quoted(bound)})`))
  const reached = terms.read('classification', (term) =>
    absentOr(atom(`resource.policy.hasTag(${term})`), atom(`resource.policy.getTag(${term}) >= resource.policy.getTag(${quoted(bound)})`)),
  )
  return absentOr(known, reached)
}

function outside(fact: 'organisation' | 'post' | 'facility' | 'purpose', codes: readonly string[] | undefined): readonly Expression[] {
  return codes === undefined ? [] : [not(attested(fact, codes))]
}
