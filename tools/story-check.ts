/**
 * Judges a run of the story: `story-check.ts RESULTS MUST-PASS`. RESULTS holds one JSON object a line (`step`, `name`,
 * `ok`, `ms`, `evidence`), MUST-PASS the numbers of the steps that have to pass. Closes with `N passed, N failed`.
 */
import { readFileSync } from 'node:fs'

const STEPS = 14

interface StepResult {
  readonly step: number
  readonly name: string
  readonly ok: boolean
  readonly ms: number
  readonly evidence: unknown
}

const [resultsPath, mustPassPath] = process.argv.slice(2)
if (resultsPath === undefined || mustPassPath === undefined) {
  console.error('usage: story-check.ts RESULTS MUST-PASS')
  process.exit(2)
}

const results = new Map(readResults(resultsPath).map((result) => [result.step, result]))
const required = new Set(readNumbers(mustPassPath))
let passed = 0
let failed = 0
for (let step = 1; step <= STEPS; step++) {
  const result = results.get(step)
  if (result === undefined) {
    failed++
    console.log(`FAIL  step ${step} is not listed`)
  } else if (required.has(step) && !result.ok) {
    failed++
    console.log(`FAIL  step ${step} ${result.name}: ${JSON.stringify(result.evidence)}`)
  } else if (required.has(step)) {
    passed++
    console.log(`ok    step ${step} ${result.name} (${result.ms} ms)`)
  } else {
    console.log(`${result.ok ? 'ok, and could be required' : 'not yet'}: step ${step} ${result.name}`)
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function readResults(path: string): readonly StepResult[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as StepResult)
    .filter((result) => Number.isInteger(result.step))
}

function readNumbers(path: string): readonly number[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^\d+$/u.test(line.trim()))
    .map(Number)
}
