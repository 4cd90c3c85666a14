/** A thread that proves the invariants of one version and says the first that does not hold; its own, so that it can be ended. */
import { parentPort, workerData } from 'node:worker_threads'
import type { AgreementVersion } from '@entente/agreement'
import { codeOf } from '@entente/canonical'
import { pointText, proveVersion } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'

/** What the thread is given. */
export interface ProofTask {
  readonly version: AgreementVersion
  readonly policies: readonly MarkingPolicy[]
}

/** What it found. */
export type ProofFound =
  | { readonly found: 'proved' }
  | {
      readonly found: 'refuted'
      readonly invariant: string
      /** The grant that permits the example, with its article. */
      readonly rule: string
      readonly article: string
      readonly example: string
    }
  /** No answer is possible, by the code of why. */
  | { readonly found: 'nothing'; readonly reason: string }

function proof({ version, policies }: ProofTask): ProofFound {
  try {
    for (const one of proveVersion(version, policies)) {
      if (one.proved) continue
      const { invariant, grant, example } = one
      return { found: 'refuted', invariant, rule: grant.grant, article: grant.article, example: pointText(example) }
    }
    return { found: 'proved' }
  } catch (error) {
    return { found: 'nothing', reason: codeOf(error) }
  }
}

parentPort?.postMessage(proof(workerData as ProofTask), [])
