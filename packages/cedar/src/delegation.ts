import type { Agreement } from '@entente/agreement'
import { withAllBelow } from './areas.ts'
import { and, atom, isOneOf, quoted } from './expression.ts'
import { level } from './person.ts'
import { type CedarPolicy, policyOf } from './policy.ts'
import type { Terms } from './terms.ts'

/** What each office may release; and the nations for which nothing is said here, whose key statements alone say. */
export function delegationPolicies(body: Agreement, terms: Terms): readonly CedarPolicy[] {
  const delegations = body.delegations ?? []
  const silent = body.parties.map(({ nation }) => nation).filter((nation) => !delegations.some((one) => one.nation === nation))
  return [
    ...(silent.length === 0
      ? []
      : [
          policyOf({
            id: 'delegation/none',
            effect: 'permit',
            about: [
              'Of these nations the key statement alone says who releases.',
              'これらの国については、鍵告知のみが提供する者を定める。',
            ],
            asked: 'release',
            actions: ['release'],
            when: [and(atom('principal.nation == resource.originator'), isOneOf(silent, 'resource.originator'))],
          }),
        ]),
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
              atom(`principal.office == ${quoted(one.office)}`),
            ),
            isOneOf(withAllBelow(body.areas, one.areas), 'resource.area'),
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
