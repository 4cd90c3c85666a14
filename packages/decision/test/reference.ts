// The slow, obvious statement of spec/decision.md, clause by clause, written from that page and sharing no code with the
// package. It answers with sorted lines `code|rule|article`; no line means permit.
import assert from 'node:assert/strict'
import type { Agreement, EquivalenceTable, Grant, Prohibition } from '@entente/agreement'
import type { AgreementInForce, Decision, Facts, KnownNotice, Question } from '@entente/decision'

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
  const { via } = one
  const home = person.nation === one.originator
  if (via !== undefined && !home) {
    const lets = one.label.originators.every((part) => part.releasableTo === 'neutral' || part.releasableTo.includes(via))
    if (!lets || !one.label.personRules.every((rule) => rule.nations.includes(via))) say('not-releasable')
  }
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

/** The agreement that a question is asked of: its versions, oldest first, with the seconds of section 2. */
interface Timed {
  readonly id: string
  readonly body: Agreement
  readonly narrows: number
  readonly starts: number
  readonly ceases: number
}

function noticesOf(facts: Facts, agreement: string): readonly KnownNotice[] {
  const named = (facts.notices ?? []).filter((notice) => notice.body.agreement === agreement)
  return named.filter(
    ({ body, effect }) =>
      ['note', 'resume', 'withdraw'].includes(body.notice) || isMember(facts, spokenOf(facts, body), body.nation, effect),
  )
}

function spokenOf(facts: Facts, notice: KnownNotice['body']): Agreement {
  const versions = facts.agreements.filter(({ body }) => body.agreement === notice.agreement)
  const newest = versions.toSorted((a, b) => b.body.version - a.body.version)[0]
  const found = versions.find(({ id }) => id === notice.version) ?? newest
  assert.ok(found)
  return found.body
}

/** Whether a nation is a member of a version at a second. */
function isMember(facts: Facts, body: Agreement, nation: string, at: number): boolean {
  const party = body.parties.find((one) => one.nation === nation)
  if (party === undefined) return false
  if (party.memberFrom !== undefined && at < party.memberFrom) return false
  if (party.memberUntil !== undefined && at >= party.memberUntil) return false
  const withdrawals = (facts.notices ?? []).filter(
    (notice) => notice.body.notice === 'withdraw' && notice.body.nation === nation && notice.body.agreement === body.agreement,
  )
  return withdrawals.every(({ effect }) => effect > at || (party.memberFrom !== undefined && party.memberFrom > effect))
}

function timed(facts: Facts, agreement: string): readonly Timed[] {
  const versions = facts.agreements.filter(({ body }) => body.agreement === agreement).toSorted((a, b) => a.body.version - b.body.version)
  const notices = noticesOf(facts, agreement)
  const enters = ({ id, body }: AgreementInForce): number => {
    if (body.entry?.by !== 'notes') return body.inForceFrom
    const notes = body.parties.map(({ nation }) => {
      const own = notices.filter((one) => one.body.notice === 'note' && one.body.version === id && one.body.nation === nation)
      return own.length === 0 ? Infinity : Math.min(...own.map(({ effect }) => effect))
    })
    return Math.max(body.inForceFrom, ...notes)
  }
  const begun = versions.map((version, at) => {
    const narrows = Math.max(...versions.slice(0, at + 1).map(enters))
    const starts = version.narrowingOnly ? Infinity : Math.max(narrows, version.inForceSince ?? -Infinity)
    return { id: version.id, body: version.body, narrows, starts }
  })
  return begun.map((version, at) => {
    const later = begun.slice(at + 1).map(({ starts }) => starts)
    return { ...version, ceases: Math.min(version.body.inForceUntil ?? Infinity, terminated(facts, agreement), ...later) }
  })
}

function terminated(facts: Facts, agreement: string): number {
  const said = noticesOf(facts, agreement).filter(({ body }) => body.notice === 'terminate')
  return Math.min(Infinity, ...said.map(({ effect }) => effect))
}

function suspensionsAt(facts: Facts, agreement: string, at: number): readonly KnownNotice[] {
  const notices = noticesOf(facts, agreement)
  return notices.filter((notice) => {
    if (notice.body.notice !== 'suspend' || notice.effect > at) return false
    const body = spokenOf(facts, notice.body)
    const asked = body.parties.filter(({ nation }) => isMember(facts, body, nation, notice.effect) && isMember(facts, body, nation, at))
    const resumed = (nation: string) =>
      notices.some((one) => one.body.notice === 'resume' && one.body.of === notice.id && one.body.nation === nation && one.effect <= at)
    return asked.some(({ nation }) => !resumed(nation))
  })
}

const inForce = (versions: readonly Timed[], at: number) => versions.find(({ starts, ceases }) => starts <= at && at < ceases)

function basis(question: Question, facts: Facts, say: Say): void {
  const { item: one, person, act, at } = question
  const named = one.basis
  if (named === undefined) return say('no-grant')
  const mine = timed(facts, named.agreement)
  if (mine.length === 0) return say('agreement-unknown')
  const since = one.releasedAt > at ? at : one.releasedAt
  const nations = [one.originator, person.nation, ...(one.via === undefined ? [] : [one.via])]

  const version = mine.find(({ id }) => id === named.version)
  if (!version?.body.grants.some((grant) => grant.id === named.grant && grant.article === named.article))
    say('basis-not-found', named.grant, named.article)
  if (version !== undefined && inForce([version], since) === undefined) say('agreement-not-in-force')

  const meanwhile = mine.filter(({ narrows, ceases }) => narrows <= at && ceases > since)
  const newest = mine.filter(({ starts }) => starts <= at).at(-1)
  const ends = [terminated(facts, named.agreement), newest?.body.inForceUntil ?? Infinity]
  for (const { body, narrows } of meanwhile) {
    for (const nation of nations) {
      if (!body.parties.some((party) => party.nation === nation)) ends.push(narrows > since ? narrows : Infinity)
      else ends.push(...lastDays(facts, body, nation).filter((day) => day > since))
    }
  }
  const end = Math.min(...ends.filter((one) => one <= at), Infinity)
  const asked = meanwhile.filter(({ narrows }) => narrows < end || narrows <= since)

  for (const suspension of suspensionsAt(facts, named.agreement, at))
    say('agreement-suspended', '', spokenOf(facts, suspension.body).suspension?.article)
  if (end === Infinity) {
    if (inForce(mine, at) === undefined) say('agreement-not-in-force')
  } else {
    if (since >= end) say('agreement-ended')
    for (const { body } of asked) {
      const lists = body.survival !== undefined && body.survival.acts.includes(act)
      const passed = body.survival?.days !== undefined && at - end >= body.survival.days * 24 * 60 * 60
      if (!lists || passed) say('agreement-ended', '', body.survival?.article)
    }
  }
  for (const { body } of asked) {
    for (const nation of nations) if (!isMember(facts, body, nation, since)) say('not-a-member')
    for (const rest of body.basis ?? []) {
      const now = inForce(timed(facts, rest.agreement), at)
      const members = now?.body.parties.filter(({ nation }) => isMember(facts, now.body, nation, at)) ?? []
      if (members.length < 2 || suspensionsAt(facts, rest.agreement, at).length > 0) say('basis-not-in-force', '', rest.article)
    }
    const terms = termsOf(question, mine, version?.body ?? body, body)
    const grant = body.grants.find((candidate) => candidate.id === terms.grant)
    if (grant === undefined) say('no-grant', terms.grant)
    else conditions(question, facts, body, grant, terms, say)
    prohibitions(question, facts, body, terms, say)
  }
}

/** The seconds at which a membership may end: its date, and withdrawals. */
function lastDays(facts: Facts, body: Agreement, nation: string): readonly number[] {
  const party = body.parties.find((one) => one.nation === nation)
  const withdrawn = (facts.notices ?? []).filter(
    (notice) => notice.body.notice === 'withdraw' && notice.body.nation === nation && notice.body.agreement === body.agreement,
  )
  const days = [party?.memberUntil ?? Infinity, ...withdrawn.map(({ effect }) => effect)]
  return days.filter((day) => day !== Infinity && !isMember(facts, body, nation, day) && !(day < (party?.memberFrom ?? -Infinity)))
}

interface Terms {
  readonly grant: string
  readonly area: string
  readonly classification: string
  readonly clearances: readonly string[]
}

/** What a version calls the terms of the version that a release names. */
function termsOf(question: Question, versions: readonly Timed[], named: Agreement, body: Agreement): Terms {
  const { item: one, person, at } = question
  const steps = versions.filter((step) => step.body.version > named.version && step.body.version <= body.version)
  const now = (kind: string, code: string, nation?: string): string => {
    let term = code
    for (const step of steps)
      term = step.body.successions?.find((each) => each.kind === kind && each.from === term && each.nation === nation)?.to ?? term
    return term
  }
  const terms = {
    grant: now('grant', one.basis?.grant ?? ''),
    area: now('area', one.area),
    classification: now('classification', one.label.classification, one.originator),
  }
  if (person.clearance === undefined) return { ...terms, clearances: [] }
  const clearance = now('clearance', person.clearance, person.nation)
  if (table(body, person.nation, one.originator, at)?.rows.some((each) => each.from === clearance) === true)
    return { ...terms, clearances: [clearance] }
  let older = [person.clearance]
  for (const step of versions.filter((each) => each.body.version > body.version && each.narrows <= at).toReversed()) {
    const replaced = (step.body.successions ?? []).filter((each) => each.kind === 'clearance' && each.nation === person.nation)
    older = older.flatMap((term) => {
      const gaveWay = replaced.filter((each) => each.to === term).map((each) => each.from)
      return gaveWay.length === 0 ? [term] : gaveWay
    })
  }
  return { ...terms, clearances: older }
}

function conditions(question: Question, facts: Facts, body: Agreement, grant: Grant, terms: Terms, say: Say): void {
  const { item: one, person, act, at } = question
  const no = (code: string) => say(code, grant.id, grant.article)
  if (grant.from !== one.originator || ![person.nation, 'members'].includes(grant.to)) no('direction')
  if (one.via !== grant.via) say('third-party', grant.id, body.thirdParty?.article ?? grant.article)
  const policy = labelPolicy(question, facts)
  const order = (code: string) => policy?.classifications.find((classification) => classification.code === code)?.order ?? NaN
  const level = order(terms.classification)
  if (policy !== undefined && !(level <= order(grant.ceiling))) no('above-ceiling')
  if (policy !== undefined && grant.floor !== undefined && !(level >= order(grant.floor))) no('below-floor')
  const path = ancestry(body.areas, terms.area) ?? []
  if (!path.some((area) => grant.areas.includes(area))) no('area-not-covered')
  if (!path.some((area) => (person.areas ?? []).includes(area))) no('need-to-know')
  const marks = one.label.categories
    .filter((category) => category.kind !== 'informative')
    .flatMap((category) => category.values.map((value) => `${category.tag}/${value}`))
  if (marks.some((mark) => !grant.categories.includes(mark))) no('category-not-covered')
  if (!grant.acts.includes(act) || (grant.mode === 'show' && !['list', 'show'].includes(act))) no('act-not-granted')
  const days = (at - one.releasedAt) / (24 * 60 * 60)
  const { retention } = body
  if (retention?.itemDays !== undefined && retention.itemDays < grant.lifeDays) {
    if (days >= retention.itemDays) say('expired', grant.id, retention.article)
  } else if (days >= grant.lifeDays) no('expired')
  if (person.clearance === undefined) no('clearance-missing')
  for (const clearance of terms.clearances) {
    const equivalent = table(body, person.nation, one.originator, at)?.rows.find((candidate) => candidate.from === clearance)?.to
    const opened = policy?.clearances.find((known) => known.code === equivalent)?.classifications ?? []
    if (equivalent === undefined) no('clearance-no-equivalent')
    else if (policy !== undefined && !opened.includes(terms.classification)) no('clearance-too-low')
  }
  const outside = person.citizenships?.filter((nation) => !grant.person.citizenship.includes(nation))
  if (person.citizenships === undefined || person.citizenships.length === 0) no('citizenship-unknown')
  else if (outside !== undefined && outside.length > 0) no('citizenship')
  const allowed = grant.person.purposes
  if (allowed.length > 0 && !(allowed.includes(question.purpose) && person.purpose === question.purpose)) no('purpose')
  if (question.use !== undefined && !(grant.uses ?? []).includes(question.use)) no('use-not-granted')
  const { organisations, posts, facilities } = grant.person
  if (organisations !== undefined && !organisations.some((code) => code === person.organisation)) no('organisation')
  if (posts !== undefined && !posts.some((code) => code === person.post)) no('post')
  if (facilities !== undefined && !facilities.some((code) => code === person.facility)) no('facility')
}

function table(body: Agreement, from: string, to: string, at: number): EquivalenceTable | undefined {
  const valid = body.equivalence.filter((one) => one.kind === 'clearances' && one.from === from && one.to === to && one.validFrom <= at)
  return valid.sort((a, b) => a.validFrom - b.validFrom).at(-1)
}

/** The legs of the way, the whole first. */
function legs({ item: one, person }: Question): readonly (readonly [string, string])[] {
  if (one.via === undefined) return [[one.originator, person.nation]]
  return [
    [one.originator, person.nation],
    [one.originator, one.via],
    [one.via, person.nation],
  ]
}

type ItemTerms = Pick<Terms, 'area' | 'classification'>

function prohibitions(question: Question, facts: Facts, body: Agreement, terms: ItemTerms, say: Say): void {
  for (const prohibition of body.prohibitions) {
    if (matches(question, facts, body, prohibition, terms))
      say(prohibition.personRules === undefined ? 'forbidden' : 'person-rule-prohibited', prohibition.id, prohibition.article)
  }
}

function matches(question: Question, facts: Facts, body: Agreement, p: Prohibition, terms: ItemTerms): boolean {
  const { item: one, person, act, use } = question
  const path = ancestry(body.areas, terms.area)
  const known = person.citizenships !== undefined && person.citizenships.length > 0
  const marks = one.label.categories.flatMap((category) => category.values.map((value) => `${category.tag}/${value}`))
  const levels = labelPolicy(question, facts)?.classifications ?? []
  const least = levels.find(({ code }) => code === p.atLeast)
  const level = levels.find(({ code }) => code === terms.classification)
  const without = (list: readonly string[] | undefined, attested: string | undefined) =>
    list === undefined || attested === undefined || !list.includes(attested)
  return [
    legs(question).some(([from, to]) => (p.from ?? from) === from && (p.to ?? to) === to),
    p.via === undefined || p.via === one.via,
    p.acts === undefined || p.acts.includes(act),
    p.uses === undefined || (use !== undefined && p.uses.includes(use)),
    p.areas === undefined || path === undefined || path.some((area) => p.areas?.includes(area)),
    p.atLeast === undefined || p.from !== one.originator || least === undefined || level === undefined || level.order >= least.order,
    p.personRules === undefined || one.label.personRules.some((rule) => p.personRules?.includes(rule.code)),
    p.categories === undefined || marks.some((mark) => p.categories?.includes(mark)),
    p.citizenshipOutside === undefined || !known || !person.citizenships?.every((nation) => p.citizenshipOutside?.includes(nation)),
    without(p.organisationsOutside, person.organisation),
    without(p.postsOutside, person.post),
    without(p.facilitiesOutside, person.facility),
    without(p.purposesOutside, person.purpose),
  ].every(Boolean)
}

function others(question: Question, facts: Facts, say: Say): void {
  const { item: one, at } = question
  for (const name of new Set(facts.agreements.map(({ body }) => body.agreement))) {
    const now = name === one.basis?.agreement ? undefined : inForce(timed(facts, name), at)
    if (now === undefined) continue
    const binds = legs(question).some((leg) => leg.every((nation) => isMember(facts, now.body, nation, at)))
    if (binds) prohibitions(question, facts, now.body, { area: one.area, classification: one.label.classification }, say)
  }
}
