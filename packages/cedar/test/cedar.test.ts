import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkParseSchema } from '@cedar-policy/cedar-wasm/nodejs'
import { completeSpecimen, readAgreementTemplate } from '@entente/agreement'
import { type World, SCHEMA, homePolicies, secondOpinion, textOf, versionPolicies, versionText } from '@entente/cedar'
import type { Decision, Facts, Question } from '@entente/decision'
import { compareOffices } from './offices.ts'
import { compare, difference, notesOf } from './differential.ts'
import { askable, complaints, formatted } from './engine.ts'
import { Dice, facts } from '../../decision/test/worlds.ts'

const root = join(import.meta.dirname, '../../..')
const key = { ed25519: 'A'.repeat(43), mldsa65: 'A'.repeat(2603) }

function json<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as T
}

const CASES = 2_000

test(`decide and Cedar say the same in ${CASES} cases, of which a third are permits`, () => {
  const { cases, permits, disagreements } = compare(CASES, 20_260_401, { checked: true, questions: 250 })
  assert.equal(cases, CASES)
  assert.ok(permits >= CASES * 0.3, `only ${permits} permits`)
  assert.deepEqual(disagreements.slice(0, 1), [])
})

for (const without of [
  'stopped',
  'agreement-ended',
  'not-a-member',
  'clearance-too-low',
  'person-rule',
  'briefing',
  'prohibition',
  'answers/basis',
]) {
  test(`the comparison finds that ${without} is left out of Cedar`, () => {
    const outcome = compare(4_000, 7, { checked: false, questions: 100, first: true, without })
    assert.ok(outcome.disagreements.some(({ why }) => why.startsWith('decide')))
  })
}

test('explainRelease and Cedar say the same of what an office may release', () => {
  const { permits, cases, disagreements } = compareOffices(600, 5, { checked: true, questions: 60 })
  assert.deepEqual(disagreements.slice(0, 1), [])
  assert.ok(permits > cases / 5 && permits < (cases * 4) / 5, `${permits} of ${cases} permitted`)
})

test('the comparison finds that a delegation is left out of Cedar', () => {
  assert.ok(compareOffices(500, 5, { checked: false, questions: 60, without: 'delegation/d' }).disagreements.length > 0)
})

for (const path of globSync('agreements/*/agreement.json', { cwd: root }).sort()) {
  test(`${path}: Cedar's strict validator has nothing against its policies, and its formatter changes nothing`, () => {
    const template = readAgreementTemplate(readFileSync(join(root, path)))
    const authorityKeys = Object.fromEntries(template.parties.map(({ nation }) => [nation, key]))
    const body = completeSpecimen(template, { authorityKeys, inForceFrom: 1_775_001_600 })
    assert.deepEqual(complaints(versionPolicies(body)), [])
    assert.equal(formatted(versionText(body)), versionText(body))
    const permits = versionPolicies(body).filter(({ id }) => id.startsWith('grant/'))
    assert.deepEqual(
      permits.map(({ id, article }) => `${id} ${article ?? ''}`),
      body.grants.map(({ id, article }) => `grant/${id} ${article}`),
    )
    const forbids = versionPolicies(body).filter(({ id }) => id.startsWith('prohibition/'))
    assert.deepEqual(
      forbids.map(({ id, article }) => `${id} ${article ?? ''}`),
      body.prohibitions.map(({ id, article }) => `prohibition/${id} ${article}`),
    )
  })
}

test('the home rule and the schema are valid, and laid out as the formatter would', () => {
  assert.deepEqual(complaints(homePolicies()), [])
  assert.equal(formatted(textOf(homePolicies())), textOf(homePolicies()))
  assert.equal(checkParseSchema(SCHEMA).type, 'success')
})

test('whatever the agreement says, its policies are valid, strictly', () => {
  for (let seed = 0; seed < 6; seed++) {
    const world = facts(new Dice(seed))
    for (const { body } of world.agreements) {
      const chain = world.agreements.map((one) => one.body).filter(({ agreement }) => agreement === body.agreement)
      assert.deepEqual(
        // A grant below the lowest level, or an area that no tree holds, is impossible, and the validator warns of it.
        complaints(versionPolicies(body, chain)).filter((complaint) => !complaint.includes('impossible')),
        [],
      )
    }
  }
})

interface Vector {
  readonly name: string
  readonly question: Question
  readonly decision: Decision
}

for (const set of ['', 'community-']) {
  test(`Cedar says what the vectors of ${set}permits and ${set}refusals say`, () => {
    const world: World = json<{ readonly facts: Facts }>(`spec/vectors/decision/${set}facts.json`).facts
    const ask = askable(world, { checked: true })
    const notes = notesOf(world)
    for (const kind of ['permits', 'refusals']) {
      const { cases } = json<{ readonly cases: readonly Vector[] }>(`spec/vectors/decision/${set}${kind}.json`)
      for (const { name, question, decision } of cases) {
        assert.equal(difference(question, decision, secondOpinion(question, world, ask), notes), undefined, name)
      }
    }
  })
}
