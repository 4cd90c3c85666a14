import type { Agreement, Party } from '@entente/agreement'
import { type Expression, absentOr, and, atom, isOneOf, not, or, quoted } from './expression.ts'
import { underThis } from './person.ts'
import { type CedarPolicy, policyOf } from './policy.ts'

/** The three nations of a question: who reads, whose it is, and who relays, each with the test that it is there. */
const PATH = {
  reader: { nation: 'principal.nation', there: [] },
  originator: { nation: 'resource.originator', there: [] },
  intermediary: { nation: 'resource.via', there: [atom('resource has via')] },
} as const

/** Where the release lies before a second. A release ahead of the clock counts as made now. */
function releasedBefore(second: string): Expression {
  return or(atom(`resource.releasedAt < ${second}`), atom(`context.at < ${second}`))
}

function releasedFrom(second: string): Expression {
  return and(atom(`resource.releasedAt >= ${second}`), atom(`context.at >= ${second}`))
}

/** It has begun here: by its own date, and by what the node knows of notes and logs. */
function begun({ inForceFrom }: Agreement): Expression {
  return and(atom(`context.at >= ${inForceFrom}`), atom('context has narrowsFrom'), atom('context.at >= context.narrowsFrom'))
}

/** What ends a version in force: a later one in force here. */
const SUPERSEDED = atom('context has supersededAt')

function inForceNow(body: Agreement): readonly Expression[] {
  const { inForceUntil } = body
  return [
    and(begun(body), atom('context has inForceFrom'), atom('context.at >= context.inForceFrom')),
    ...(inForceUntil === undefined ? [] : [atom(`context.at < ${inForceUntil}`)]),
    absentOr(SUPERSEDED, atom('context.at < context.supersededAt')),
    absentOr(atom('context has end'), or(atom('context.end.kind != "termination"'), atom('context.at < context.end.at'))),
  ]
}

/** Whether the version is asked at all: was it released under this one, has this one a say, does the agreement stand. */
export function sayPolicies(body: Agreement): readonly CedarPolicy[] {
  const name = quoted(body.agreement)
  const until = body.inForceUntil
  const terminatedBefore = and(atom('context has end'), atom('context.end.kind == "termination"'), releasedFrom('context.end.at'))
  return [
    ...body.grants.map((grant) =>
      policyOf(
        {
          id: `released-under/${grant.id}`,
          effect: 'permit',
          article: grant.article,
          about: [
            'The item names this version, which was in force at its release, this grant and its article.',
            '項目は、提供の時に効力を有していたこの版、この許可及びその条を根拠とする。',
          ],
          asked: 'say',
          actions: ['released-under'],
          when: [
            underThis(body),
            and(atom('resource has basis'), atom('resource.basis.version == context.version')),
            and(
              atom('resource has basis'),
              atom(`resource.basis.grant == ${quoted(grant.id)}`),
              atom(`resource.basis.article == ${quoted(grant.article)}`),
            ),
            and(atom('context has inForceFrom'), releasedFrom('context.inForceFrom'), releasedFrom(String(body.inForceFrom))),
            ...(until === undefined ? [] : [releasedBefore(String(until))]),
          ],
          unless: [and(SUPERSEDED, releasedFrom('context.supersededAt')), terminatedBefore],
        },
        body.articles,
      ),
    ),
    policyOf({
      id: 'answers/basis',
      effect: 'permit',
      about: [
        'It is in force, or narrows, at some instant from the release until now.',
        '提供から現在までのいずれかの時に効力を有し、又は制限する。',
      ],
      asked: 'say',
      actions: ['answers'],
      when: [underThis(body), begun(body), ...(until === undefined ? [] : [releasedBefore(String(until))])],
      unless: [and(SUPERSEDED, releasedFrom('context.supersededAt')), terminatedBefore],
    }),
    policyOf({
      id: 'answers/ended-before',
      effect: 'forbid',
      about: [
        'The agreement had ended for these nations before this version began.',
        'この版が始まる前に、取決めはこれらの国について終わっていた。',
      ],
      asked: 'say',
      actions: ['answers'],
      when: [
        underThis(body),
        endApplies(),
        and(
          atom('context has end'),
          atom('context has narrowsFrom'),
          atom('context.end.at <= context.narrowsFrom'),
          releasedBefore('context.narrowsFrom'),
        ),
      ],
    }),
    policyOf({
      id: 'answers/another-agreement',
      effect: 'permit',
      about: [
        'Another agreement, in force now, that binds two of the nations: it can only forbid.',
        '現在効力を有し、これらの国のうち二か国を拘束する他の取決め。禁止することのみができる。',
      ],
      asked: 'say',
      actions: ['answers'],
      when: [
        and(atom('resource has basis'), atom(`resource.basis.agreement != ${name}`)),
        ...inForceNow(body),
        or(
          bound(body, 'reader', 'originator'),
          and(atom('resource has via'), or(bound(body, 'reader', 'intermediary'), bound(body, 'originator', 'intermediary'))),
        ),
      ],
    }),
    policyOf({
      id: 'begun',
      effect: 'permit',
      about: ['It has begun here, and at least narrows.', 'この版はここで始まっており、少なくとも制限する。'],
      asked: 'say',
      actions: ['begun'],
      when: [begun(body)],
    }),
    policyOf({
      id: 'stands',
      effect: 'permit',
      about: [
        'In force now, with two members, and not suspended: another agreement may rest on it.',
        '現在効力を有し、二か国以上の加盟国があり、停止されていない。他の取決めの基礎となることができる。',
      ],
      asked: 'say',
      actions: ['stands'],
      when: [...inForceNow(body), twoMembers(body), atom('!context.suspended')],
    }),
    policyOf({
      id: 'in-suspension',
      effect: 'permit',
      about: [
        'A member suspended it, and not everybody who was a member then and is one now has resumed it.',
        '加盟国が停止し、その時及び現在の加盟国のすべてが再開したわけではない。',
      ],
      asked: 'say',
      actions: ['in-suspension'],
      when: [suspended(body)],
    }),
    policyOf({
      id: 'ended',
      effect: 'permit',
      about: [
        'What is put is an end for these nations, and has come.',
        '示された終了は、これらの国についての終了であり、既に到来している。',
      ],
      asked: 'say',
      actions: ['ended'],
      when: [underThis(body), endApplies()],
    }),
    policyOf({
      id: 'heard',
      effect: 'permit',
      about: ['Who gave the notice was a member as it took effect.', '通告を行った国は、その効力発生の時に加盟国であった。'],
      asked: 'say',
      actions: ['heard'],
      when: [
        and(
          atom('context has end'),
          atom('context.end has nation'),
          or(...body.parties.map((party) => and(atom(`context.end.nation == ${quoted(party.nation)}`), memberAt(party, 'context.end.at')))),
        ),
      ],
    }),
    policyOf({
      id: 'another-agreement',
      effect: 'permit',
      about: [
        'Where another agreement is the basis, this one permits what it does not forbid.',
        '他の取決めが根拠であるときは、この取決めは、禁止しないものを妨げない。',
      ],
      when: [and(atom('resource has basis'), atom(`resource.basis.agreement != ${name}`))],
    }),
  ]
}

/** Parties, members, what the agreement rests on, its end and its suspension. */
export function lifePolicies(body: Agreement): readonly CedarPolicy[] {
  const basis = underThis(body)
  const parties = body.parties.map(({ nation }) => nation)
  return [
    policyOf({
      id: 'not-a-member/parties',
      effect: 'forbid',
      reason: 'not-a-member',
      about: ['Originator, reader and intermediary are all of parties.', '作成国、閲覧者の国及び仲介国は、いずれも当事国である。'],
      when: [basis],
      unless: [
        and(
          isOneOf(parties, 'resource.originator'),
          isOneOf(parties, 'principal.nation'),
          absentOr(atom('resource has via'), isOneOf(parties, 'resource.via')),
        ),
      ],
    }),
    ...body.parties.map((party) => memberPolicy(party, basis)),
    ...restsOn(body, basis),
    ...endPolicies(body, basis),
    policyOf(
      {
        id: 'agreement-suspended',
        effect: 'forbid',
        reason: 'agreement-suspended',
        ...(body.suspension === undefined ? {} : { article: body.suspension.article }),
        about: ['A suspension is in effect, as the version that it names says.', '停止が効力を有する（停止の通告が示す版による。）。'],
        when: [basis, atom('context.suspended')],
      },
      body.articles,
    ),
  ]
}

function isDated({ memberFrom, memberUntil }: Party): boolean {
  return memberFrom !== undefined || memberUntil !== undefined
}

function memberPolicy({ nation, memberFrom, memberUntil }: Party, basis: Expression): CedarPolicy {
  const gone = `context.withdrawals.getTag(${quoted(nation)})`
  return policyOf({
    id: `not-a-member/${nation}`,
    effect: 'forbid',
    reason: 'not-a-member',
    about: [`${nation} was a member at the release.`, `${nation} は、提供の時に加盟国であった。`],
    when: [basis, onPath(quoted(nation))],
    unless: [
      and(
        ...(memberFrom === undefined ? [] : [releasedFrom(String(memberFrom))]),
        ...(memberUntil === undefined ? [] : [releasedBefore(String(memberUntil))]),
        absentOr(
          atom(`context.withdrawals.hasTag(${quoted(nation)})`),
          or(releasedBefore(gone), ...(memberFrom === undefined ? [] : [atom(`${gone} < ${memberFrom}`)])),
        ),
      ),
    ],
  })
}

/** Whether a nation reads it, made it, or relays it. */
function onPath(nation: string): Expression {
  return or(
    atom(`principal.nation == ${nation}`),
    atom(`resource.originator == ${nation}`),
    and(atom('resource has via'), atom(`resource.via == ${nation}`)),
  )
}

function restsOn(body: Agreement, basis: Expression): readonly CedarPolicy[] {
  return (body.basis ?? []).map(({ agreement, article }) =>
    policyOf(
      {
        id: `basis-not-in-force/${agreement}`,
        effect: 'forbid',
        reason: 'basis-not-in-force',
        article,
        about: [
          `It rests on ${agreement}, which is in force and not suspended.`,
          `この取決めの基礎である ${agreement} は、効力を有し、停止されていない。`,
        ],
        when: [basis],
        unless: [atom(`context.standing.contains(${quoted(agreement)})`)],
      },
      body.articles,
    ),
  )
}

/** Whether the end that is put is one for the nations of this item, and has come. */
function endApplies(): Expression {
  return and(
    atom('context has end'),
    atom('context.end.at <= context.at'),
    or(
      atom('context.end.kind == "termination"'),
      and(
        atom('context.end.kind == "membership"'),
        atom('context.end has nation'),
        onPath('context.end.nation'),
        releasedBefore('context.end.at'),
        absentOr(atom('context.end has memberFrom'), atom('context.end.memberFrom <= context.end.at')),
      ),
      and(
        atom('context.end.kind == "lapse"'),
        atom('context.end has inForceFrom'),
        atom('context.end.inForceFrom <= context.at'),
        absentOr(atom('context.end has supersededAt'), atom('context.end.supersededAt > context.at')),
      ),
    ),
  )
}

/** After the end only the acts and days of the survival rule are left. The ends are put in turn: the earliest decides. */
function endPolicies(body: Agreement, basis: Expression): readonly CedarPolicy[] {
  const { survival } = body
  const survives =
    survival === undefined
      ? []
      : [
          and(
            atom('context has end'),
            releasedBefore('context.end.at'),
            atom(`action in [${survival.acts.map((act) => `Action::${quoted(act)}`).join(', ')}]`),
            ...(survival.days === undefined ? [] : [atom(`context.at < context.end.at + ${survival.days * 86_400}`)]),
          ),
        ]
  return [
    policyOf(
      {
        id: 'agreement-ended',
        effect: 'forbid',
        reason: 'agreement-ended',
        ...(survival === undefined ? {} : { article: survival.article }),
        about: [
          'After the end only what was released before it survives, for the acts and days that are agreed.',
          '終了の後は、その前に提供されたものに限り、定められた行為及び日数について存続する。',
        ],
        when: [basis, endApplies()],
        unless: survives,
      },
      body.articles,
    ),
  ]
}

/** A suspension that has taken effect and that somebody who was a member then, and is one now, has not lifted. */
function suspended(body: Agreement): Expression {
  return and(
    atom('context has suspension'),
    atom('context.suspension.from <= context.at'),
    or(
      ...body.parties.map((party) =>
        and(
          memberAt(party, 'context.suspension.from'),
          memberAt(party, 'context.at'),
          not(
            and(
              atom(`context.suspension.hasTag(${quoted(party.nation)})`),
              atom(`context.suspension.getTag(${quoted(party.nation)}) <= context.at`),
            ),
          ),
        ),
      ),
    ),
  )
}

function memberAt({ nation, memberFrom, memberUntil }: Party, second: string): Expression {
  return and(
    ...(memberFrom === undefined ? [] : [atom(`${second} >= ${memberFrom}`)]),
    ...(memberUntil === undefined ? [] : [atom(`${second} < ${memberUntil}`)]),
    not(
      and(
        atom(`context.withdrawals.hasTag(${quoted(nation)})`),
        atom(`context.withdrawals.getTag(${quoted(nation)}) <= ${second}`),
        ...(memberFrom === undefined ? [] : [atom(`context.withdrawals.getTag(${quoted(nation)}) >= ${memberFrom}`)]),
      ),
    ),
  )
}

/** Whether two parties, whichever, are members now. */
function twoMembers({ parties }: Agreement): Expression {
  const pairs = parties
    .slice(0, -1)
    .map((party, index) =>
      and(memberAt(party, 'context.at'), or(...parties.slice(index + 1).map((other) => memberAt(other, 'context.at')))),
    )
  return or(...pairs)
}

/** Whether two of the nations are members of this version now. */
function bound(body: Agreement, one: keyof typeof PATH, other: keyof typeof PATH): Expression {
  return and(member(body, one), member(body, other))
}

function member(body: Agreement, who: keyof typeof PATH): Expression {
  const { nation, there } = PATH[who]
  const always = body.parties.filter((party) => !isDated(party)).map((party) => party.nation)
  const gone = and(atom(`context.withdrawals.hasTag(${nation})`), atom(`context.withdrawals.getTag(${nation}) <= context.at`))
  return and(
    ...there,
    or(
      ...(always.length === 0 ? [] : [and(isOneOf(always, nation), not(gone))]),
      ...body.parties.filter(isDated).map((party) => and(atom(`${nation} == ${quoted(party.nation)}`), memberAt(party, 'context.at'))),
    ),
  )
}
