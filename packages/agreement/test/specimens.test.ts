import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  type Agreement,
  type AgreementTemplate,
  type AgreementVersion,
  type EquivalenceTable,
  agreementHistory,
  agreementId,
  agreementProblems,
  basisProblems,
  completeSpecimen,
  effectiveTerms,
  knownNotice,
  readAgreement,
  readAgreementTemplate,
  stateAt,
  verifyChain,
} from '@entente/agreement'
import { readJson } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { readPolicy } from '@entente/label'
import { START, asBytes, authority, bytesOf } from './specimen.ts'

const root = join(import.meta.dirname, '../../..')
const policies = globSync('nations/*/nation.json', { cwd: root }).map((path) => readPolicy(readJson(bytesOf(path))))
const keys = Object.fromEntries(
  await Promise.all(policies.map(async ({ nation }, seed) => [nation, (await authority(seed + 10)).publicKey] as const)),
)

function template(path: string): AgreementTemplate {
  return readAgreementTemplate(bytesOf(path))
}

function complete(path: string, inForceFrom: number = START, previous?: string): Agreement {
  return completeSpecimen(template(path), { authorityKeys: keys, inForceFrom, ...(previous === undefined ? {} : { previous }) })
}

const paths = globSync('agreements/*/agreement.json', { cwd: root })
const specimens = paths.map((path) => complete(path))

test('there are the two nations, three communities, two pairs and one of two hops', () => {
  const names = ['aukus', 'five-eyes', 'jpn-aus', 'jpn-kor-usa', 'jpn-usa', 'kor-usa', 'quad']
  assert.deepEqual(specimens.map(({ agreement }) => agreement).toSorted(), names)
})

for (const body of specimens) {
  test(`${body.agreement}: reads back, has no error and no warning, says that it is illustrative, and names what must never be`, () => {
    assert.deepEqual(readAgreement(asBytes(body)), body)
    assert.deepEqual(agreementProblems(body, policies), [])
    assert.equal(body.realm, 'exercise')
    assert.match(body.illustrative.en, /no treaty/u)
    assert.match(body.title.en, /EXERCISE/u)
    const { invariants = [], parties } = body
    const reserved = invariants.flatMap(({ never }) => never.personRules ?? [])
    for (const { nation } of parties) {
      const own = policies.find((policy) => policy.nation === nation)?.personRules.map(({ code }) => code) ?? []
      assert.ok(
        own.some((code) => reserved.includes(code)),
        `${nation} reserves nothing`,
      )
    }
    assert.ok(invariants.some(({ never }) => never.citizenshipOutside?.join() === parties.map(({ nation }) => nation).join()))
    assert.ok(readFileSync(join(root, 'agreements', body.agreement, 'SOURCES.md'), 'utf8').includes('illustrative'))
  })
}

test('what rests on another rests on one that is there, in no circle', () => {
  assert.deepEqual(basisProblems(specimens), [])
  assert.ok(specimens.some(({ basis }) => (basis?.length ?? 0) === 2))
})

test('every reading of a mark or a clearance is the same in all specimens that have it, and raises no clearance', () => {
  const seen = new Map<string, string>()
  const rank = (nation: string, code: string): number =>
    policies.find((policy) => policy.nation === nation)?.clearances.find((one) => one.code === code)?.classifications.length ?? 0
  for (const { agreement, equivalence } of specimens) {
    for (const { kind, from, to, rows } of equivalence) {
      const direction = `${kind} ${from} ${to}`
      const text = JSON.stringify(rows)
      assert.equal(seen.get(direction) ?? text, text, `${agreement}: ${direction}`)
      seen.set(direction, text)
      if (kind === 'clearances') assert.ok(isMonotone(rows, from, to, rank), `${agreement}: ${direction}`)
    }
  }
})

function isMonotone(rows: EquivalenceTable['rows'], from: string, to: string, rank: (nation: string, code: string) => number): boolean {
  return rows.every((row) =>
    rows.every((other) => rank(from, row.from) > rank(from, other.from) || rank(to, row.to ?? '') <= rank(to, other.to ?? '')),
  )
}

/** 13 March 2007, 26 March 2013 and 22 October 2022, at midnight UTC. */
const DATES = [1_173_744_000, 1_364_256_000, 1_666_396_800] as const
const steps: AgreementVersion[] = []
for (const [index, name] of ['1-2007', '2-2012', '3-2022'].entries()) {
  const body = complete(`agreements/jpn-aus/steps/${name}.json`, DATES[index] ?? 0, steps.at(-1)?.id)
  steps.push({ id: agreementId(nodeCrypto, body), body })
}
const [first, second, third] = steps
assert.ok(first && second && third)

test('the three steps are versions of one agreement, each without an error after the one before', () => {
  verifyChain(steps)
  for (const [index, { body }] of steps.entries()) assert.deepEqual(agreementProblems(body, policies, steps[index - 1]), [])
})

test('the second step began with the notes of both, fourteen days before its day changed nothing', () => {
  const notes = ['AUS', 'JPN'].map((nation) =>
    knownNotice(
      nodeCrypto,
      {
        agreement: 'jpn-aus',
        realm: 'exercise',
        version: second.id,
        nation,
        notice: 'note',
        at: DATES[1] - 14 * 86_400,
        effectiveAt: DATES[1] - 14 * 86_400,
      },
      second,
    ),
  )
  assert.deepEqual(
    agreementHistory(steps, notes).map((state) => (state.state === 'in-force' ? [state.from, state.version.body.version] : [])),
    [[], [DATES[0], 1], [DATES[1], 2], [DATES[2], 3]],
  )
  const without = stateAt(steps, notes.slice(1), DATES[2] - 1)
  assert.equal(without.state === 'in-force' && without.version.body.version, 1)
})

test('what was shown in 2007 is read in the terms of 2022', () => {
  const terms = { grant: 'aus-jpn-views', area: 'maritime-aviation', classification: 'OFFICIAL' }
  const owners = { originator: 'AUS', reader: 'JPN' }
  assert.deepEqual(effectiveTerms(steps, { basis: 1, number: 2 }, terms, owners), terms)
  assert.deepEqual(effectiveTerms(steps, { basis: 1, number: 3 }, terms, owners), {
    ...terms,
    grant: 'aus-jpn-neutral',
    area: 'maritime',
  })
})

test('each step lets more pass than the one before: nothing classified in 2007, more areas in 2022', () => {
  const classified = steps.map(({ body }) => body.grants.filter(({ floor }) => floor !== undefined).length)
  assert.deepEqual(classified, [0, 2, 4])
  assert.ok(first.body.grants.every(({ mode }) => mode === 'show'))
  assert.ok(third.body.areas.length > second.body.areas.length)
})
