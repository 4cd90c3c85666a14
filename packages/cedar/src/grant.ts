import type { Agreement, Grant } from '@entente/agreement'
import { withAllBelow } from './areas.ts'
import { type Expression, absentOr, and, areAmong, atom, isOneOf, not, quoted } from './expression.ts'
import { attested, level, underThis } from './person.ts'
import { type CedarPolicy, policyOf } from './policy.ts'
import type { Terms } from './terms.ts'

const SECONDS_PER_DAY = 86_400

/** The permits of a version: one a grant, in the order of the document. A grant of no act permits nothing and has none. */
export function grantPolicies(body: Agreement, terms: Terms): readonly CedarPolicy[] {
  return body.grants.flatMap((grant) => {
    const acts = grant.mode === 'show' ? grant.acts.filter((act) => act === 'list' || act === 'show') : grant.acts
    return acts.length === 0 ? [] : [grantPolicy(body, grant, acts, terms)]
  })
}

function grantPolicy(body: Agreement, grant: Grant, acts: Grant['acts'], terms: Terms): CedarPolicy {
  const { person } = grant
  const days = Math.min(grant.lifeDays, body.retention?.itemDays ?? grant.lifeDays)
  const to = grant.to === 'members' ? 'every other member' : grant.to
  return policyOf(
    {
      id: `grant/${grant.id}`,
      effect: 'permit',
      article: grant.article,
      about: [
        `Grant ${grant.id}: ${grant.from} to ${to}${grant.via === undefined ? '' : ` by way of ${grant.via}`}, up to ${grant.ceiling}, ${days} days.`,
        `許可 ${grant.id}：${grant.from} から ${grant.to === 'members' ? '他のすべての加盟国' : grant.to} へ${grant.via === undefined ? '' : `（${grant.via} 経由）`}、上限 ${grant.ceiling}、${days} 日間。`,
      ],
      notes: { mode: grant.mode, key_control: grant.keyControl, duties: grant.duties.join(' '), uses: (grant.uses ?? []).join(' ') },
      actions: acts,
      when: [
        underThis(body),
        and(atom('resource has basis'), terms.isOneOf('grant', [grant.id])),
        and(
          atom(`resource.originator == ${quoted(grant.from)}`),
          atom(grant.to === 'members' ? `principal.nation != ${quoted(grant.from)}` : `principal.nation == ${quoted(grant.to)}`),
        ),
        grant.via === undefined ? atom('!(resource has via)') : and(atom('resource has via'), atom(`resource.via == ${quoted(grant.via)}`)),
        terms.isOneOf('area', withAllBelow(body.areas, grant.areas)),
        level('<=', grant.ceiling, terms),
        ...(grant.floor === undefined ? [] : [level('>=', grant.floor, terms)]),
        and(areAmong(grant.categories, 'resource.restrictive'), areAmong(grant.categories, 'resource.permissive')),
        atom(`context.at < resource.releasedAt + ${days * SECONDS_PER_DAY}`),
        and(atom('principal has citizenships'), areAmong(person.citizenship, 'principal.citizenships')),
        ...(person.purposes.length === 0 ? [] : [purpose(person.purposes)]),
        use(grant.uses ?? []),
        ...(person.organisations === undefined ? [] : [attested('organisation', person.organisations)]),
        ...(person.posts === undefined ? [] : [attested('post', person.posts)]),
        ...(person.facilities === undefined ? [] : [attested('facility', person.facilities)]),
      ],
    },
    body.articles,
  )
}

/** The purpose that the home nation attests is the one asked for, and listed. */
function purpose(purposes: readonly string[]): Expression {
  return and(atom('principal has purpose'), atom('principal.purpose == context.purpose'), isOneOf(purposes, 'principal.purpose'))
}

function use(uses: readonly string[]): Expression {
  const asked = atom('context has use')
  return uses.length === 0 ? not(asked) : absentOr(asked, isOneOf(uses, 'context.use'))
}
