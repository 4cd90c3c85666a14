import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { type Beginning, begin, planOf, printStep, shorten, walk } from '@entente/testkit'
import { planted } from './broken-twins.ts'

const STEPS = 22
/** Walks in which a broken nation must have been found out. */
const WALKS = 6
const MEMORY = '/dev/shm'

let beginning: Beginning

before(async () => {
  beginning = await begin(existsSync(MEMORY) ? MEMORY : undefined)
})
after(() => beginning[Symbol.asyncDispose]())

test('sound nations keep every promise, and the same seed walks the same way', async () => {
  const options = { seed: '3', steps: STEPS }
  const [first, again] = [await walk(beginning, options), await walk(beginning, options)]
  assert.deepEqual(first.broken, [])
  assert.equal(first.steps, STEPS)
  assert.ok(first.opened > 0)
  assert.deepEqual(again.trace, first.trace)
})

for (const { name, shows, from, twin } of planted) {
  test(`found out: ${name}`, async () => {
    const { originator } = beginning.kept.data.story
    const said: string[] = []
    for (let seed = from; seed < from + WALKS; seed++) {
      const { broken } = await walk(beginning, { seed: String(seed), steps: STEPS, twin: twin(originator) })
      if (broken.some((line) => shows.test(line))) return
      said.push(...broken)
    }
    assert.fail(`nothing that ${WALKS} walks say shows it: ${said.join('; ')}`)
  })
}

test('a walk that fails is shortened to what still fails', async () => {
  const { originator } = beginning.kept.data.story
  const twice = planted.find(({ name }) => name === 'the same request makes a second entry')
  if (twice === undefined) throw new Error('no such twin')
  const options = { seed: '2', steps: STEPS, twin: twice.twin(originator) }
  const failed = await walk(beginning, options)
  const shortest = await shorten(beginning, options, failed, 20)
  assert.ok(shortest.broken.length > 0)
  assert.ok(shortest.steps < failed.steps, `${shortest.steps} of ${failed.steps} steps`)
  assert.match(shortest.trace.at(-1) ?? '', /resend/u)
})

test('a plan has every kind of step, and is another for another seed', () => {
  const kinds = new Set(planOf('1', 2_000).map(({ act }) => act.step))
  assert.equal(kinds.size, 19)
  assert.notDeepEqual(planOf('1', STEPS).map(printStep), planOf('2', STEPS).map(printStep))
})
