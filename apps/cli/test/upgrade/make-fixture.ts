/**
 * Makes the data that `upgrade.test.ts` starts on: two nations after an exchange, exercise keys only. Run in a checkout of the version that is
 * to be upgraded from, with this file and `operations-world.ts` copied there:
 * `node --conditions=entente-source apps/cli/test/upgrade/make-fixture.ts FILE.tar.br`
 */
import { execFileSync } from 'node:child_process'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { OperationsWorld } from '../operations-world.ts'

const [to] = process.argv.slice(2)
if (to === undefined) throw new TypeError('FILE.tar.br')
await using world = await OperationsWorld.start()
const { originator, recipient } = world.data.story
const [live, stopped] = [await world.release(), await world.release()]
for (const item of [live, stopped]) await world.openWhenThere(item)
await world.revoke(stopped)
// Whatever waits for the partner goes before the two end.
await new Promise((resolve) => setTimeout(resolve, 5_000))
await world.running.stop()
const made = Math.floor(Date.now() / 1_000)
await writeFile(join(world.dir, 'fixture.json'), `${JSON.stringify({ made, live, stopped })}\n`)
for (const nation of [originator, recipient]) {
  const folder = world.folder(nation)
  const path = join(folder, 'config.json')
  const config = JSON.parse(await readFile(path, 'utf8')) as object
  // The one path of this machine; whoever unpacks puts their own in.
  await writeFile(path, JSON.stringify({ ...config, nations: '' }))
  await rm(join(folder, 'logs'), { recursive: true })
  await rm(join(folder, 'running.json'), { force: true })
}
const tar = execFileSync('tar', ['--owner=0', '--group=0', '-cf', '-', ...(await readdir(world.dir))], {
  cwd: world.dir,
  maxBuffer: 67_108_864,
})
await writeFile(resolve(to), brotliCompressSync(tar, { params: { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS } }))
