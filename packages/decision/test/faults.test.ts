// Planted faults: each is one wrong line in a copy of the package's source, loaded beside the true one, and each must
// give another answer than the obvious evaluator in some random world.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type * as Package from '@entente/decision'
import { linesOf, reference } from './reference.ts'
import { Dice, facts, question } from './worlds.ts'

interface Fault {
  readonly name: string
  readonly file: string
  readonly right: string
  readonly wrong: string
}

const FAULTS: readonly Fault[] = [
  { name: 'a stop is overlooked', file: 'decide', right: 'if (item.stopped)', wrong: 'if (item.stopped && item.basis === undefined)' },
  {
    name: 'the last second is one too many',
    file: 'decide',
    right: 'question.at >= item.expiresAt',
    wrong: 'question.at > item.expiresAt',
  },
  {
    name: 'anybody may decide',
    file: 'decide',
    right: 'facts.deciding !== item.originator && facts.deciding !== person.nation',
    wrong: 'false',
  },
  {
    name: 'only the version in force now is asked',
    file: 'span',
    right: 'version.until > since)',
    wrong: 'version.until > at)',
  },
  {
    name: 'only the version of the release is asked',
    file: 'span',
    right: 'version.narrowsFrom <= at &&',
    wrong: 'version.narrowsFrom <= since &&',
  },
  {
    name: 'the article of the basis is not compared',
    file: 'decide',
    right: 'named?.grants.get(grant)?.grant.article !== article',
    wrong: 'named?.grants.has(grant) !== true',
  },
  {
    name: 'a basis may name a version of another time',
    file: 'decide',
    right: '!(named.from <= since && since < named.until)',
    wrong: 'false',
  },
  {
    name: 'an ended agreement goes on',
    file: 'span',
    right: 'versions.findLast((version) => version.from <= at)?.body.inForceUntil ?? Infinity',
    wrong: 'versions.length < 0 && at < 0 ? at : Infinity',
  },
  { name: 'the direction is not compared at its source', file: 'grant', right: 'return grant.from === from && ', wrong: 'return ' },
  { name: 'parties are not asked for', file: 'standing', right: 'if (wasMember(version, nation, since)) continue', wrong: 'continue' },
  {
    name: 'a grant that a later version dropped still permits',
    file: 'decide',
    right:
      "reasons.add('decision/no-grant', { from: item.originator, to: person.nation, agreement, version: number }, { rule: terms.grant })",
    wrong: '',
  },
  {
    name: 'prohibitions of other agreements are not read',
    file: 'decide',
    right: 'checkOtherAgreements(facts, question, policy, reasons)\n',
    wrong: '\n',
  },
  {
    name: 'an agreement forbids nations that it does not bind',
    file: 'decide',
    right: 'version !== undefined && passing.hops.some(({ from, to }) => binds(version, from, to, at))',
    wrong: 'version !== undefined',
  },
  {
    name: 'the home rule is for anybody with a clearance',
    file: 'home',
    right: 'if (needs !== true) reasons',
    wrong: 'if (needs === false) reasons',
  },
  { name: 'a reader at home releases onward', file: 'home', right: "act === 'onward-release'", wrong: 'false' },
  { name: 'a suspended person reads at home', file: 'home', right: 'checkSuspension(person, reasons)', wrong: '' },
  {
    name: 'not knowing of a suspension is as good as none',
    file: 'label',
    right: "if (person.suspended === undefined) reasons.add('decision/suspension-unknown', {})\n  else if",
    wrong: 'if',
  },
  {
    name: 'one briefing of a restrictive category is enough',
    file: 'label',
    right: 'for (const value of category.values) if (!held(value))',
    wrong: 'for (const value of category.values.slice(0, 1)) if (!held(value))',
  },
  {
    name: 'a permissive category asks for all',
    file: 'label',
    right: '!category.values.some(held)',
    wrong: '!category.values.every(held)',
  },
  {
    name: 'a rule on citizens holds for nobody known',
    file: 'label',
    right:
      "if (person.citizenships === undefined || person.citizenships.length === 0) reasons.add('decision/citizenship-unknown', {})\n    else if (!",
    wrong: 'if (person.citizenships && !',
  },
  { name: 'a label of another policy is believed', file: 'label', right: 'policy.nation === originator && ', wrong: '' },
  {
    name: "the originator need not be among the label's",
    file: 'label',
    right: '!label.originators.some((part) => part.nation === originator)',
    wrong: 'false',
  },
  { name: 'the mark of releasability is not read', file: 'label', right: 'if (releasableTo(label, nation)) return', wrong: 'return' },
  { name: 'the ceiling is one too low', file: 'grant', right: 'lower <= upper', wrong: 'lower < upper' },
  { name: 'there is no floor', file: 'grant', right: 'compiled.grant.floor === undefined ||', wrong: 'true ||' },
  { name: 'categories are free', file: 'grant', right: '!compiled.categories.has(code)', wrong: 'false' },
  { name: 'shown may be opened', file: 'grant', right: " || (grant.mode === 'show' && act !== 'list' && act !== 'show')", wrong: '' },
  { name: 'a life of days never ends', file: 'grant', right: 'if (at >= until)', wrong: 'if (at > until)' },
  {
    name: 'a clearance is taken at its own name',
    file: 'grant',
    right: 'policy.opens.get(equivalent)',
    wrong: 'policy.opens.get(equivalent.replace(/C[0-9]$/u, clearance.slice(-2)))',
  },
  {
    name: 'need to know reaches upwards only to itself',
    file: 'grant',
    right: 'person.areas?.some((one) => above.has(one))',
    wrong: 'person.areas?.includes(area)',
  },
  {
    name: 'one good citizenship outweighs another',
    file: 'grant',
    right: '!person.citizenships.every(',
    wrong: '!person.citizenships.some(',
  },
  {
    name: 'a stateless presentation passes',
    file: 'grant',
    right:
      "if (person.citizenships === undefined || person.citizenships.length === 0) {\n    reasons.add('decision/citizenship-unknown', { agreement",
    wrong: "if (person.citizenships === undefined) {\n    reasons.add('decision/citizenship-unknown', { agreement",
  },
  {
    name: 'the purpose need not be attested',
    file: 'grant',
    right: 'person.purpose !== undefined && person.purpose === question.purpose && compiled.purposes.has(person.purpose)',
    wrong: 'compiled.purposes.has(question.purpose)',
  },
  {
    name: 'a prohibition does not reach an area that its tree lacks',
    file: 'prohibition',
    right: 'above !== undefined && !compiled.areas.some((area) => above.has(area))',
    wrong: '!compiled.areas.some((area) => above?.has(area) === true)',
  },
  {
    name: 'unknown citizenships pass a prohibition',
    file: 'prohibition',
    right: 'citizenships === undefined || citizenships.length === 0 || citizenships.some',
    wrong: 'citizenships !== undefined && citizenships.some',
  },
  {
    name: 'a prohibition matches on the act alone',
    file: 'prohibition',
    right: ' && (to === undefined || to === hop.to)',
    wrong: '',
  },
  { name: 'an older table outlives a newer one', file: 'compile', right: 'b.validFrom - a.validFrom', wrong: 'a.validFrom - b.validFrom' },
  {
    name: 'a version does not end with its successor',
    file: 'compile',
    right: 'body.inForceUntil ?? Infinity, next, life',
    wrong: 'body.inForceUntil ?? Infinity, life',
  },
  // Members and their time.
  { name: 'who joined later reads what was released before', file: 'life', right: 'return from <= at && at < until', wrong: 'return at < until' },
  {
    name: 'a membership does not end',
    file: 'span',
    right: 'return member.until > since ? member.until : Infinity',
    wrong: 'return Infinity',
  },
  {
    name: 'who is dropped by a version stays a member of the older ones',
    file: 'span',
    right: 'return version.narrowsFrom > since ? version.narrowsFrom : Infinity',
    wrong: 'return Infinity',
  },
  { name: 'nobody withdraws', file: 'life', right: "one.notice === 'withdraw'", wrong: "one.notice === 'note'" },
  {
    name: 'who withdrew may not come back',
    file: 'life',
    right: ' && one.nation === nation && memberFrom <= effect)',
    wrong: ' && one.nation === nation)',
  },
  { name: 'the intermediary need not be a member', file: 'decide', right: '...(item.via === undefined ? [] : [item.via])]', wrong: ']' },
  { name: 'one member alone holds up a basis', file: 'span', right: '.length >= 2', wrong: '.length >= 1' },
  // Suspension, termination, survival.
  { name: 'no suspension is read', file: 'decide', right: 'checkSuspensions(agreement, at, reasons)', wrong: '' },
  { name: 'one party resumes for all', file: 'life', right: 'return Math.max(...said)', wrong: 'return Math.min(...said)' },
  { name: 'any suspension is resumed', file: 'life', right: ' && one.of === suspension.id', wrong: '' },
  { name: 'a termination ends nothing', file: 'span', right: '    agreement.terminated,\n', wrong: '' },
  {
    name: 'a stranger terminates',
    file: 'life',
    right: 'return notice.body.notice === what && member !== undefined && within(member, notice.effect)',
    wrong: 'return notice.body.notice === what',
  },
  { name: 'everything survives the end', file: 'standing', right: 'survival?.acts.includes(act) === true', wrong: 'survival !== undefined' },
  { name: 'survival has no days', file: 'standing', right: 'survival.days === undefined || at < end', wrong: 'at > 0 || at < end' },
  {
    name: 'what is released after the end survives it',
    file: 'standing',
    right: "if (since >= end) reasons.add('decision/agreement-ended', { agreement: name, until: end })",
    wrong: '',
  },
  {
    name: 'a version that began after the end for these nations is asked',
    file: 'span',
    right: 'begun.filter((version) => version.narrowsFrom < end || version.narrowsFrom <= since)',
    wrong: 'begun',
  },
  // Versions that only narrow, and those that begin later here.
  { name: 'a release may name a version that only narrows', file: 'life', right: 'version.narrowingOnly === true ? Infinity :', wrong: '' },
  { name: 'a version begins here by its date', file: 'life', right: 'version.inForceSince ?? 0', wrong: '0' },
  { name: 'notes are not waited for', file: 'life', right: "if (body.entry?.by !== 'notes') return", wrong: 'return' },
  // The basis of an agreement, and the path.
  { name: 'a basis is not asked for', file: 'decide', right: 'checkBases(facts, version, at, reasons)', wrong: '' },
  {
    name: 'a suspended basis holds',
    file: 'span',
    right: ' || agreement.suspensions.some((suspension) => within(suspension, at))',
    wrong: '',
  },
  { name: 'any path will do', file: 'grant', right: 'if (grant.via === via) return', wrong: 'if (via === undefined || via !== grant.from) return' },
  {
    name: 'the label is not asked for the intermediary',
    file: 'decide',
    right: 'if (item.via !== undefined) checkReleasable(item.originator, item.via, item.label, reasons)',
    wrong: '',
  },
  {
    name: 'a prohibition on one leg of the path is overlooked',
    file: 'prohibition',
    right: 'via === undefined ? [whole]',
    wrong: 'whole ? [whole]',
  },
  { name: 'a prohibition reaches every path', file: 'prohibition', right: 'if (via !== undefined && via !== passing.via) return false', wrong: '' },
  { name: '`members` are nobody', file: 'grant', right: "(grant.to === to || grant.to === 'members')", wrong: 'grant.to === to' },
  // Successions.
  { name: 'a renamed grant is another', file: 'succession', right: "grant: read('grant', terms.grant),", wrong: 'grant: terms.grant,' },
  { name: 'a replaced area is itself', file: 'succession', right: "area: read('area', terms.area),", wrong: 'area: terms.area,' },
  {
    name: 'a replaced classification is itself',
    file: 'succession',
    right: "classification: read('classification', terms.classification, originator),",
    wrong: 'classification: terms.classification,',
  },
  { name: 'a replaced clearance is itself', file: 'succession', right: "const clearance = read('clearance', terms.clearance, nation)", wrong: 'const { clearance } = terms' },
  {
    name: 'terms are read through versions before the release',
    file: 'succession',
    right: 'one.number > number && one.number <= version.number',
    wrong: 'one.number <= version.number',
  },
  {
    name: 'a newer clearance is unknown to older versions',
    file: 'succession',
    right: 'return { ...found, clearances: olderClearances(agreement, version, nation, terms.clearance, at) }',
    wrong: 'return { ...found, clearances: [clearance] }',
  },
  {
    name: 'one of the older clearances is enough',
    file: 'grant',
    right: 'for (const clearance of clearances) {',
    wrong: 'for (const clearance of clearances.slice(0, 1)) {',
  },
  // Uses, assignments, lives, new members of regions.
  { name: 'any use is granted', file: 'grant', right: '!compiled.uses.has(use)', wrong: 'compiled.uses.size < 0' },
  { name: 'an unknown organisation passes', file: 'grant', right: '(attested !== undefined && listed.has(attested))', wrong: '(attested === undefined || listed.has(attested))' },
  { name: 'a post is no matter', file: 'grant', right: "check('decision/post', 'posts', compiled.posts, person.post)", wrong: '' },
  { name: 'a facility is the organisation', file: 'grant', right: 'compiled.facilities, person.facility', wrong: 'compiled.facilities, person.organisation' },
  { name: 'retention bounds nothing', file: 'grant', right: 'retention.itemDays < grant.lifeDays', wrong: 'retention.itemDays < 0' },
  { name: 'a prohibition from a level up begins one above it', file: 'prohibition', right: 'order < least', wrong: 'order <= least' },
  { name: 'a prohibition of unknown level passes', file: 'prohibition', right: 'return least !== undefined && order !== undefined && order < least', wrong: 'return !(least !== undefined && order !== undefined && order >= least)' },
  { name: "another nation's level is compared with the originator's", file: 'prohibition', right: ' || prohibition.from !== originator', wrong: '' },
  { name: 'a prohibition of a use forbids reading', file: 'prohibition', right: 'passing.use === undefined || !compiled.uses.has(passing.use)', wrong: 'passing.use !== undefined && !compiled.uses.has(passing.use)' },
  { name: 'an unknown assignment passes a prohibition', file: 'prohibition', right: 'within === undefined || attested === undefined || !within.has(attested)', wrong: 'within === undefined || (attested !== undefined && !within.has(attested))' },
  { name: 'a prohibition overlooks purposes', file: 'prohibition', right: 'isOutside(compiled.purposesOutside, person.purpose)', wrong: 'true' },
]

/** Address of a source file of the package. */
function sourceOf(file: string): string {
  return import.meta.resolve(`../src/${file}.ts`)
}

function textOf(file: string): string {
  return readFileSync(fileURLToPath(sourceOf(file)), 'utf8')
}

registerHooks({
  resolve(specifier, context, next) {
    const fault = /[?]fault=(\d+)$/u.exec(context.parentURL ?? '')?.[0]
    const resolved = next(specifier, context)
    return fault !== undefined && specifier.startsWith('./') ? { ...resolved, url: `${resolved.url}${fault}` } : resolved
  },
  load(url, context, next) {
    const [, number] = /[?]fault=(\d+)$/u.exec(url) ?? []
    const fault = number === undefined ? undefined : FAULTS[Number(number)]
    const path = url.replace(/[?].*$/u, '')
    if (fault === undefined || path !== sourceOf(fault.file)) return next(url, context)
    const text = textOf(fault.file)
    return { format: 'module-typescript', source: text.replace(fault.right, () => fault.wrong), shortCircuit: true }
  },
})

async function load(fault: number): Promise<typeof Package> {
  return (await import(`${sourceOf('index')}?fault=${fault}`)) as typeof Package
}

/** How many questions it takes until the faulty package answers otherwise; undefined when it never does. */
function questionsUntilFound({ compile }: typeof Package, limit: number): number | undefined {
  for (let asked = 0; asked < limit;) {
    const dice = new Dice(asked + 1)
    const world = facts(dice)
    const decider = compile(world)
    for (let n = 0; n < 60; n++, asked++) {
      const one = question(dice, world)
      if (JSON.stringify(linesOf(decider.decide(one))) !== JSON.stringify(reference(one, world))) return asked
    }
  }
  return undefined
}

FAULTS.forEach((fault, index) => {
  test(`found: ${fault.name}`, async () => {
    const text = textOf(fault.file)
    assert.equal(text.split(fault.right).length, 2, 'the line to be made wrong stands in the source exactly once')
    assert.notEqual(questionsUntilFound(await load(index), 24_000), undefined)
  })
})

test('without a fault nothing is found by the same search', async () => {
  assert.equal(questionsUntilFound(await load(FAULTS.length), 24_000), undefined)
})
