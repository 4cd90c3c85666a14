import type { CompiledAgreement, CompiledFacts, CompiledGrant, CompiledPolicy, CompiledVersion } from './compile.ts'
import { compileFacts } from './compile.ts'
import { explain } from './explain.ts'
import { checkGrant } from './grant.ts'
import { decideHome } from './home.ts'
import { checkPersonAgainstLabel, checkReleasable, checkSuspension, policyOf } from './label.ts'
import type { Basis, Decision, Facts, Question, ReleaseExplanation, ReleaseQuestion } from './model.ts'
import { type Passing, checkProhibitions, hopsOf } from './prohibition.ts'
import { Reasons } from './reason.ts'
import { binds, spanOf, versionAt } from './span.ts'
import { checkBases, checkEnd, checkMembers, checkSuspensions } from './standing.ts'
import { type Terms, termsIn } from './succession.ts'

/** Facts looked up once, for many questions. */
export interface Decider {
  /** As the function `decide`. Total: it never throws. */
  decide(question: Question): Decision
  /** As the function `explainRelease`. */
  explainRelease(question: ReleaseQuestion): ReleaseExplanation
}

/** Looks the facts up once; throws `DecisionError` where no decision may rest on them (`compileFacts`). */
export function compile(facts: Facts): Decider {
  const compiled = compileFacts(facts)
  return {
    decide: (question) => decideOn(compiled, question),
    explainRelease: (question) => explain(compiled, question),
  }
}

/** One decision (spec/decision.md): permit with articles and duties, or refuse with every reason. For many, `compile`. */
export function decide(question: Question, facts: Facts): Decision {
  return compile(facts).decide(question)
}

/** What a disclosure officer sees before deciding: which portions may go under which grant, and who could read them. */
export function explainRelease(question: ReleaseQuestion, facts: Facts): ReleaseExplanation {
  return compile(facts).explainRelease(question)
}

function decideOn(facts: CompiledFacts, question: Question): Decision {
  const { item, person } = question
  if (person.nation === item.originator) return decideHome(facts, question)
  const reasons = new Reasons()
  if (facts.deciding !== item.originator && facts.deciding !== person.nation) {
    reasons.add('decision/direction', { from: item.originator, to: person.nation })
  }
  if (item.stopped) reasons.add('decision/stopped', {})
  if (item.expiresAt !== undefined && question.at >= item.expiresAt) reasons.add('decision/expired', { until: item.expiresAt })
  const policy = policyOf(facts, item.originator, item.label, reasons)
  checkReleasable(item.originator, person.nation, item.label, reasons)
  // The intermediary holds it too.
  if (item.via !== undefined) checkReleasable(item.originator, item.via, item.label, reasons)
  checkSuspension(person, reasons)
  checkPersonAgainstLabel(person, item.label, reasons)
  const grants = checkBasis(facts, question, policy, reasons)
  checkOtherAgreements(facts, question, policy, reasons)
  const refused = reasons.found
  if (refused !== undefined) return { permit: false, reasons: refused }
  return permitUnder(item.basis?.agreement ?? '', grants)
}

/** The permit of the grants of the basis, in every version that was asked; the version of the release first. */
function permitUnder(agreement: string, grants: readonly CompiledGrant[]): Decision {
  const articles = new Map<string, { readonly agreement: string; readonly article: string; readonly grant: string }>()
  const duties = new Set<CompiledGrant['grant']['duties'][number]>()
  for (const { grant } of grants) {
    articles.set(grant.article, { agreement, article: grant.article, grant: grant.id })
    for (const duty of grant.duties) duties.add(duty)
  }
  const [released] = grants
  return {
    permit: true,
    articles: [...articles.values()],
    duties: [...duties].sort(),
    // Key control is the basis's: the shares were made as it says. Without a basis nothing gets here.
    keyControl: released?.grant.keyControl ?? 'both',
    mode: grants.every(({ grant }) => grant.mode === 'give') ? 'give' : 'show',
    uses: [...(released?.uses ?? [])].filter((use) => grants.every(({ uses }) => uses.has(use))).sort(),
  }
}

function checkBasis(
  facts: CompiledFacts,
  question: Question,
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): readonly CompiledGrant[] {
  const { item, person, at } = question
  const { basis } = item
  if (basis === undefined) {
    reasons.add('decision/no-grant', { from: item.originator, to: person.nation })
    return []
  }
  const agreement = facts.agreements.get(basis.agreement)
  if (agreement === undefined) {
    reasons.add('decision/agreement-unknown', { agreement: basis.agreement })
    return []
  }
  // A clock that is a little behind must not put the release into the future and so leave no version to ask.
  const since = Math.min(item.releasedAt, at)
  const nations = [item.originator, person.nation, ...(item.via === undefined ? [] : [item.via])]
  const span = spanOf(agreement, nations, since, at)
  checkReleasedUnder(agreement, basis, since, reasons)
  checkSuspensions(agreement, at, reasons)
  checkEnd(agreement, span, question, since, reasons)
  const grants: CompiledGrant[] = []
  for (const version of span.asked) {
    checkMembers(version, nations, since, reasons)
    checkBases(facts, version, at, reasons)
    const terms = termsIn(agreement, basis.version, version, {
      originator: item.originator,
      nation: person.nation,
      clearance: person.clearance,
      grant: basis.grant,
      area: item.area,
      classification: item.label.classification,
      at,
    })
    const grant = checkVersion(version, terms, question, policy, reasons)
    if (grant !== undefined) grants.push(grant)
  }
  return grants
}

/** The basis must name a version that was in force when the item was released, and a grant of its own article. */
function checkReleasedUnder({ name, versions }: CompiledAgreement, basis: Basis, since: number, reasons: Reasons): void {
  const { article, grant } = basis
  const named = versions.find((version) => version.id === basis.version)
  if (named?.grants.get(grant)?.grant.article !== article) {
    reasons.add('decision/basis-not-found', { agreement: name }, { rule: grant, article })
  }
  if (named !== undefined && !(named.from <= since && since < named.until)) {
    reasons.add('decision/agreement-not-in-force', { agreement: name, at: since })
  }
}

/** One version's word on the question: its grant of the same id must permit, and none of its prohibitions may match. */
function checkVersion(
  version: CompiledVersion,
  terms: Terms,
  question: Question,
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): CompiledGrant | undefined {
  const { item, person } = question
  const { agreement, version: number } = version.body
  const compiled = version.grants.get(terms.grant)
  if (compiled === undefined) {
    reasons.add('decision/no-grant', { from: item.originator, to: person.nation, agreement, version: number }, { rule: terms.grant })
  } else {
    checkGrant(version, compiled, terms, question, policy, reasons)
  }
  checkProhibitions(version, passingOf(question, terms, policy), person, reasons)
  return compiled
}

function passingOf(question: Question, terms: Pick<Terms, 'area' | 'classification'>, policy: CompiledPolicy | undefined): Passing {
  const { act, use, item, person } = question
  const { originator, via, label } = item
  const { area, classification } = terms
  return { act, use, hops: hopsOf(originator, person.nation, via), originator, via, label, area, classification, policy }
}

/** Agreements other than the basis permit nothing; those in force that bind two nations of the path can still forbid. */
function checkOtherAgreements(facts: CompiledFacts, question: Question, policy: CompiledPolicy | undefined, reasons: Reasons): void {
  const { item, at } = question
  const passing = passingOf(question, { area: item.area, classification: item.label.classification }, policy)
  for (const [name, agreement] of facts.agreements) {
    if (name === item.basis?.agreement) continue
    const version = versionAt(agreement, at)
    if (version !== undefined && passing.hops.some(({ from, to }) => binds(version, from, to, at)))
      checkProhibitions(version, passing, question.person, reasons)
  }
}
