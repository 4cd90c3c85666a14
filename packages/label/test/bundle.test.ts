/** How much of a page the whole library takes: everything that it gives out, minified, without the policies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const LIMIT_BYTES = 60_000

test('the whole library is under 60 kB for a browser, compressed', async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['entente-source', 'import', 'browser', 'default'] },
  })
  const { output } = await bundle.generate({ format: 'es', minify: true })
  assert.equal(output.length, 1)
  const [{ code, imports }] = output
  assert.deepEqual(imports, [], 'something that a browser does not have')
  const bytes = brotliCompressSync(code).length
  assert.ok(bytes > 20_000 && bytes < LIMIT_BYTES, `${bytes} bytes`)
})
