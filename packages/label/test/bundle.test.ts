/** How much of a page the whole library takes: everything that it gives out, minified and without comments, without the policies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const LIMIT_BYTES = 60_000

test('the whole library is under 60 kB for a browser, compressed by gzip', async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['entente-source', 'import', 'browser', 'default'] },
  })
  const { output } = await bundle.generate({ format: 'es', minify: true, comments: false })
  assert.equal(output.length, 1)
  const [{ code, imports }] = output
  assert.deepEqual(imports, [], 'something that a browser does not have')
  const bytes = gzipSync(code, { level: 9 }).length
  assert.ok(bytes > 20_000 && bytes < LIMIT_BYTES, `${bytes} bytes`)
})
