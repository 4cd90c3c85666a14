/**
 * Runs the test suites from source: `npm test`, or `npm test -- packages/label` for some of them.
 * Prints one line a file, every failure in full, and closes with `N passed, N failed, N skipped`.
 */
import { globSync } from 'node:fs'
import { relative } from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'

const CONCURRENCY = 2

interface FileCounts {
  readonly tests: number
  readonly passed: number
  readonly failed: number
  readonly cancelled: number
  readonly skipped: number
  readonly todo: number
}

interface Failure {
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly details: { readonly type?: string; readonly error: Error }
}

/** The events of `node:test` that count here. */
type TestEvent =
  | { readonly type: 'test:fail'; readonly data: Failure }
  | { readonly type: 'test:stderr'; readonly data: { readonly message: string } }
  | { readonly type: 'test:summary'; readonly data: { readonly file?: string; readonly counts: FileCounts; readonly duration_ms: number } }

interface Counts {
  tests: number
  passed: number
  failed: number
  skipped: number
}

const root = process.cwd()
const wanted = process.argv.slice(2)
const files = globSync(['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'], { cwd: root })
  .filter((file) => wanted.length === 0 || wanted.some((prefix) => file.startsWith(prefix)))
  .sort()

const total: Counts = { tests: 0, passed: 0, failed: 0, skipped: 0 }
const started = performance.now()

const stream = run({
  files: files.map((file) => `${root}/${file}`),
  concurrency: CONCURRENCY,
  execArgv: ['--conditions=entente-source', '--disable-warning=ExperimentalWarning'],
})

for await (const event of stream as AsyncIterable<TestEvent>) {
  switch (event.type) {
    case 'test:fail':
      // A failed suite repeats what failed inside it.
      if (event.data.details.type !== 'suite') printFailure(event.data)
      break
    case 'test:stderr':
      process.stderr.write(event.data.message)
      break
    case 'test:summary':
      if (event.data.file !== undefined) printFile(event.data.file, event.data.counts, event.data.duration_ms)
      else addTotal(event.data.counts)
      break
    default:
  }
}

console.log(`in ${((performance.now() - started) / 1000).toFixed(1)} s, ${files.length} files`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1

function printFailure(data: Failure): void {
  const where = data.file === undefined ? '' : ` (${relative(root, data.file)}:${data.line ?? 0})`
  const cause = data.details.error.cause ?? data.details.error
  console.log(`not ok  ${data.name}${where}\n${inspect(cause, { depth: 6 }).replaceAll(/^/gmu, '    ')}`)
}

function printFile(
  file: string,
  counts: { passed: number; failed: number; cancelled: number; skipped: number },
  milliseconds: number,
): void {
  const failed = counts.failed + counts.cancelled
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`
  const mark = failed === 0 ? 'ok  ' : 'FAIL'
  console.log(`${mark}  ${relative(root, file)}  ${counts.passed} passed, ${failed} failed${skipped}  ${Math.round(milliseconds)} ms`)
}

function addTotal(counts: FileCounts): void {
  total.tests += counts.tests
  total.passed += counts.passed
  // A cancelled test did not hold, and a `todo` is none that we write.
  total.failed += counts.failed + counts.cancelled + counts.todo
  total.skipped += counts.skipped
}
