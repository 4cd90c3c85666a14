import { type Crypto, Recent, foundOnce } from '@entente/canonical'
import { type Checkpoint, type SignedCheckpoint, checkpointOfText } from './checkpoint.ts'
import { LedgerError } from './errors.ts'
import { noteText } from './note.ts'
import { type Policy, quorumTime } from './policy.ts'
import { type VerifiedSignature, requireEachAlgorithm, verifyNote } from './signature.ts'

/** A cosignature that holds and counts. */
export interface Cosignature {
  /** The policy's name of the witness. */
  readonly witness: string
  /** Seconds since 1970-01-01T00:00:00Z, as the witness states it. */
  readonly time: number
}

/** A checkpoint that its log signed and enough witnesses cosigned. */
export interface VerifiedCheckpoint extends Checkpoint {
  /** As of when the quorum was met (`quorumTime`); absent where the policy's quorum is `none`. */
  readonly time?: number
  readonly cosignatures: readonly Cosignature[]
}

export interface CheckpointExpectation {
  /** The log that it must be; where absent, any log of the policy. */
  readonly origin?: string
  /** Cosignatures stated to be later than this (seconds since 1970) do not count: the verifier's own time and the skew that it bears. */
  readonly latest?: number
}

/**
 * Verifies a signed checkpoint against a policy: the log's signatures (one of each algorithm that the policy lists for
 * it), every signature of a key that the policy knows, and the quorum of witnesses.
 * Throws `ledger/note-malformed`, `ledger/note-too-large`, `ledger/checkpoint-malformed`, `ledger/other-log`,
 * `ledger/log-unknown`, `ledger/signature-missing`, `ledger/signature-invalid`, `ledger/quorum-unmet` (with `origin`, `quorum`).
 */
export async function verifyCheckpoint(
  crypto: Crypto,
  policy: Policy,
  bytes: Uint8Array,
  expected: CheckpointExpectation = {},
): Promise<VerifiedCheckpoint> {
  return verifyCheckpointText(crypto, policy, noteText(bytes), expected)
}

/** Signatures that hold, with the checkpoint that they are of. */
interface Held {
  readonly signed: SignedCheckpoint
  readonly verified: readonly VerifiedSignature[]
}

/**
 * Checkpoints whose signatures were found to hold under a policy, by their exact text (spec/ledger.md 6): many entries are proven
 * under one checkpoint. Whether cosignatures are late, and the quorum, are asked each time.
 */
const heldUnder = new WeakMap<Policy, Recent<Promise<Held>>>()
const HELD_KEPT = 64

/** As `verifyCheckpoint`, from `noteText`. */
export async function verifyCheckpointText(
  crypto: Crypto,
  policy: Policy,
  text: string,
  expected: CheckpointExpectation,
): Promise<VerifiedCheckpoint> {
  const held = heldUnder.get(policy) ?? new Recent<Promise<Held>>(HELD_KEPT)
  heldUnder.set(policy, held)
  // What is expected decides which error comes first: nobody is told what somebody else's expectation met.
  const asked = expected.origin === undefined ? text : `${expected.origin}\n${text}`
  const { signed, verified } = await foundOnce(held, asked, async () => {
    const read = checkpointOfText(text)
    return { signed: read, verified: await verifyByPolicy(crypto, policy, read, expected.origin) }
  })
  const { origin } = signed.checkpoint
  const cosignatures = countedCosignatures(policy, verified, expected.latest ?? Number.POSITIVE_INFINITY)
  if (policy.quorum === 'none') return { ...signed.checkpoint, cosignatures }
  const time = quorumTime(policy, new Map(cosignatures.map((cosignature) => [cosignature.witness, cosignature.time])))
  if (time === undefined) {
    throw new LedgerError('ledger/quorum-unmet', `the checkpoint of \`${origin}\` is not cosigned by the quorum \`${policy.quorum}\``, {
      values: { origin, quorum: policy.quorum },
    })
  }
  return { ...signed.checkpoint, time, cosignatures }
}

/** The signatures by keys of the policy, all of which hold, the log's among them; the quorum is not asked. Throws as `verifyCheckpoint`. */
export async function verifyByPolicy(
  crypto: Crypto,
  policy: Policy,
  signed: SignedCheckpoint,
  expectedOrigin?: string,
): Promise<readonly VerifiedSignature[]> {
  const { origin } = signed.checkpoint
  if (expectedOrigin !== undefined && origin !== expectedOrigin) {
    throw new LedgerError('ledger/other-log', `the checkpoint is of \`${origin}\``, { values: { origin, expected: expectedOrigin } })
  }
  const logKeys = policy.logs.map(({ key }) => key).filter((key) => key.name === origin)
  if (logKeys.length === 0)
    throw new LedgerError('ledger/log-unknown', `the policy does not know the log \`${origin}\``, { values: { origin } })
  const verified = await verifyNote(crypto, signed.note, [...logKeys, ...policy.witnesses.map(({ key }) => key)])
  requireEachAlgorithm(origin, logKeys, verified)
  return verified
}

function countedCosignatures(policy: Policy, verified: readonly VerifiedSignature[], latest: number): readonly Cosignature[] {
  return policy.witnesses.flatMap(({ name, key }) => {
    // Without a time (0) a signature says that the tree is consistent, not that it is the largest seen: no cosignature.
    const times = verified
      .filter((signature) => signature.key === key && signature.time > 0 && signature.time <= latest)
      .map(({ time }) => time)
    return times.length === 0 ? [] : [{ witness: name, time: Math.max(...times) }]
  })
}
