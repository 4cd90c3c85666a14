import { and, atom, or } from './expression.ts'
import { generalPolicies } from './general.ts'
import { type CedarPolicy, policyOf } from './policy.ts'

/** The home rule: a nation's own person and its own item. No agreement has a say (spec/decision.md 5). */
export function homePolicies(): readonly CedarPolicy[] {
  return [
    ...generalPolicies(false),
    policyOf({
      id: 'home',
      effect: 'permit',
      about: [
        "The deciding nation's own reader and own item; onward release is no reader's act.",
        '判断する国自身の閲覧者及び項目。転送は閲覧者の行為ではない。',
      ],
      notes: { mode: 'give', key_control: 'originator', duties: '', uses: 'act-on court name-source' },
      actions: ['list', 'show', 'open', 'print', 'export', 'derive'],
      when: [atom('principal.nation == resource.originator'), atom('context.deciding == resource.originator')],
    }),
    policyOf({
      id: 'home/clearance-missing',
      effect: 'forbid',
      reason: 'clearance-missing',
      about: ['No clearance is shown.', 'クリアランスが示されていない。'],
      when: [],
      unless: [atom('principal has clearance')],
    }),
    policyOf({
      id: 'home/clearance-too-low',
      effect: 'forbid',
      reason: 'clearance-too-low',
      about: [
        'The clearance does not open the classification in the own scheme.',
        '自国の制度において、クリアランスでは秘密区分を閲覧することができない。',
      ],
      when: [atom('principal has clearance')],
      unless: [
        and(
          atom('principal has clearance'),
          atom('resource has policy'),
          atom('resource.policy.clearances.hasTag(principal.clearance)'),
          atom('resource.policy.clearances.getTag(principal.clearance).contains(resource.classification)'),
        ),
      ],
    }),
    policyOf({
      id: 'home/need-to-know',
      effect: 'forbid',
      reason: 'need-to-know',
      about: [
        "One of the reader's areas is the item's, or stands above it in the nation's own tree.",
        '閲覧者の分野の一つが、項目の分野であるか、又は自国の分野の木においてその上位にある。',
      ],
      when: [],
      unless: [
        and(
          atom('principal has areas'),
          or(
            atom('principal.areas.contains(resource.area)'),
            and(
              atom('context has home'),
              atom('context.home.hasTag(resource.area)'),
              atom('principal.areas.containsAny(context.home.getTag(resource.area))'),
            ),
          ),
        ),
      ],
    }),
  ]
}
