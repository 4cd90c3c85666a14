import { type Act, type Agreement, type Area, type Grant, type Prohibition, type Use, areaAndAbove } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import { DecisionError } from './errors.ts'
import { Life, type Membership, type Suspension } from './life.ts'
import type { AgreementInForce, Facts } from './model.ts'
import { turnsOf } from './span.ts'
import { type Successions, compileSuccessions } from './succession.ts'
import { type ClearanceTables, compileClearances } from './tables.ts'

/** A marking policy with its terms looked up by code. */
export interface CompiledPolicy {
  readonly id: string
  readonly nation: string
  /** Order of each classification. */
  readonly orders: ReadonlyMap<string, number>
  /** What each clearance opens. */
  readonly opens: ReadonlyMap<string, ReadonlySet<string>>
  readonly clearanceOrders: ReadonlyMap<string, number>
}

export interface CompiledGrant {
  readonly grant: Grant
  /** Its areas and all below them in the version's tree. */
  readonly covered: ReadonlySet<string>
  readonly categories: ReadonlySet<string>
  readonly acts: ReadonlySet<Act>
  readonly citizenship: ReadonlySet<string>
  readonly purposes: ReadonlySet<string>
  readonly uses: ReadonlySet<Use>
  readonly organisations: ReadonlySet<string> | undefined
  readonly posts: ReadonlySet<string> | undefined
  readonly facilities: ReadonlySet<string> | undefined
}

export interface CompiledProhibition {
  readonly prohibition: Prohibition
  readonly areas: readonly string[] | undefined
  readonly personRules: ReadonlySet<string> | undefined
  readonly categories: ReadonlySet<string> | undefined
  readonly acts: ReadonlySet<Act> | undefined
  readonly uses: ReadonlySet<Use> | undefined
  readonly citizenshipOutside: ReadonlySet<string> | undefined
  readonly organisationsOutside: ReadonlySet<string> | undefined
  readonly postsOutside: ReadonlySet<string> | undefined
  readonly facilitiesOutside: ReadonlySet<string> | undefined
  readonly purposesOutside: ReadonlySet<string> | undefined
}

export interface CompiledVersion {
  readonly id: string
  readonly number: number
  readonly body: Agreement
  /** It narrows from this second … */
  readonly narrowsFrom: number
  /** … is in force from this one (never while it only narrows) … */
  readonly from: number
  /** … to before this one: its own end, the agreement's, or the beginning of its successor, whichever is earliest. */
  readonly until: number
  readonly members: ReadonlyMap<string, Membership>
  readonly successions: Successions
  /** For each area of the tree: itself and all above it. */
  readonly above: ReadonlyMap<string, ReadonlySet<string>>
  readonly grants: ReadonlyMap<string, CompiledGrant>
  readonly prohibitions: readonly CompiledProhibition[]
  readonly clearances: ClearanceTables
}

/** One agreement with its versions, oldest first, and what its parties' notices say. */
export interface CompiledAgreement {
  readonly name: string
  readonly versions: readonly CompiledVersion[]
  readonly byId: ReadonlyMap<string, CompiledVersion>
  /** Versions that put anything in the place of older terms, oldest first: mostly none. */
  readonly renaming: readonly CompiledVersion[]
  /** Terminated from this second on. */
  readonly terminated: number
  readonly suspensions: readonly Suspension[]
  /** Seconds at which anything of it begins or ends, in order, the first before all: between two of them all stands as it is. */
  readonly turns: readonly number[]
}

/** Facts, looked up once. Immutable. */
export interface CompiledFacts {
  readonly deciding: string
  readonly policies: ReadonlyMap<string, CompiledPolicy>
  readonly agreements: ReadonlyMap<string, CompiledAgreement>
  readonly homeAbove: ReadonlyMap<string, ReadonlySet<string>>
  /** Every party of every version. */
  readonly nations: ReadonlySet<string>
}

/**
 * Looks everything up once. Throws `DecisionError` where no decision may rest on the facts: agreements and policies of both
 * realms, one thing given twice, or a version missing from an agreement's history ("permitted by every version" needs all).
 */
export function compileFacts(facts: Facts): CompiledFacts {
  checkRealms(facts)
  const policies = new Map<string, CompiledPolicy>()
  for (const policy of facts.policies) {
    if (policies.has(policy.id))
      throw new DecisionError('decision/facts-duplicate', `policy \`${policy.id}\` is given twice`, { values: { of: policy.id } })
    policies.set(policy.id, compilePolicy(policy))
  }
  return {
    deciding: facts.deciding,
    policies,
    agreements: compileAgreements(facts, policies),
    homeAbove: compileTree(facts.areas ?? []),
    nations: new Set(facts.agreements.flatMap(({ body }) => body.parties.map(({ nation }) => nation))),
  }
}

function checkRealms(facts: Facts): void {
  const realms = new Set([...facts.agreements.map((version) => version.body.realm), ...facts.policies.map((policy) => policy.realm)])
  if (realms.size > 1) throw new DecisionError('decision/facts-mixed-realms', 'facts of both realms never meet in one decision')
}

function compileAgreements(
  { agreements, notices = [] }: Facts,
  policies: ReadonlyMap<string, CompiledPolicy>,
): Map<string, CompiledAgreement> {
  const byName = Map.groupBy(agreements, (version) => version.body.agreement)
  const compiled = new Map<string, CompiledAgreement>()
  for (const [name, unsorted] of byName) {
    const versions = unsorted.toSorted((a, b) => a.body.version - b.body.version)
    checkHistory(name, versions)
    const life = new Life(versions, notices)
    const all = versions.map((version, index) => {
      const next = Math.min(...versions.slice(index + 1).map((later) => life.inForceFrom(later)), Infinity)
      return compileVersion(version, life, next, policies)
    })
    compiled.set(name, {
      name,
      versions: all,
      byId: new Map(all.map((version) => [version.id, version])),
      renaming: all.filter(({ successions }) => successions.size > 0),
      terminated: life.terminated,
      suspensions: life.suspensions,
      turns: turnsOf(all, life.terminated),
    })
  }
  return compiled
}

function checkHistory(name: string, versions: readonly AgreementInForce[]): void {
  for (const [index, { body }] of versions.entries()) {
    const before = versions[index - 1]?.body
    const values = { agreement: name, version: body.version }
    if (before?.version === body.version)
      throw new DecisionError('decision/facts-duplicate', `a version of \`${name}\` is given twice`, { values })
    if (body.version !== index + 1) throw new DecisionError('decision/facts-gap', `a version of \`${name}\` is missing`, { values })
    if (before !== undefined && body.inForceFrom <= before.inForceFrom) {
      throw new DecisionError('decision/facts-gap', `the versions of \`${name}\` do not follow each other in time`, { values })
    }
  }
}

function compileVersion(
  version: AgreementInForce,
  life: Life,
  next: number,
  policies: ReadonlyMap<string, CompiledPolicy>,
): CompiledVersion {
  const { id, body } = version
  const above = compileTree(body.areas)
  return {
    id,
    number: body.version,
    body,
    narrowsFrom: life.narrowsFrom(version),
    from: life.inForceFrom(version),
    until: Math.min(body.inForceUntil ?? Infinity, next, life.terminated),
    members: life.memberships(body),
    successions: compileSuccessions(body),
    above,
    grants: new Map(body.grants.map((grant) => [grant.id, compileGrant(grant, above)])),
    prohibitions: body.prohibitions.map(compileProhibition),
    clearances: compileClearances(body, policies),
  }
}

function compileTree(areas: readonly Area[]): Map<string, ReadonlySet<string>> {
  return new Map(areas.map((area) => [area.code, new Set(areaAndAbove(areas, area.code))]))
}

function compileGrant(grant: Grant, tree: CompiledVersion['above']): CompiledGrant {
  const covered = [...tree].filter(([, above]) => grant.areas.some((area) => above.has(area)))
  return {
    grant,
    covered: new Set(covered.map(([area]) => area)),
    categories: new Set(grant.categories),
    acts: new Set(grant.acts),
    citizenship: new Set(grant.person.citizenship),
    purposes: new Set(grant.person.purposes),
    uses: new Set(grant.uses),
    organisations: setOf(grant.person.organisations),
    posts: setOf(grant.person.posts),
    facilities: setOf(grant.person.facilities),
  }
}

function compileProhibition(prohibition: Prohibition): CompiledProhibition {
  return {
    prohibition,
    areas: prohibition.areas,
    personRules: setOf(prohibition.personRules),
    categories: setOf(prohibition.categories),
    acts: setOf(prohibition.acts),
    uses: setOf(prohibition.uses),
    citizenshipOutside: setOf(prohibition.citizenshipOutside),
    organisationsOutside: setOf(prohibition.organisationsOutside),
    postsOutside: setOf(prohibition.postsOutside),
    facilitiesOutside: setOf(prohibition.facilitiesOutside),
    purposesOutside: setOf(prohibition.purposesOutside),
  }
}

function setOf<T>(values: readonly T[] | undefined): ReadonlySet<T> | undefined {
  return values === undefined ? undefined : new Set(values)
}

function compilePolicy(policy: MarkingPolicy): CompiledPolicy {
  return {
    id: policy.id,
    nation: policy.nation,
    orders: new Map(policy.classifications.map((classification) => [classification.code, classification.order])),
    opens: new Map(policy.clearances.map((clearance) => [clearance.code, new Set(clearance.classifications)])),
    clearanceOrders: new Map(policy.clearances.map((clearance) => [clearance.code, clearance.order])),
  }
}
