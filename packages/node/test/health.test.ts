/** `/api/health` of a real node, in each of its reds and back in green. */
import assert from 'node:assert/strict'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { codesWithWords } from '@entente/words'
import { HealthWatch } from '#src/health.ts'
import { pathsOf } from '#src/config.ts'
import { loadTrust } from '#src/trust.ts'
import { startNation } from '#src/start.ts'
import { nodeCrypto } from '@entente/crypto-node'
import { childOf, enterActs, getJson, keepFolder, makeLoneNation } from './lone-nation.ts'
import { SmallDisk, noSmallDisk } from './small-disk.ts'

const linux = process.platform === 'linux' ? false : 'looks for processes in /proc'

/** Asks until the answer is this one, or fails with the last one. */
async function becomes(peopleUrl: string, status: number, codes: readonly string[], withinMilliseconds = 10_000): Promise<void> {
  const until = performance.now() + withinMilliseconds
  for (;;) {
    const answer = await getJson(peopleUrl, '/api/health')
    try {
      assert.deepEqual({ status: answer.status, codes: answer.body['codes'] }, { status, codes })
      assert.equal(answer.body['status'], status === 200 ? 'ok' : 'red')
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

test('green when it works; red with a code for each process that hangs, and green again; alive all the time', { skip: linux }, async () => {
  await using made = await makeLoneNation()
  const running = await startNation(made.dir)
  try {
    await becomes(running.peopleUrl, 200, [])
    for (const roles of [['keys'], ['ledger', 'witness'], ['office']] as const) {
      const pids = await Promise.all(roles.map(childOf))
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      try {
        await becomes(
          running.peopleUrl,
          503,
          roles.map((role) => `health/${role}`),
        )
        assert.deepEqual(await getJson(running.peopleUrl, '/api/health/live'), { status: 200, body: { status: 'ok' } })
      } finally {
        for (const pid of pids) process.kill(pid, 'SIGCONT')
      }
      await becomes(running.peopleUrl, 200, [])
    }
    const statement = join(pathsOf(made.dir).trust, 'statements', 'AAA.json')
    const signed = await readFile(statement, 'utf8')
    await writeFile(statement, signed.replace('"number":1', '"number":2'))
    await becomes(running.peopleUrl, 503, ['health/trust'])
    await writeFile(statement, signed)
    // In the way of the file that it writes: the disk refuses.
    await becomes(running.peopleUrl, 200, [])
    await mkdir(join(pathsOf(made.dir).node, 'health-probe', 'in-the-way'), { recursive: true })
    await becomes(running.peopleUrl, 503, ['health/disk'])
    await rm(join(pathsOf(made.dir).node, 'health-probe'), { recursive: true })
    await becomes(running.peopleUrl, 200, [])
  } finally {
    await running.stop()
  }
})

test('an older journal put back: the log stays closed and health says behind', { skip: linux }, async () => {
  await using made = await makeLoneNation()
  await enterActs(made.dir, 1)
  const putBack = await keepFolder(pathsOf(made.dir).ledger)
  await enterActs(made.dir, 2)
  await putBack()
  const running = await startNation(made.dir)
  try {
    await becomes(running.peopleUrl, 503, ['health/log-behind'])
  } finally {
    await running.stop()
  }
})

test('another journal of the same length: the witness saw another log, and it is closed for good', { skip: linux }, async () => {
  await using made = await makeLoneNation()
  const putBack = await keepFolder(pathsOf(made.dir).ledger)
  await enterActs(made.dir, 2)
  await putBack()
  const state = join(pathsOf(made.dir).witness, 'state')
  const putStateBack = await keepFolder(state)
  await rm(state, { recursive: true })
  await enterActs(made.dir, 2)
  await putStateBack()
  await rm(join(pathsOf(made.dir).ledger, 'logs', 'home', 'checkpoint'))
  const running = await startNation(made.dir)
  try {
    await becomes(running.peopleUrl, 503, ['health/log-forked'])
  } finally {
    await running.stop()
  }
})

test('a full disk is red, and green when there is room', { skip: noSmallDisk }, async () => {
  await using made = await makeLoneNation()
  using disk = new SmallDisk()
  const paths = pathsOf(made.dir)
  const said: string[] = []
  const alive = { alive: () => Promise.resolve({ rss: 0 }) }
  const status = async (): Promise<never> => ({ closures: {}, closed: [] }) as never
  const watch = new HealthWatch({
    processes: { ledger: alive, keys: alive, office: alive, witness: alive },
    ledger: { call: status, gone: new Promise(() => {}) },
    probe: join(disk.path, 'probe'),
    trust: () => loadTrust(nodeCrypto, paths.trust, join(paths.node, 'anchors.json')),
    notice: (code) => void said.push(code),
    keptMilliseconds: { processes: 0, files: 0 },
  })
  assert.deepEqual((await watch.look()).codes, [])
  disk.fill()
  assert.deepEqual((await watch.look()).codes, ['health/disk'])
  disk.free()
  assert.deepEqual((await watch.look()).codes, [])
  assert.deepEqual(said, ['watch/red', 'watch/green'])
})

test('every code has its words and stands in both pages', async () => {
  const codes = codesWithWords().filter((code) => code.startsWith('health/'))
  assert.ok(codes.length >= 9)
  for (const lang of ['en', 'ja']) {
    const page = await readFile(new URL(`../../../docs/${lang}/how-to/watch-a-node.md`, import.meta.url), 'utf8')
    for (const code of codes) assert.ok(page.includes(`| \`${code}\` |`), `${lang}: ${code}`)
  }
})
