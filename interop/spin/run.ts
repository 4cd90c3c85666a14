/**
 * Runs the models of key release and of an agreement's life (spec/models) through SPIN: each protocol must have no error in any
 * state, each broken twin must be caught, and a key must be openable, an amendment come into force at all. Needs `spin` and a C compiler.
 * Last line: `N passed, N failed`.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Run {
  readonly model: 'key-release' | 'agreement-life'
  readonly name: string
  readonly defines: readonly string[]
  /** Checks a claim (`-a`) and not the assertions alone. */
  readonly claim: boolean
  readonly errors: 'none' | 'some'
}

const runs: readonly Run[] = [
  { model: 'key-release', name: 'the protocol: P1, P3, P4 in every state', defines: [], claim: false, errors: 'none' },
  { model: 'key-release', name: 'the protocol: P8, a durable stop is in force', defines: ['LIVENESS'], claim: true, errors: 'none' },
  { model: 'key-release', name: 'the protocol opens keys', defines: ['USELESS'], claim: true, errors: 'some' },
  { model: 'key-release', name: 'twin: originator first', defines: ['ORIGINATOR_FIRST'], claim: false, errors: 'some' },
  { model: 'key-release', name: 'twin: unwrap, then write', defines: ['UNWRAP_THEN_WRITE'], claim: false, errors: 'some' },
  { model: 'key-release', name: 'twin: revocation waits for a cosignature (P3)', defines: ['STOP_WAITS'], claim: false, errors: 'some' },
  {
    model: 'key-release',
    name: 'twin: revocation waits for a cosignature (P8)',
    defines: ['STOP_WAITS', 'LIVENESS'],
    claim: true,
    errors: 'some',
  },
  { model: 'agreement-life', name: 'the life of an amendment, in every state', defines: [], claim: false, errors: 'none' },
  { model: 'agreement-life', name: 'an amendment comes into force', defines: ['USELESS'], claim: true, errors: 'some' },
  { model: 'agreement-life', name: 'twin: widens when one has logged', defines: ['WIDENS_ALONE'], claim: false, errors: 'some' },
  { model: 'agreement-life', name: 'twin: decides by its own version', defines: ['DECIDES_BY_ITS_OWN'], claim: false, errors: 'some' },
  {
    model: 'agreement-life',
    name: 'twin: a suspension waits for the partner',
    defines: ['SUSPENSION_WAITS'],
    claim: false,
    errors: 'some',
  },
  { model: 'agreement-life', name: 'twin: looks at the agreement once', defines: ['LOOKS_ONCE'], claim: false, errors: 'some' },
]

let passed = 0
let failed = 0
for (const run of runs) {
  const found = search(run)
  const right = run.errors === 'none' ? found.errors === 0 : found.errors > 0
  if (right) passed++
  else failed++
  console.log(`${right ? 'ok  ' : 'FAIL'} ${run.name}: ${found.errors} errors, ${found.states} states`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** Generates, compiles and runs the verifier of one variant. */
function search(run: Run): { readonly errors: number; readonly states: number } {
  const folder = mkdtempSync(join(tmpdir(), 'entente-spin-'))
  const inFolder = { cwd: folder, encoding: 'utf8' as const }
  try {
    const model = join(import.meta.dirname, '../../spec/models', `${run.model}.pml`)
    execFileSync('spin', [...run.defines.map((name) => `-D${name}`), '-a', model], inFolder)
    execFileSync('cc', ['-O1', ...(run.claim ? [] : ['-DSAFETY']), '-o', 'pan', 'pan.c'], inFolder)
    const report = execFileSync(join(folder, 'pan'), ['-m100000', ...(run.claim ? ['-a'] : [])], inFolder)
    const errors = /errors: (\d+)/u.exec(report)?.[1]
    const states = /(\d+) states, stored/u.exec(report)?.[1]
    if (errors === undefined || states === undefined || report.includes('max search depth too small'))
      throw new Error(`spin gave no verdict:\n${report}`)
    return { errors: Number(errors), states: Number(states) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
