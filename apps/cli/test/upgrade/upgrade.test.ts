/** Today's code on the directories of an earlier version: reads, openings, stops and verification go on. `make-fixture.ts` made the data. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { codeOf } from '@entente/canonical'
import { main } from '#src/main.ts'
import { startNationProcess } from '#src/demo/nation-process.ts'
import { CANARIES, OperationsWorld } from '../operations-world.ts'

const here = import.meta.dirname
const SLACK_SECONDS = 60

for (const fixture of (await readdir(here)).filter((name) => name.endsWith('.tar.br'))) {
  test(`${fixture}: what was released opens, what was stopped does not, the logs verify, and a newer directory is refused`, async () => {
    let fact = { made: 0, live: '', stopped: '' }
    const environment = { NODE_OPTIONS: `--import=${pathToFileURL(join(here, 'shifted-clock.ts')).href}`, ENTENTE_TEST_SHIFT: '' }
    const prepare = async (dir: string): Promise<void> => {
      execFileSync('tar', ['-xf', '-', '-C', dir], { input: brotliDecompressSync(await readFile(join(here, fixture))) })
      fact = JSON.parse(await readFile(join(dir, 'fixture.json'), 'utf8')) as typeof fact
      for (const nation of await readdir(dir)) {
        const path = join(dir, nation, 'config.json')
        const config = await readFile(path, 'utf8').catch(() => undefined)
        if (config === undefined) continue
        const nations = fileURLToPath(new URL('../../../../nations', import.meta.url))
        await writeFile(path, JSON.stringify({ ...(JSON.parse(config) as object), nations }))
      }
      environment.ENTENTE_TEST_SHIFT = String(fact.made + SLACK_SECONDS - Math.floor(Date.now() / 1_000))
      process.env['ENTENTE_TEST_SHIFT'] = environment.ENTENTE_TEST_SHIFT
      await import('./shifted-clock.ts')
    }
    await using world = await OperationsWorld.start({ prepare, environment })
    assert.ok(Math.abs(Date.now() / 1_000 - fact.made) < 600, 'the clock shows the days of the data')
    assert.ok((await world.openWhenThere(fact.live)).includes(CANARIES.text))
    assert.equal(await world.open(fact.stopped), 'client/absent')
    const item = await world.release()
    assert.ok((await world.openWhenThere(item)).includes(CANARIES.text))
    await world.revoke(fact.live)
    assert.equal(await world.open(fact.live), 'client/absent')
    const { originator } = world.data.story
    const dir = world.folder(originator)
    for (const log of await readdir(join(dir, 'ledger', 'logs'))) await verify(world, dir, log)
    assert.equal(await readFile(join(dir, 'version'), 'utf8'), '2\n')
    await world.process(originator).stop()
    await writeFile(join(dir, 'version'), '3\n')
    await assert.rejects(
      startNationProcess(dir, environment),
      (error) => codeOf(error) === 'demo/did-not-start' && /format 3/u.test(String(error)),
    )
    assert.equal(await readFile(join(dir, 'version'), 'utf8'), '3\n')
  })
}

/** Discloses one log to an auditor and verifies its files with every earlier entry, as `ledger verify` does. */
async function verify(world: OperationsWorld, dir: string, log: string): Promise<void> {
  const auditor = world.data.nations
    .find(({ nation }) => nation === world.data.story.originator)
    ?.persons.find(({ roles }) => roles.includes('auditor'))?.id
  const [policy, disclosure] = [join(world.dir, `${log}.policy`), join(world.dir, `${log}.disclosure`)]
  const files = ['--policy', policy, '--disclosure', disclosure]
  const out = await entente('ledger', 'disclose', '--as', auditor ?? '', '--dir', world.dir, '--log', log, ...files)
  assert.equal(out.exit, 0, out.err)
  const until = performance.now() + 20_000
  for (;;) {
    const { exit, out: said } = await entente('ledger', 'verify', '--log', join(dir, 'ledger', 'logs', log), ...files)
    if (exit === 0) return
    // The disclosure itself is an entry that still waits for its cosignature.
    if (performance.now() > until) assert.equal(exit, 0, said)
    await new Promise((resolve) => setTimeout(resolve, 200))
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
