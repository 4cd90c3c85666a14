import { Worker } from 'node:worker_threads'
import type { AgreementVersion } from '@entente/agreement'
import { Recent, codeOf, foundOnce } from '@entente/canonical'
import type { MarkingPolicy } from '@entente/label'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import type { ProofFound, ProofTask } from '../processes/prove-thread.ts'

/** How long a proof may take, in milliseconds: a thousand times what the specimens take. */
const PROOF_MILLISECONDS = 20_000
/** What a thread may hold. */
const HEAP_MEGABYTES = 256
const SOURCE = ['--conditions=entente-source', '--disable-warning=ExperimentalWarning']

/** Versions that were proved under these very policies, by id: no time enters into a proof. */
const proved = new WeakMap<ReadonlyMap<string, MarkingPolicy>, Recent<Promise<void>>>()

/**
 * Throws unless every invariant that a version states is proved (spec/agreement.md 8): `node/invariant-refuted` with `invariant`, `rule`,
 * `article` and `example`; `node/invariant-unproven` where there is no answer in time. Works on a thread of its own, which is ended
 * when its time is over; what held is not proved again.
 */
export function checkInvariants(
  { policies }: Pick<Nation, 'policies'>,
  version: AgreementVersion,
  milliseconds: number = PROOF_MILLISECONDS,
): Promise<void> {
  if ((version.body.invariants ?? []).length === 0) return Promise.resolve()
  const recent = proved.get(policies) ?? new Recent<Promise<void>>(16)
  proved.set(policies, recent)
  return foundOnce(recent, version.id, async () => {
    const found = await proveApart({ version, policies: [...policies.values()] }, milliseconds)
    if (found.found === 'refuted') {
      const { invariant, rule, article, example } = found
      throw new NodeError('node/invariant-refuted', 'an invariant does not hold', { values: { invariant, rule, article, example } })
    }
    if (found.found === 'nothing')
      throw new NodeError('node/invariant-unproven', 'an invariant is not proved', { values: { reason: found.reason } })
  })
}

async function proveApart(task: ProofTask, milliseconds: number): Promise<ProofFound> {
  const thread = new Worker(new URL('../processes/prove-thread.ts', import.meta.url), {
    workerData: task,
    execArgv: SOURCE,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  })
  const answer = Promise.withResolvers<ProofFound>()
  const timer = setTimeout(() => answer.resolve({ found: 'nothing', reason: 'time' }), milliseconds)
  thread.once('message', (found: ProofFound) => answer.resolve(found))
  thread.once('error', (error) => answer.resolve({ found: 'nothing', reason: codeOf(error) }))
  thread.once('exit', () => answer.resolve({ found: 'nothing', reason: 'unknown' }))
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    await thread.terminate()
  }
}
