// The slow, obvious statement of spec/decision.md, clause by clause, written from that page and sharing no code with the
// package. It answers with sorted lines `code|rule|article`; no line means permit.
import type { Agreement, EquivalenceTable, Grant, Prohibition } from '@entente/agreement'
import type { Decision, Facts, Question } from '@entente/decision'

/** A decision in the form in which `reference` answers. */
export function linesOf(decision: Decision): readonly string[] {
  if (decision.permit) return []
  return [...new Set(decision.reasons.map((reason) => `${reason.code}|${reason.rule ?? ''}|${reason.article ?? ''}`))].sort()
}

type Say = (code: string, rule?: string, article?: string) => void

export function reference(question: Question, facts: Facts): readonly string[] {
  const lines = new Set<string>()
  const say: Say = (code, rule = '', article = '') => void lines.add(`decision/${code}|${rule}|${article}`)
  const home = question.person.nation === question.item.originator
  item(question, say)
  label(question, facts, say)
  if (home) homeRule(question, facts, say)
  else {
    if (![question.item.originator, question.person.nation].includes(facts.deciding)) say('direction')
    basis(question, facts, say)
    others(question, facts, say)
  }
  return [...lines].sort()
}

function item({ item: { stopped, expiresAt }, at }: Question, say: Say): void {
  if (stopped) say('stopped')
  if (expiresAt !== undefined && expiresAt <= at) say('expired')
}

function labelPolicy({ item: one }: Question, facts: Facts) {
  return facts.policies.find(
    (p) => p.id === one.label.policy && p.nation === one.originator && p.classifications.some((c) => c.code === one.label.classification),
  )
}

function label(question: Question, facts: Facts, say: Say): void {
  const { person, item: one } = question
  if (labelPolicy(question, facts) === undefined) say('policy-unknown')
  const namesOwn = one.label.originators.map((part) => part.nation).includes(one.originator)
  const namesReader = one.label.originators.every((part) => part.releasableTo === 'neutral' || part.releasableTo.includes(person.nation))
  const ruleFits = one.label.personRules.every((rule) => rule.nations.includes(person.nation))
  if (!namesOwn || !namesReader || !ruleFits) say('not-releasable')
  if (person.suspended === undefined) say('suspension-unknown')
  if (person.suspended === true) say('suspended')
  const known = person.citizenships !== undefined && person.citizenships.length > 0
  for (const rule of one.label.personRules) {
    if (!known) say('citizenship-unknown')
    else if (person.citizenships?.filter((nation) => rule.nations.includes(nation)).length === 0) say('person-rule')
  }
  for (const category of one.label.categories) {
    const held = category.values.filter((value) => (person.briefings ?? []).includes(`${category.tag}/${value}`))
    if (category.kind === 'restrictive' && held.length < category.values.length) say('briefing')
    if (category.kind === 'permissive' && held.length === 0) say('briefing')
  }
}

function homeRule(question: Question, facts: Facts, say: Say): void {
  const { person, item: one, act } = question
  if (facts.deciding !== one.originator) say('direction')
  if (act === 'onward-release') say('act-not-granted')
  const policy = labelPolicy(question, facts)
  if (person.clearance === undefined) say('clearance-missing')
  else if (policy !== undefined) {
    const level = policy.clearances.find((clearance) => clearance.code === person.clearance)
    if (!(level?.classifications ?? []).includes(one.label.classification)) say('clearance-too-low')
  }
  const covering = [one.area, ...(ancestry(facts.areas ?? [], one.area) ?? [])]
  if (!(person.areas ?? []).some((area) => covering.includes(area))) say('need-to-know')
}

/** The area and its parents up to the root; undefined when the tree does not hold it. */
function ancestry(areas: Agreement['areas'], code: string): string[] | undefined {
  const area = areas.find((one) => one.code === code)
  if (area === undefined) return undefined
  return area.parent === undefined ? [code] : [code, ...(ancestry(areas, area.parent) ?? [])]
}

/** When a version ceases: its own end or its successor's beginning. */
function ends(version: Agreement, all: readonly Agreement[]): number {
  const successor = all.find((other) => other.agreement === version.agreement && other.version === version.version + 1)
  return Math.min(version.inForceUntil ?? Infinity, successor?.inForceFrom ?? Infinity)
}

function basis(question: Question, facts: Facts, say: Say): void {
  const { item: one, at } = question
  const named = one.basis
  if (named === undefined) return say('no-grant')
  const all = facts.agreements.map((version) => version.body)
  const mine = all.filter((body) => body.agreement === named.agreement)
  if (mine.length === 0) return say('agreement-unknown')
  const since = one.releasedAt > at ? at : one.releasedAt
  const during = (from: number, to: number) => mine.filter((body) => body.inForceFrom <= to && ends(body, all) > from)
  const version = facts.agreements.find((candidate) => candidate.id === named.version && candidate.body.agreement === named.agreement)?.body
  if (!version?.grants.some((grant) => grant.id === named.grant && grant.article === named.article))
    say('basis-not-found', named.grant, named.article)
  if (version !== undefined && !during(since, since).includes(version)) say('agreement-not-in-force')
  if (during(at, at).length === 0) say('agreement-not-in-force')
  for (const body of during(since, at)) {
    const grant = body.grants.find((candidate) => candidate.id === named.grant)
    if (grant === undefined) say('no-grant', named.grant)
    else conditions(question, facts, body, grant, say)
    prohibitions(question, body, say)
  }
}

function conditions(question: Question, facts: Facts, body: Agreement, grant: Grant, say: Say): void {
  const { item: one, person, act, at } = question
  const no = (code: string) => say(code, grant.id, grant.article)
  const parties = body.parties.map((party) => party.nation)
  if (grant.from !== one.originator || grant.to !== person.nation || !parties.includes(one.originator) || !parties.includes(person.nation))
    no('direction')
  const policy = labelPolicy(question, facts)
  const order = (code: string) => policy?.classifications.find((classification) => classification.code === code)?.order ?? NaN
  const level = order(one.label.classification)
  if (policy !== undefined && !(level <= order(grant.ceiling))) no('above-ceiling')
  if (policy !== undefined && grant.floor !== undefined && !(level >= order(grant.floor))) no('below-floor')
  const path = ancestry(body.areas, one.area) ?? []
  if (!path.some((area) => grant.areas.includes(area))) no('area-not-covered')
  if (!path.some((area) => (person.areas ?? []).includes(area))) no('need-to-know')
  const marks = one.label.categories
    .filter((category) => category.kind !== 'informative')
    .flatMap((category) => category.values.map((value) => `${category.tag}/${value}`))
  if (marks.some((mark) => !grant.categories.includes(mark))) no('category-not-covered')
  if (!grant.acts.includes(act) || (grant.mode === 'show' && !['list', 'show'].includes(act))) no('act-not-granted')
  if (at - one.releasedAt >= grant.lifeDays * 24 * 60 * 60) no('expired')
  if (person.clearance === undefined) no('clearance-missing')
  else {
    const equivalent = row(body, person.nation, one.originator, person.clearance, at)
    const opened = policy?.clearances.find((clearance) => clearance.code === equivalent)?.classifications ?? []
    if (equivalent === undefined) no('clearance-no-equivalent')
    else if (policy !== undefined && !opened.includes(one.label.classification)) no('clearance-too-low')
  }
  const outside = person.citizenships?.filter((nation) => !grant.person.citizenship.includes(nation))
  if (person.citizenships === undefined || person.citizenships.length === 0) no('citizenship-unknown')
  else if (outside !== undefined && outside.length > 0) no('citizenship')
  const allowed = grant.person.purposes
  if (allowed.length > 0 && !(allowed.includes(question.purpose) && person.purpose === question.purpose)) no('purpose')
}

function row(body: Agreement, from: string, to: string, code: string, at: number): string | undefined {
  const valid = body.equivalence.filter(
    (table: EquivalenceTable) => table.kind === 'clearances' && table.from === from && table.to === to && table.validFrom <= at,
  )
  const newest = valid.sort((a, b) => a.validFrom - b.validFrom).at(-1)
  return newest?.rows.find((candidate) => candidate.from === code)?.to
}

function prohibitions(question: Question, body: Agreement, say: Say): void {
  for (const prohibition of body.prohibitions) {
    if (matches(question, body, prohibition))
      say(prohibition.personRules === undefined ? 'forbidden' : 'person-rule-prohibited', prohibition.id, prohibition.article)
  }
}

function matches({ item: one, person, act }: Question, body: Agreement, p: Prohibition): boolean {
  const path = ancestry(body.areas, one.area)
  const known = person.citizenships !== undefined && person.citizenships.length > 0
  const marks = one.label.categories.flatMap((category) => category.values.map((value) => `${category.tag}/${value}`))
  return [
    p.from === undefined || p.from === one.originator,
    p.to === undefined || p.to === person.nation,
    p.acts === undefined || p.acts.includes(act),
    p.areas === undefined || path === undefined || path.some((area) => p.areas?.includes(area)),
    p.personRules === undefined || one.label.personRules.some((rule) => p.personRules?.includes(rule.code)),
    p.categories === undefined || marks.some((mark) => p.categories?.includes(mark)),
    p.citizenshipOutside === undefined || !known || !person.citizenships?.every((nation) => p.citizenshipOutside?.includes(nation)),
  ].every(Boolean)
}

function others(question: Question, facts: Facts, say: Say): void {
  const { item: one, person, at } = question
  const all = facts.agreements.map((version) => version.body)
  for (const body of all) {
    if (body.agreement === one.basis?.agreement) continue
    const now = body.inForceFrom <= at && at < ends(body, all)
    const binds = [one.originator, person.nation].every((nation) => body.parties.some((party) => party.nation === nation))
    if (now && binds) prohibitions(question, body, say)
  }
}
