import type { Agreement } from '@entente/agreement'
import { withAllBelow } from './areas.ts'
import { and, atom, isOneOf, not, quoted } from './expression.ts'
import { level } from './person.ts'
import { type CedarPolicy, policyOf } from './policy.ts'
import type { Terms } from './terms.ts'

/** What each office may release; for a nation of which nothing is said here its key statement alone says. */
export function delegationPolicies(body: Agreement, terms: Terms): readonly CedarPolicy[] {
  const delegations = body.delegations ?? []
  const speaking = [...new Set(delegations.map(({ nation }) => nation))]
  return [
    policyOf({
      id: 'delegation/none',
      effect: 'permit',
      about: ['Of other nations the key statement alone says who releases.', 'その他の国については、鍵告知のみが提供する者を定める。'],
      asked: 'release',
      actions: ['release'],
      when: [
        atom('principal.nation == resource.originator'),
        ...(speaking.length === 0 ? [] : [not(isOneOf(speaking, 'resource.originator'))]),
      ],
    }),
    ...delegations.map((one) =>
      policyOf(
        {
          id: `delegation/${one.id}`,
          effect: 'permit',
          article: one.article,
          about: [
            `Delegation ${one.id}: ${one.office} of ${one.nation}, up to ${one.ceiling}.`,
            `委任 ${one.id}：${one.nation} の ${one.office}、上限 ${one.ceiling}。`,
          ],
          asked: 'release',
          actions: ['release'],
          when: [
            and(
              atom(`principal.nation == ${quoted(one.nation)}`),
              atom(`resource.originator == ${quoted(one.nation)}`),
              atom('principal has office'),
              atom(`principal.office == ${quoted(one.office)}`),
            ),
            terms.isOneOf('area', withAllBelow(body.areas, one.areas)),
            and(
              atom('resource has policy'),
              atom('resource.policy.nation == resource.originator'),
              atom('resource.policy.hasTag(resource.classification)'),
            ),
            level('<=', one.ceiling, terms),
            isOneOf(one.modes, 'context.mode'),
            ...(one.until === undefined ? [] : [atom(`context.at < ${one.until}`)]),
          ],
        },
        body.articles,
      ),
    ),
  ]
}
