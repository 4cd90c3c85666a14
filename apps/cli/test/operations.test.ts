/** What somebody sees who runs two nations: their logs. */
import assert from 'node:assert/strict'
import { get } from 'node:https'
import { test } from 'node:test'
import { nodeFetch } from '#src/login/node-fetch.ts'
import { CANARIES, OperationsWorld } from './operations-world.ts'

test('a whole exchange leaves no word, person or item in any log, and every line is one object with a known code', async () => {
  await using world = await OperationsWorld.start()
  const { cast, originator, recipient } = world.data.story
  const item = await world.release()
  assert.match(await world.openWhenThere(item), new RegExp(CANARIES.text, 'u'))
  assert.equal(await world.open(item, cast.secondReader), 'client/absent')
  await world.revoke(item)
  assert.equal(await world.open(item), 'client/absent')
  // Hostile and unlucky calls as well: they are what writes most of a log.
  const address = world.process(originator).peopleUrl
  await nodeFetch(new URL(`/api/items/${item}/evidence?text=${encodeURIComponent(CANARIES.text)}`, address))
  await knock(world.process(originator).partnerPort, `/exchange/v1/${item}`)
  await world.running.stop()
  for (const nation of [originator, recipient]) {
    const log = await world.log(nation)
    const lines = log.trimEnd().split('\n')
    const parsed = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    for (const line of parsed) {
      assert.deepEqual(Object.keys(line).slice(0, 5), ['at', 'level', 'process', 'pid', 'code'])
      assert.match(String(line['code']), /^[a-z]+\/[a-z-]+$/u)
    }
    for (const code of ['process/started', 'process/stopped'])
      assert.ok(
        parsed.some((line) => line['code'] === code),
        code,
      )
    const people = world.data.nations.flatMap(({ persons }) => persons)
    const forbidden = [item, ...Object.values(CANARIES), ...people.flatMap(({ names }) => [names.en, names.ja])]
    for (const canary of forbidden) assert.ok(!log.includes(canary), `${nation}: ${canary}`)
    for (const { id } of people) assert.doesNotMatch(log, new RegExp(`\\b${id}\\b`, 'u'))
  }
  assert.match(await world.log(originator), /"partner\/tls-refused"/u)
})

/** A call of somebody who has no certificate of a partner's. */
function knock(port: number, path: string): Promise<void> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, rejectUnauthorized: false }, () => resolve()).once('error', () => resolve())
  })
}
