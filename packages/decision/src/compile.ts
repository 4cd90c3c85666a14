import { type Act, type Agreement, type Area, type Grant, PERSON_DECIDES, type Prohibition, areaAndAbove } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import { DecisionError } from './errors.ts'
import type { AgreementInForce, Facts } from './model.ts'

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
  readonly areas: ReadonlySet<string>
  readonly categories: ReadonlySet<string>
  readonly acts: ReadonlySet<Act>
  readonly citizenship: ReadonlySet<string>
  readonly purposes: ReadonlySet<string>
}

export interface CompiledProhibition {
  readonly prohibition: Prohibition
  readonly areas: readonly string[] | undefined
  readonly personRules: ReadonlySet<string> | undefined
  readonly categories: ReadonlySet<string> | undefined
  readonly acts: ReadonlySet<Act> | undefined
  readonly citizenshipOutside: ReadonlySet<string> | undefined
}

/** One clearance table of a version; `rows` in rising order of the cleared nation's own scheme, where it is known. */
interface CompiledTable {
  readonly validFrom: number
  readonly rows: ReadonlyMap<string, string>
}

export interface CompiledVersion {
  readonly id: string
  readonly body: Agreement
  /** In force from this second … */
  readonly from: number
  /** … to before this one: its own end, or the beginning of its successor, whichever is earlier. */
  readonly until: number
  readonly parties: ReadonlySet<string>
  /** For each area of the tree: itself and all above it. */
  readonly above: ReadonlyMap<string, ReadonlySet<string>>
  readonly grants: ReadonlyMap<string, CompiledGrant>
  readonly prohibitions: readonly CompiledProhibition[]
  readonly clearances: ReadonlyMap<string, readonly CompiledTable[]>
}

/** Facts, looked up once. Immutable. */
export interface CompiledFacts {
  readonly deciding: string
  readonly policies: ReadonlyMap<string, CompiledPolicy>
  /** Versions of each agreement, oldest first. */
  readonly agreements: ReadonlyMap<string, readonly CompiledVersion[]>
  readonly homeAbove: ReadonlyMap<string, ReadonlySet<string>>
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
    agreements: compileAgreements(facts.agreements, policies),
    homeAbove: compileTree(facts.areas ?? []),
  }
}

function checkRealms(facts: Facts): void {
  const realms = new Set([...facts.agreements.map((version) => version.body.realm), ...facts.policies.map((policy) => policy.realm)])
  if (realms.size > 1) throw new DecisionError('decision/facts-mixed-realms', 'facts of both realms never meet in one decision')
}

function compileAgreements(
  given: readonly AgreementInForce[],
  policies: ReadonlyMap<string, CompiledPolicy>,
): Map<string, readonly CompiledVersion[]> {
  const byName = Map.groupBy(given, (version) => version.body.agreement)
  const compiled = new Map<string, readonly CompiledVersion[]>()
  for (const [name, unsorted] of byName) {
    const versions = unsorted.toSorted((a, b) => a.body.version - b.body.version)
    compiled.set(
      name,
      versions.map((version, index) => {
        const before = versions[index - 1]
        const values = { agreement: name, version: version.body.version }
        if (before?.body.version === version.body.version)
          throw new DecisionError('decision/facts-duplicate', `a version of \`${name}\` is given twice`, { values })
        if (version.body.version !== index + 1)
          throw new DecisionError('decision/facts-gap', `a version of \`${name}\` is missing`, { values })
        if (before !== undefined && version.body.inForceFrom <= before.body.inForceFrom) {
          throw new DecisionError('decision/facts-gap', `the versions of \`${name}\` do not follow each other in time`, { values })
        }
        return compileVersion(version, versions[index + 1], policies)
      }),
    )
  }
  return compiled
}

function compileVersion(
  { id, body }: AgreementInForce,
  next: AgreementInForce | undefined,
  policies: ReadonlyMap<string, CompiledPolicy>,
): CompiledVersion {
  return {
    id,
    body,
    from: body.inForceFrom,
    until: Math.min(body.inForceUntil ?? Infinity, next?.body.inForceFrom ?? Infinity),
    parties: new Set(body.parties.map((party) => party.nation)),
    above: compileTree(body.areas),
    grants: new Map(body.grants.map((grant) => [grant.id, compileGrant(grant)])),
    prohibitions: body.prohibitions.map(compileProhibition),
    clearances: compileClearances(body, policies),
  }
}

function compileTree(areas: readonly Area[]): Map<string, ReadonlySet<string>> {
  return new Map(areas.map((area) => [area.code, new Set(areaAndAbove(areas, area.code))]))
}

function compileGrant(grant: Grant): CompiledGrant {
  return {
    grant,
    areas: new Set(grant.areas),
    categories: new Set(grant.categories),
    acts: new Set(grant.acts),
    citizenship: new Set(grant.person.citizenship),
    purposes: new Set(grant.person.purposes),
  }
}

function compileProhibition(prohibition: Prohibition): CompiledProhibition {
  return {
    prohibition,
    areas: prohibition.areas,
    personRules: setOf(prohibition.personRules),
    categories: setOf(prohibition.categories),
    acts: setOf(prohibition.acts),
    citizenshipOutside: setOf(prohibition.citizenshipOutside),
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

function compileClearances(body: Agreement, policies: ReadonlyMap<string, CompiledPolicy>): Map<string, readonly CompiledTable[]> {
  const tables = new Map<string, CompiledTable[]>()
  for (const table of body.equivalence) {
    if (table.kind !== 'clearances') continue
    const orders = [...policies.values()].find((policy) => policy.nation === table.from)?.clearanceOrders
    const rows = table.rows.toSorted((a, b) => (orders?.get(a.from) ?? 0) - (orders?.get(b.from) ?? 0))
    const direction = directionOf(table.from, table.to)
    const compiled = {
      validFrom: table.validFrom,
      rows: new Map(rows.flatMap((row) => (row.to === undefined ? [] : [[row.from, row.to] as const]))),
    }
    tables.set(direction, [...(tables.get(direction) ?? []), compiled])
  }
  for (const list of tables.values()) list.sort((a, b) => b.validFrom - a.validFrom)
  return tables
}

function directionOf(from: string, to: string): string {
  return `${from}>${to}`
}

function clearanceTable(version: CompiledVersion, from: string, to: string, at: number): CompiledTable | undefined {
  return version.clearances.get(directionOf(from, to))?.find((table) => table.validFrom <= at)
}

/** As `equivalentClearance` of the agreement package, by look-up. */
export function clearanceEquivalent(version: CompiledVersion, from: string, to: string, clearance: string, at: number): string {
  return clearanceTable(version, from, to, at)?.rows.get(clearance) ?? PERSON_DECIDES
}

/** Clearances of nation `from` whose equivalent opens a classification of `policy`, lowest first. */
export function sufficientClearances(
  version: CompiledVersion,
  from: string,
  policy: CompiledPolicy,
  classification: string,
  at: number,
): readonly string[] {
  const rows = clearanceTable(version, from, policy.nation, at)?.rows
  if (rows === undefined) return []
  return [...rows].filter(([, equivalent]) => policy.opens.get(equivalent)?.has(classification) === true).map(([clearance]) => clearance)
}

/** The version of a chain in force at a second. */
export function versionAt(versions: readonly CompiledVersion[], at: number): CompiledVersion | undefined {
  return versions.find((version) => version.from <= at && at < version.until)
}
