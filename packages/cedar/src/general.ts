import { type Expression, absentOr, and, atom, not, or } from './expression.ts'
import { type CedarPolicy, type Draft, policyOf } from './policy.ts'

const RULE_NATIONS = and(
  atom('context has rule'),
  atom('principal has citizenships'),
  atom('principal.citizenships.containsAny(context.rule.nations)'),
)

/** What the intermediary of a partner's item may have too. The home rule asks for none. */
function andIntermediary(asks: boolean, set: string): readonly Expression[] {
  return asks ? [absentOr(atom('resource has via'), atom(`${set}.contains(resource.via)`))] : []
}

/** What is refused whatever was agreed (spec/decision.md 3). */
const drafts = (relayed: boolean): readonly Draft[] => [
  {
    id: 'stopped',
    effect: 'forbid',
    reason: 'stopped',
    about: ['The originator stopped the item.', '作成国が項目の利用を停止した。'],
    when: [atom('resource.stopped')],
  },
  {
    id: 'expired',
    effect: 'forbid',
    reason: 'expired',
    about: ['The item has expired.', '項目の期限が過ぎた。'],
    when: [and(atom('resource has expiresAt'), atom('context.at >= resource.expiresAt'))],
  },
  {
    id: 'policy-unknown',
    effect: 'forbid',
    reason: 'policy-unknown',
    about: [
      'The label is of a marking policy of the originator, which knows its classification.',
      '標示は、作成国の標示体系によるものであり、その体系は当該秘密区分を定めている。',
    ],
    when: [],
    unless: [
      and(
        atom('resource has policy'),
        atom('resource.policy.nation == resource.originator'),
        atom('resource.policy.hasTag(resource.classification)'),
      ),
    ],
  },
  {
    id: 'not-releasable/originator',
    effect: 'forbid',
    reason: 'not-releasable',
    about: ["The originator is among the label's.", '標示には、作成国が含まれる。'],
    when: [],
    unless: [atom('resource.originators.contains(resource.originator)')],
  },
  {
    id: 'not-releasable/say',
    effect: 'forbid',
    reason: 'not-releasable',
    about: [
      "Every originator of the label lets the reader's nation, and the intermediary, have it. Each one's say is put in turn.",
      '標示のすべての作成国が、閲覧者の国及び仲介国への提供を認めている。各作成国の指定は順に問われる。',
    ],
    when: [],
    unless: [
      and(
        atom('context has say'),
        or(
          atom('context.say.neutral'),
          and(atom('context.say.releasableTo.contains(principal.nation)'), ...andIntermediary(relayed, 'context.say.releasableTo')),
        ),
      ),
    ],
  },
  {
    id: 'not-releasable/rule',
    effect: 'forbid',
    reason: 'not-releasable',
    about: [
      "Every rule on persons admits the reader's nation, and the intermediary. Each rule is put in turn.",
      '人に関するすべての規則が、閲覧者の国及び仲介国を認めている。各規則は順に問われる。',
    ],
    when: [atom('context has rule')],
    unless: [
      and(
        atom('context has rule'),
        atom('context.rule.nations.contains(principal.nation)'),
        ...andIntermediary(relayed, 'context.rule.nations'),
      ),
    ],
  },
  {
    id: 'suspension-unknown',
    effect: 'forbid',
    reason: 'suspension-unknown',
    about: ['Whether the reader is suspended is unknown.', '閲覧者が停止されているか否かが不明である。'],
    when: [],
    unless: [atom('principal has suspended')],
  },
  {
    id: 'suspended',
    effect: 'forbid',
    reason: 'suspended',
    about: ['The reader is suspended.', '閲覧者は停止されている。'],
    when: [and(atom('principal has suspended'), atom('principal.suspended'))],
  },
  {
    id: 'person-rule',
    effect: 'forbid',
    reason: 'person-rule',
    about: [
      'One citizenship is among the nations of each rule on persons; unknown citizenships are not.',
      '国籍の一つが、人に関する各規則の国に含まれる。国籍が不明であれば、含まれない。',
    ],
    when: [atom('context has rule')],
    unless: [RULE_NATIONS],
  },
  {
    id: 'briefing/each',
    effect: 'forbid',
    reason: 'briefing',
    about: ['A briefing for every value of every restrictive category.', '制限区分のすべての値についてブリーフィングを受けている。'],
    when: [not(atom('resource.restrictive.isEmpty()'))],
    unless: [and(atom('principal has briefings'), atom('principal.briefings.containsAll(resource.restrictive)'))],
  },
  {
    id: 'briefing/one',
    effect: 'forbid',
    reason: 'briefing',
    about: [
      'A briefing for one value of each permissive category. Each category is put in turn.',
      '許容区分ごとに、少なくとも一つの値についてブリーフィングを受けている。各区分は順に問われる。',
    ],
    when: [atom('context has choice')],
    unless: [and(atom('context has choice'), atom('principal has briefings'), atom('principal.briefings.containsAny(context.choice)'))],
  },
]

/** The general refusals, with who may decide at all; `relayed` where an intermediary counts: for a partner's item. */
export function generalPolicies(relayed: boolean): readonly CedarPolicy[] {
  return [
    policyOf({
      id: 'direction/deciding',
      effect: 'forbid',
      reason: 'direction',
      about: ["The deciding nation is the originator or the reader's.", '判断する国は、作成国又は閲覧者の国である。'],
      when: [],
      unless: [or(atom('context.deciding == resource.originator'), atom('context.deciding == principal.nation'))],
    }),
    ...drafts(relayed).map((draft) => policyOf(draft)),
  ]
}
