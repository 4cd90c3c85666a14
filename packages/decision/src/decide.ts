import type { CompiledFacts, CompiledGrant, CompiledPolicy, CompiledVersion } from './compile.ts'
import { compileFacts, versionAt } from './compile.ts'
import { explain } from './explain.ts'
import { checkGrant } from './grant.ts'
import { decideHome } from './home.ts'
import { checkPersonAgainstLabel, checkReleasable, checkSuspension, policyOf } from './label.ts'
import type { Basis, Decision, Facts, Question, ReleaseExplanation, ReleaseQuestion } from './model.ts'
import { checkProhibitions } from './prohibition.ts'
import { Reasons } from './reason.ts'

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
  checkSuspension(person, reasons)
  checkPersonAgainstLabel(person, item.label, reasons)
  const terms = checkBasis(facts, question, policy, reasons)
  checkOtherAgreements(facts, question, reasons)
  const refused = reasons.found
  if (refused !== undefined) return { permit: false, reasons: refused }
  return permitUnder(terms)
}

/** The grants of the basis, in every version from the release until now; the version of the release first. */
interface Terms {
  readonly agreement: string
  readonly grants: readonly CompiledGrant[]
}

function permitUnder({ agreement, grants }: Terms): Decision {
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
  }
}

function checkBasis(facts: CompiledFacts, question: Question, policy: CompiledPolicy | undefined, reasons: Reasons): Terms {
  const { basis } = question.item
  if (basis === undefined) {
    reasons.add('decision/no-grant', { from: question.item.originator, to: question.person.nation })
    return { agreement: '', grants: [] }
  }
  const { agreement } = basis
  const versions = facts.agreements.get(agreement)
  if (versions === undefined) {
    reasons.add('decision/agreement-unknown', { agreement })
    return { agreement, grants: [] }
  }
  // A clock that is a little behind must not put the release into the future and so leave no version to ask.
  const since = Math.min(question.item.releasedAt, question.at)
  checkReleasedUnder(versions, basis, since, reasons)
  if (versionAt(versions, question.at) === undefined) reasons.add('decision/agreement-not-in-force', { agreement, at: question.at })
  const grants: CompiledGrant[] = []
  for (const version of versions) {
    if (version.from > question.at || version.until <= since) continue
    const grant = checkVersion(version, basis, question, policy, reasons)
    if (grant !== undefined) grants.push(grant)
  }
  return { agreement, grants }
}

/** The basis must name a version that was in force when the item was released, and a grant of its own article. */
function checkReleasedUnder(versions: readonly CompiledVersion[], basis: Basis, since: number, reasons: Reasons): void {
  const { agreement, article, grant } = basis
  const named = versions.find((version) => version.id === basis.version)
  if (named?.grants.get(grant)?.grant.article !== article) {
    reasons.add('decision/basis-not-found', { agreement }, { rule: grant, article })
  }
  if (named !== undefined && !(named.from <= since && since < named.until)) {
    reasons.add('decision/agreement-not-in-force', { agreement, at: since })
  }
}

/** One version's word on the question: its grant of the same id must permit, and none of its prohibitions may match. */
function checkVersion(
  version: CompiledVersion,
  basis: Basis,
  question: Question,
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): CompiledGrant | undefined {
  const { item, person } = question
  const { agreement, version: number } = version.body
  const compiled = version.grants.get(basis.grant)
  if (compiled === undefined) {
    reasons.add('decision/no-grant', { from: item.originator, to: person.nation, agreement, version: number }, { rule: basis.grant })
  } else {
    const { grant } = compiled
    if (grant.from !== item.originator || grant.to !== person.nation || !binds(version, item.originator, person.nation)) {
      reasons.add(
        'decision/direction',
        { from: item.originator, to: person.nation, agreement, version: number },
        { rule: grant.id, article: grant.article },
      )
    }
    checkGrant(version, compiled, question, policy, reasons)
  }
  checkProhibitions(version, question, reasons)
  return compiled
}

/** Agreements other than the basis permit nothing; those in force that bind both nations can still forbid. */
function checkOtherAgreements(facts: CompiledFacts, question: Question, reasons: Reasons): void {
  const { item, person, at } = question
  for (const [name, versions] of facts.agreements) {
    if (name === item.basis?.agreement) continue
    const version = versionAt(versions, at)
    if (version !== undefined && binds(version, item.originator, person.nation)) checkProhibitions(version, question, reasons)
  }
}

function binds(version: CompiledVersion, one: string, other: string): boolean {
  return version.parties.has(one) && version.parties.has(other)
}
