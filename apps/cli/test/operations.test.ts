/** What somebody sees who runs two nations: their logs, and what a restored backup does and does not bring back. */
import assert from 'node:assert/strict'
import { rename } from 'node:fs/promises'
import { get } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { codeOf } from '@entente/canonical'
import { main } from '#src/main.ts'
import { runNode } from '#src/node-process.ts'
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

test('a restored backup un-revokes nothing: its node is closed, opens nothing, and goes on when what it lacked is back and accepted', async () => {
  await using world = await OperationsWorld.start()
  const { cast, originator } = world.data.story
  const [stopped, live] = [await world.release(), await world.release()]
  for (const item of [stopped, live]) assert.ok((await world.openWhenThere(item)).includes(CANARIES.text))
  const [key, file] = [join(world.dir, 'recovery.key'), join(world.dir, 'nation.backup')]
  const dir = world.folder(originator)
  await runNode('recovery-key', dir, { to: key })
  // While the node runs.
  await runNode('backup', dir, { to: file })
  await world.revoke(stopped)
  assert.equal(await world.open(stopped), 'client/absent')
  const old = `${dir}.old`
  await world.restart(originator, undefined, async () => {
    await rename(dir, old)
    await runNode('restore', dir, { from: file, key })
  })
  await red(world, originator, ['health/log-behind', 'health/quarantine'])
  assert.equal(await world.open(live), 'node/partner-unreachable', 'nothing opens')
  assert.equal(await world.open(stopped), 'client/absent')
  await assert.rejects(world.release(), (error) => codeOf(error) === 'node/quarantined' || codeOf(error) === 'node/behind')
  const asOfficer = ['--as', cast.securityOfficer, '--dir', world.dir]
  assert.equal((await entente('reconcile', ...asOfficer)).exit, 1)
  assert.match((await entente('reconcile', '--accept', ...asOfficer)).err, /code: node\/behind/u)
  await world.restart(originator, undefined, async () => {
    assert.equal((await entente('reconcile', dir, '--from', old)).exit, 0)
  })
  await red(world, originator, ['health/quarantine'])
  assert.equal(await world.open(live), 'node/partner-unreachable', 'not before a person said so')
  assert.equal((await entente('reconcile', '--accept', '--as', cast.author, '--dir', world.dir)).exit, 1, 'not everybody')
  assert.match((await entente('reconcile', '--accept', ...asOfficer)).out, /"n":\d+/u)
  await red(world, originator, [])
  assert.ok((await world.openWhenThere(live)).includes(CANARIES.text))
  assert.equal(await world.open(stopped), 'client/absent')
})

/** Waits until health says exactly this. */
async function red(world: OperationsWorld, nation: string, codes: readonly string[]): Promise<void> {
  const until = performance.now() + 20_000
  for (;;) {
    const said = (await (await nodeFetch(new URL('/api/health', world.process(nation).peopleUrl))).json()) as { readonly codes: unknown }
    if (JSON.stringify(said.codes) === JSON.stringify(codes)) return
    if (performance.now() > until) assert.deepEqual(said.codes, codes)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function entente(...args: readonly string[]): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', '']
  const exit = await main(args, {
    stdin: (async function* () {})(),
    stdout: { isTTY: false, write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()) },
    stderr: { write: (text) => void (err += text) },
    env: {},
  })
  return { exit, out, err }
}

/** A call of somebody who has no certificate of a partner's. */
function knock(port: number, path: string): Promise<void> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, rejectUnauthorized: false }, () => resolve()).once('error', () => resolve())
  })
}
