/** What the picker offers an author, from the policies that ship. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readJson } from '@entente/canonical'
import { readPolicy } from '@entente/label'
import { levelsOf } from '../src/screens/desk/offers.ts'
import type { Session } from '../src/session/session.ts'

const policyOf = (nation: string) => readPolicy(readJson(readFileSync(new URL(`../../../nations/${nation}/nation.json`, import.meta.url))))

function levels(nation: string, level?: string): readonly string[] {
  const me = level === undefined ? {} : { clearance: { level, until: 0, areas: [] } }
  return [...levelsOf({ me } as unknown as Session, policyOf(nation))]
}

test('an author may use what the own clearance opens, and nothing above', () => {
  assert.deepEqual(levels('aus', 'NV1'), ['OFFICIAL', 'OFFICIAL-SENSITIVE', 'PROTECTED', 'SECRET'])
  assert.deepEqual(levels('aus', 'NV2'), ['OFFICIAL', 'OFFICIAL-SENSITIVE', 'PROTECTED', 'SECRET', 'TOP-SECRET'])
  assert.deepEqual(levels('jpn', 'TEKIKAKU-1'), ['TORIATSUKAI-CHUI', 'HI'])
})

test('whoever is not cleared may use what is not classified; a clearance that the policy does not have opens nothing', () => {
  assert.deepEqual(levels('aus'), ['OFFICIAL', 'OFFICIAL-SENSITIVE'])
  assert.deepEqual(levels('jpn', 'NV2'), ['TORIATSUKAI-CHUI'])
})
