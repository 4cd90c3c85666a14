import type { CompiledAgreement, CompiledFacts, CompiledGrant, CompiledPolicy, CompiledVersion } from './compile.ts'
import { type Condition, Refusal } from './condition.ts'
import { addGrantConditions } from './grant.ts'
import type { Reading } from './granted.ts'
import { addHomeConditions } from './home.ts'
import { addLabelConditions, policyOf } from './label.ts'
import type { Basis, Kind } from './model.ts'
import { type Path, pathOf } from './path.ts'
import type { Passing } from './prohibition.ts'
import { termsIn } from './succession.ts'

/** A kind of item and the nation whose people would read it, looked up in the facts. */
export interface Item extends Omit<Kind, 'via' | 'basis'>, Passing {
  readonly basis: Basis | undefined
  readonly nation: string
  readonly via: string | undefined
  readonly path: Path
  readonly policy: CompiledPolicy | undefined
  /** The agreement of the basis, where it is known. */
  readonly agreement: CompiledAgreement | undefined
  /** What is asked whatever the version and the time. */
  readonly general: readonly Condition[]
}

/** Versions that have a say on an item at a time: those of its basis, and the other agreements in force. */
export interface Saying {
  readonly asked: readonly CompiledVersion[]
  readonly others: readonly CompiledVersion[]
}

/** All that is asked of an item, in the order in which reasons are given. */
export interface Rules {
  readonly conditions: readonly Condition[]
  /** How many of them are asked whatever the version. */
  readonly general: number
  /** The grant of the basis in each version; the version of the release first. */
  readonly grants: readonly CompiledGrant[]
}

/** Looks up what an item is to readers of a nation. */
export function itemOf(facts: CompiledFacts, kind: Kind, nation: string): Item {
  const { originator, basis, via, label, area } = kind
  const policy = policyOf(facts, originator, label)
  const home = nation === originator
  const agreement = home || basis === undefined ? undefined : facts.agreements.get(basis.agreement)
  const path = pathOf(facts, originator, nation, via)
  const general: Condition[] = []
  if (home) addHomeConditions(general, facts, kind, policy)
  else {
    if (facts.deciding !== originator && facts.deciding !== nation)
      general.push(new Refusal('decision/direction', { from: originator, to: nation }))
    // The intermediary holds it too.
    addLabelConditions(general, policy, originator, path.receivers, label)
    addBasisRefusal(general, agreement, basis, originator, nation)
  }
  return { originator, basis, via, label, area, nation, path, hops: path.hops, policy, agreement, general }
}

/** The basis must be there, of an agreement that is known, and name a grant of its own article. */
function addBasisRefusal(
  general: Condition[],
  agreement: CompiledAgreement | undefined,
  basis: Basis | undefined,
  originator: string,
  nation: string,
): void {
  if (basis === undefined) general.push(new Refusal('decision/no-grant', { from: originator, to: nation }))
  else if (agreement === undefined) general.push(new Refusal('decision/agreement-unknown', { agreement: basis.agreement }))
  else {
    const { article, grant } = basis
    const named = agreement.byId.get(basis.version)
    if (named?.grants.get(grant)?.grant.article === article) return
    general.push(new Refusal('decision/basis-not-found', { agreement: agreement.name }, { rule: grant, article }))
  }
}

/** All that these versions ask of an item: each the grant of its basis, and that no prohibition stands against it. */
export function rulesOf(item: Item, { asked, others }: Saying): Rules {
  const { agreement, basis, label, area, general } = item
  const conditions = general.slice()
  const grants: CompiledGrant[] = []
  if (agreement !== undefined && basis !== undefined) {
    const first = { grant: basis.grant, area, classification: label.classification }
    const { originator, nation, via, policy } = item
    const reading: Reading = { originator, nation, via, label, policy, agreement, from: basis.version }
    for (const version of asked) {
      const terms = termsIn(agreement, basis.version, version, first, item.originator)
      const compiled = version.grants.get(terms.grant)
      if (compiled === undefined) {
        const values = { from: item.originator, to: item.nation, agreement: agreement.name, version: version.number }
        conditions.push(new Refusal('decision/no-grant', values, { rule: terms.grant }))
      } else {
        grants.push(compiled)
        addGrantConditions(conditions, version, compiled, reading, terms)
      }
      addForbidding(conditions, version, item, terms)
    }
  }
  if (others.length > 0) {
    const terms = { area, classification: label.classification }
    for (const version of others) addForbidding(conditions, version, item, terms)
  }
  return { conditions, general: general.length, grants }
}

function addForbidding(
  conditions: Condition[],
  version: CompiledVersion,
  item: Item,
  terms: { readonly area: string; readonly classification: string },
): void {
  for (const forbidden of item.path.forbidden(version)) if (forbidden.concerns(item, terms)) conditions.push(forbidden)
}
