import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Nation } from '@entente/node'
import { type Beginning, type BrokenTwin, begin, lifePlanOf, walk } from '@entente/testkit'

const MEMORY = '/dev/shm'
/** Of all seeds, those that a test plays; `interop/simulation` plays more. */
const SEEDS = ['1', '2']

let beginning: Beginning

before(async () => {
  beginning = await begin(existsSync(MEMORY) ? MEMORY : undefined)
})
after(() => beginning[Symbol.asyncDispose]())

for (const seed of SEEDS) {
  test(`through loss, kills and full disks an agreement is amended, suspended, resumed and ended, and every promise of its life holds: ${seed}`, async () => {
    const plan = lifePlanOf(seed)
    const { broken, trace, steps } = await walk(beginning, { seed, steps: plan.length, plan })
    assert.deepEqual(broken, [], trace.join('\n'))
    assert.equal(steps, plan.length)
    for (const act of ['propose', 'initial', 'seal', 'suspend', 'resume', 'terminate'])
      assert.ok(
        trace.some((line) => line.includes(`act ${act}`) && line.endsWith('— done')),
        `nobody could ${act}\n${trace.join('\n')}`,
      )
  })
}

/** Decides by the trust with which it started, and does not ask whether that still counts. */
function stubborn(nation: Nation): Nation {
  let first: ReturnType<Nation['standing']> | undefined
  const standing = (): ReturnType<Nation['standing']> => (first ??= nation.standing())
  return {
    ...nation,
    standing,
    decider: () => standing().decider,
    enter: (input) => nation.enter({ ...input, conditions: input.conditions.filter(({ condition }) => condition !== 'agreement') }),
  }
}

test('found out: a node that decides by the agreement as it was when the node started', async () => {
  const { originator } = beginning.kept.data.story
  const said: string[] = []
  for (const seed of SEEDS) {
    const plan = lifePlanOf(seed)
    const twin: BrokenTwin = { nation: (code, nation) => (code === originator ? stubborn(nation) : nation) }
    const { broken } = await walk(beginning, { seed, steps: plan.length, plan, twin })
    if (broken.some((line) => /^life: .* (?:suspended|end of the agreement)/u.test(line))) return
    said.push(...broken)
  }
  assert.fail(`nothing shows it: ${said.join('; ')}`)
})
