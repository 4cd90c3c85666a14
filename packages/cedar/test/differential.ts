// Random worlds, of which `decide` and Cedar are asked the same.
import { HOME_SET, type World, homePolicies, secondOpinion, versionPolicies } from '@entente/cedar'
import { type Decision, type Facts, type Question, compile } from '@entente/decision'
import { Dice, facts, question } from '../../decision/test/worlds.ts'
import { askable } from './engine.ts'

/** Questions of one world: enough that its policies are parsed for little, few enough that there are many worlds. */
const QUESTIONS = 100

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

/** Asks both, `cases` times, in worlds that follow from the seed. */
export function compare(cases: number, seed: number): Outcome {
  const codes = new Map<string, number>()
  const fired = new Map<string, number>()
  const disagreements: Disagreement[] = []
  let permits = 0
  let requests = 0
  for (let done = 0, world = 0; done < cases; world++) {
    const dice = new Dice(seed + world)
    const known = facts(dice)
    const decider = compile(known)
    const ask = askable(known, () => void requests++)
    const reasons = reasonsOf(known)
    for (let n = 0; n < QUESTIONS && done < cases; n++, done++) {
      const asked = question(dice, known)
      const decision = decider.decide(asked)
      const opinion = secondOpinion(asked, known, ask)
      if (decision.permit) permits++
      else for (const code of new Set(decision.reasons.map((reason) => reason.code))) codes.set(code, (codes.get(code) ?? 0) + 1)
      for (const { policy } of opinion.forbids) fired.set(policy.split('/')[0] ?? policy, (fired.get(policy.split('/')[0] ?? policy) ?? 0) + 1)
      const why = difference(decision, opinion, reasons)
      if (why !== undefined) disagreements.push({ why, question: asked, facts: known, decision })
    }
  }
  return { cases, permits, requests, codes, fired, disagreements }
}

/** The code of each forbid of a world, by set and policy. */
export function reasonsOf(world: World): ReadonlyMap<string, string> {
  const sets = [
    [HOME_SET, homePolicies()] as const,
    ...world.agreements.map(({ id, body }) => [id, versionPolicies(body)] as const),
  ]
  return new Map(sets.flatMap(([set, all]) => all.map((policy) => [`${set} ${policy.id}`, policy.reason ?? ''] as const)))
}

/**
 * What is wrong between the two, if something is: one permits and the other does not; a permit rests on other articles;
 * or Cedar forbids for a reason that `decide` does not give.
 */
export function difference(
  decision: Decision,
  opinion: ReturnType<typeof secondOpinion>,
  reasons: ReadonlyMap<string, string>,
): string | undefined {
  if (decision.permit !== opinion.permit) return `decide ${decision.permit ? 'permits' : 'refuses'}, cedar ${opinion.permit ? 'permits' : 'refuses'}`
  if (decision.permit) {
    const grants = new Set(opinion.permits.flatMap(({ policy }) => (policy.startsWith('grant/') ? [policy.slice('grant/'.length)] : [])))
    const cited = new Set(decision.articles.map(({ grant }) => grant))
    return cited.isSubsetOf(grants) && (grants.size > 0) === (cited.size > 0) ? undefined : 'the permit rests on other grants'
  }
  const said = new Set(decision.reasons.map(({ code }) => code.slice('decision/'.length)))
  for (const { set, policy } of opinion.forbids) {
    const reason = reasons.get(`${set} ${policy}`) ?? ''
    if (said.has(reason) || INSTEAD[reason]?.some((code) => said.has(code)) === true) continue
    return `cedar forbids by \`${policy}\`, decide says ${[...said].join(' ')}`
  }
  return undefined
}
