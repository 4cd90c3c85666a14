// Random worlds, of which `decide` and Cedar are asked the same.
import { HOME_SET, type World, homePolicies, secondOpinion, versionPolicies } from '@entente/cedar'
import { type Decision, type Facts, type Question, compile } from '@entente/decision'
import { Dice, facts, question } from '../../decision/test/worlds.ts'
import { type Asking, askable } from './engine.ts'

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
    const reasons = reasonsOf(known)
    for (let n = 0; n < options.questions && done < cases; n++) {
      const asked = question(dice, known)
      const decision = decider.decide(asked)
      if (!decision.permit && !dice.chance(decision.reasons.length <= 2 ? KEPT.few : KEPT.many)) continue
      done++
      if (decision.permit) permits++
      else for (const code of new Set(decision.reasons.map((reason) => reason.code))) count(codes, code)
      const opinion = secondOpinion(asked, known, ask)
      for (const { set, policy } of opinion.forbids) count(fired, reasons.get(`${set} ${policy}`) ?? '')
      const why = difference(decision, opinion, reasons)
      if (why !== undefined) disagreements.push({ why, question: asked, facts: known, decision })
      if (options.first === true && decision.permit !== opinion.permit)
        return { cases: done, permits, requests, codes, fired, disagreements }
    }
  }
  return { cases: done, permits, requests, codes, fired, disagreements }
}

/** The code of each forbid of a world, by set and policy. */
export function reasonsOf(world: World): ReadonlyMap<string, string> {
  const sets = [[HOME_SET, homePolicies()] as const, ...world.agreements.map(({ id, body }) => [id, versionPolicies(body)] as const)]
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
  if (decision.permit !== opinion.permit)
    return `decide ${decision.permit ? 'permits' : 'refuses'}, cedar ${opinion.permit ? 'permits' : 'refuses'}`
  if (decision.permit) {
    const grants = new Set(opinion.permits.flatMap(({ policy }) => (policy.startsWith('grant/') ? [policy.slice('grant/'.length)] : [])))
    const cited = new Set(decision.articles.map(({ grant }) => grant))
    return cited.isSubsetOf(grants) && grants.size > 0 === cited.size > 0 ? undefined : 'the permit rests on other grants'
  }
  const said = new Set(decision.reasons.map(({ code }) => code.slice('decision/'.length)))
  for (const { set, policy } of opinion.forbids) {
    const reason = reasons.get(`${set} ${policy}`) ?? ''
    if (said.has(reason) || INSTEAD[reason]?.some((code) => said.has(code)) === true) continue
    return `cedar forbids by \`${policy}\`, decide says ${[...said].join(' ')}`
  }
  return undefined
}
