// Random worlds, of which `decide` and Cedar are asked the same.
import { type CedarPolicy, HOME_SET, type World, homePolicies, secondOpinion, versionPolicies } from '@entente/cedar'
import { type Decision, type Facts, type Question, compile } from '@entente/decision'
import { Dice, facts, question } from '../../decision/test/worlds.ts'
import { type Asking, annotationsOf, askable } from './engine.ts'

/** A case in which the two do not say the same, with all that is needed to see it again. */
export interface Disagreement {
  readonly why: string
  readonly question: Question
  readonly facts: Facts
  readonly decision: Decision
}

export interface Outcome {
  readonly cases: number
  readonly permits: number
  /** Requests put to Cedar. */
  readonly requests: number
  /** How often `decide` refused with each code. */
  readonly codes: ReadonlyMap<string, number>
  /** How often each kind of forbid fired. */
  readonly fired: ReadonlyMap<string, number>
  readonly disagreements: readonly Disagreement[]
}

/**
 * Codes that \`decide\` may say instead of a forbid's own: it does not compare what an unknown policy leaves unknown, does not ask
 * of a person what a missing grant would, and says one thing where Cedar's forbids say two.
 */
const INSTEAD: Readonly<Record<string, readonly string[]>> = {
  'clearance-too-low': ['clearance-no-equivalent', 'no-grant', 'policy-unknown'],
  'clearance-no-equivalent': ['no-grant'],
  'clearance-missing': ['no-grant'],
  'need-to-know': ['no-grant'],
  'citizenship-unknown': ['no-grant'],
  'person-rule': ['citizenship-unknown'],
  forbidden: ['policy-unknown'],
  'person-rule-prohibited': ['policy-unknown'],
  'not-a-member': ['direction'],
  'agreement-ended': ['agreement-not-in-force', 'direction'],
}

export interface Comparing extends Omit<Asking, 'asked'> {
  /** Questions drawn in one world: many, and its policies are parsed for little; few, and there are many worlds. */
  readonly questions: number
  /** Ends when somebody permits and the other refuses. */
  readonly first?: true
}

/** How many refusals in a hundred are asked of Cedar too: most of few reasons, few of many, so that permits are not rare. */
const KEPT = { few: 30, many: 5 } as const

/** Asks both, `cases` times, in worlds that follow from the seed. */
export function compare(cases: number, seed: number, options: Comparing): Outcome {
  const codes = new Map<string, number>()
  const fired = new Map<string, number>()
  const disagreements: Disagreement[] = []
  const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
  let [done, permits, requests] = [0, 0, 0]
  for (let world = 0; done < cases; world++) {
    const dice = new Dice(seed + world)
    const known = facts(dice)
    const decider = compile(known)
    const ask = askable(known, { ...options, asked: () => void requests++ })
    const notes = notesOf(known)
    for (let n = 0; n < options.questions && done < cases; n++) {
      const asked = question(dice, known)
      const decision = decider.decide(asked)
      if (!decision.permit && !dice.chance(decision.reasons.length <= 2 ? KEPT.few : KEPT.many)) continue
      done++
      if (decision.permit) permits++
      else for (const code of new Set(decision.reasons.map((reason) => reason.code))) count(codes, code)
      const opinion = secondOpinion(asked, known, ask)
      for (const { set, policy } of opinion.forbids) count(fired, notes.get(`${set} ${policy}`)?.['reason'] ?? '')
      const why = difference(asked, decision, opinion, notes)
      if (why !== undefined) disagreements.push({ why, question: asked, facts: known, decision })
      if (options.first === true && decision.permit !== opinion.permit)
        return { cases: done, permits, requests, codes, fired, disagreements }
    }
  }
  return { cases: done, permits, requests, codes, fired, disagreements }
}

/** What stands beside each policy, by set and policy: a forbid's reason; a permit's terms, as Cedar reads them out of its text. */
export type Notes = ReadonlyMap<string, Readonly<Record<string, string>>>

/** The notes of a world. */
export function notesOf(world: World): Notes {
  const sets = [[HOME_SET, homePolicies()] as const, ...world.agreements.map(({ id, body }) => [id, versionPolicies(body)] as const)]
  const notes = (policy: CedarPolicy): Readonly<Record<string, string>> => {
    if (policy.effect === 'forbid') return { reason: policy.reason ?? '' }
    return /^(?:grant[/]|home$)/u.test(policy.id) ? annotationsOf(policy) : {}
  }
  return new Map(sets.flatMap(([set, all]) => all.map((policy) => [`${set} ${policy.id}`, notes(policy)] as const)))
}

/**
 * What is wrong between the two, if something is: one permits and the other does not; a permit rests on other articles or has other
 * terms; or Cedar forbids for a reason that `decide` does not give.
 */
export function difference(
  question: Question,
  decision: Decision,
  opinion: ReturnType<typeof secondOpinion>,
  notes: Notes,
): string | undefined {
  if (decision.permit !== opinion.permit)
    return `decide ${decision.permit ? 'permits' : 'refuses'}, cedar ${opinion.permit ? 'permits' : 'refuses'}`
  if (decision.permit) {
    const grants = new Set(opinion.permits.flatMap(({ policy }) => (policy.startsWith('grant/') ? [policy.slice('grant/'.length)] : [])))
    const cited = new Set(decision.articles.map(({ grant }) => grant))
    if (!cited.isSubsetOf(grants) || grants.size > 0 !== cited.size > 0) return 'the permit rests on other grants'
    const { duties, keyControl, mode, uses } = decision
    const [said, other] = [{ duties, keyControl, mode, uses }, termsOf(question, opinion, notes)].map((terms) => JSON.stringify(terms))
    return said === other ? undefined : `the permit has other terms: decide says ${said}, cedar ${other}`
  }
  const said = new Set(decision.reasons.map(({ code }) => code.slice('decision/'.length)))
  for (const { set, policy } of opinion.forbids) {
    const reason = notes.get(`${set} ${policy}`)?.['reason'] ?? ''
    if (said.has(reason) || INSTEAD[reason]?.some((code) => said.has(code)) === true) continue
    return `cedar forbids by \`${policy}\`, decide says ${[...said].join(' ')}`
  }
  return undefined
}

/** The terms that Cedar's permits carry: duties together, show if one says so, uses that all list, the key control of the release. */
function termsOf({ item }: Question, { permits }: ReturnType<typeof secondOpinion>, notes: Notes): Omit<Permit, 'permit' | 'articles'> {
  const carried = permits.flatMap(({ set, policy }) => {
    const note = notes.get(`${set} ${policy}`)
    return note?.['mode'] === undefined ? [] : [{ set, note }]
  })
  const listed = (name: string): readonly ReadonlySet<string>[] =>
    carried.map(({ note }) => new Set((note[name] ?? '').split(' ').filter((code) => code !== '')))
  const [first = new Set<string>(), ...rest] = listed('uses')
  const released = carried.find(({ set }) => set === item.basis?.version || set === HOME_SET)
  return {
    duties: [...listed('duties').reduce((all, some) => all.union(some), new Set<string>())].sort() as unknown as Permit['duties'],
    keyControl: (released?.note['key_control'] ?? '') as Permit['keyControl'],
    mode: carried.every(({ note }) => note['mode'] === 'give') ? 'give' : 'show',
    uses: [...rest.reduce((all, some) => all.intersection(some), first)].sort() as unknown as Permit['uses'],
  }
}

type Permit = Extract<Decision, { readonly permit: true }>
