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
    file: 'decide',
    right: 'version.until <= since',
    wrong: 'version.until <= question.at',
  },
  {
    name: 'only the version of the release is asked',
    file: 'decide',
    right: 'version.from > question.at ||',
    wrong: 'version.from > since ||',
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
  { name: 'an ended agreement goes on', file: 'decide', right: 'versionAt(versions, question.at) === undefined', wrong: 'false' },
  { name: 'the direction is not compared at its source', file: 'decide', right: 'grant.from !== item.originator || ', wrong: '' },
  { name: 'parties are not asked for', file: 'decide', right: ' || !binds(version, item.originator, person.nation)', wrong: '' },
  {
    name: 'a grant that a later version dropped still permits',
    file: 'decide',
    right:
      "reasons.add('decision/no-grant', { from: item.originator, to: person.nation, agreement, version: number }, { rule: basis.grant })",
    wrong: '',
  },
  {
    name: 'prohibitions of other agreements are not read',
    file: 'decide',
    right: 'checkOtherAgreements(facts, question, reasons)\n',
    wrong: '\n',
  },
  {
    name: 'an agreement forbids nations that it does not bind',
    file: 'decide',
    right: 'version !== undefined && binds(version, item.originator, person.nation)',
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
    right: 'person.areas?.some((area) => above.has(area))',
    wrong: 'person.areas?.includes(item.area)',
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
    right: 'if (to !== undefined && to !== passing.to) return false',
    wrong: '',
  },
  { name: 'an older table outlives a newer one', file: 'compile', right: 'b.validFrom - a.validFrom', wrong: 'a.validFrom - b.validFrom' },
  {
    name: 'a version does not end with its successor',
    file: 'compile',
    right: 'body.inForceUntil ?? Infinity, next?.body.inForceFrom ?? Infinity',
    wrong: 'body.inForceUntil ?? Infinity, Infinity',
  },
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
