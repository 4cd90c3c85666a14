import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { concatBytes, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  type Witness,
  type WitnessAnswer,
  type WitnessState,
  addCheckpoint,
  addSignatures,
  advanceWitness,
  consistencyProof,
  originHash,
  parseAddCheckpoint,
  parseSignatureLines,
  printAddCheckpoint,
  receiveCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from '@entente/ledger'
import { AT, ORIGIN, TestLog, logSigners, policy, signerOf, witnessSigners } from './world.ts'

const witness: Witness = {
  keysOf: (origin) => (origin === ORIGIN ? logSigners.map(({ key }) => key) : undefined),
  signers: witnessSigners,
}

async function ask(
  state: WitnessState | undefined,
  log: TestLog,
  oldSize: number,
  changes: { proof?: Uint8Array[]; checkpoint?: Uint8Array } = {},
): Promise<WitnessAnswer> {
  const proof = changes.proof ?? (oldSize <= log.builder.size ? await consistencyProof(crypto, log.reader, oldSize, log.builder.size) : [])
  const body = printAddCheckpoint({ oldSize, proof, checkpoint: changes.checkpoint ?? (await log.sign()) })
  return await addCheckpoint(crypto, witness, () => state, body, AT + 9)
}

function stateAfter(answer: WitnessAnswer): WitnessState {
  assert.equal(answer.status, 200)
  assert.ok(answer.status === 200)
  return answer.newState
}

test('a log is cosigned from its first checkpoint on, and what it publishes meets the policy', async () => {
  const log = new TestLog()
  await log.grow(0)
  let state = stateAfter(await ask(undefined, log, 0))
  for (const count of [1, 254, 2, 0, 400]) {
    const before = log.builder.size
    await log.grow(count)
    const answer = await ask(state, log, before)
    state = stateAfter(answer)
    const published = addSignatures(await log.sign(), parseSignatureLines(answer.body))
    assert.equal((await verifyCheckpoint(crypto, policy, published)).time, AT + 9)
    // What the witness serves to monitors verifies too.
    assert.equal((await verifyCheckpoint(crypto, policy, state.checkpoint)).size, log.builder.size)
  }
  assert.equal(originHash(crypto, ORIGIN).length, 64)
})

test('every refusal has the status that tlog-witness gives it, and changes nothing', async () => {
  const log = new TestLog()
  await log.grow(5)
  const state = stateAfter(await ask(undefined, log, 0))
  await log.grow(3)
  const good = [...(await consistencyProof(crypto, log.reader, 5, 8))]
  const fork = new TestLog()
  await fork.grow(5)
  const stranger = await signerOf('log.zzz.example', 'ed25519', 77)
  const foreign = await signCheckpoint({ origin: 'log.zzz.example', size: 8, root: log.builder.root(), extensions: [] }, [stranger], AT)
  const unsigned = await signCheckpoint({ origin: ORIGIN, size: 8, root: log.builder.root(), extensions: [] }, [stranger], AT)
  const half = await signCheckpoint({ origin: ORIGIN, size: 8, root: log.builder.root(), extensions: [] }, logSigners.slice(0, 1), AT)
  const emptyWrong = await signCheckpoint({ origin: ORIGIN, size: 0, root: log.builder.root(), extensions: [] }, logSigners, AT)
  const broken = concatBytes(await log.sign())
  broken[broken.length - 40] = broken[broken.length - 40] === 65 ? 66 : 65
  const cases: [string, WitnessAnswer, number, string][] = [
    ['old size over the checkpoint', await ask(state, log, 9), 400, 'ledger/old-size'],
    ['unknown log', await ask(state, log, 5, { checkpoint: foreign }), 404, 'ledger/log-unknown'],
    ['not signed by the log', await ask(state, log, 5, { checkpoint: unsigned }), 403, 'ledger/signature-missing'],
    ['signed by half of its keys', await ask(state, log, 5, { checkpoint: half }), 403, 'ledger/signature-missing'],
    ['a signature that fails', await ask(state, log, 5, { checkpoint: broken }), 403, 'ledger/signature-invalid'],
    ['old size behind', await ask(state, log, 4), 409, 'ledger/old-size'],
    ['old size ahead: the witness lost its state', await ask(undefined, log, 5), 409, 'ledger/rolled-back'],
    ['first asked about 0', await ask(state, log, 0), 409, 'ledger/old-size'],
    ['proof with old size 0', await ask(undefined, log, 0, { proof: good }), 422, 'ledger/consistency-wrong'],
    ['wrong proof', await ask(state, log, 5, { proof: good.toReversed() }), 422, 'ledger/consistency-wrong'],
    ['no proof', await ask(state, log, 5, { proof: [] }), 422, 'ledger/consistency-wrong'],
    ['other tree of the same size', await ask(state, fork, 5), 422, 'ledger/fork'],
    ['empty tree with a root', await ask(undefined, log, 0, { checkpoint: emptyWrong }), 422, 'ledger/root-wrong'],
  ]
  for (const [name, answer, status, code] of cases) {
    assert.equal(answer.status, status, name)
    assert.ok(answer.status !== 200 && answer.code === code, `${name}: ${answer.body}`)
  }
  const conflict = await ask(state, log, 4)
  assert.deepEqual([conflict.contentType, conflict.body], ['text/x.tlog.size', '5\n'])
})

test('what is not a request is answered 400', async () => {
  const log = new TestLog()
  await log.grow(2)
  const checkpoint = new TextDecoder().decode(await log.sign())
  const hash = `${'A'.repeat(43)}=\n`
  assert.deepEqual(parseAddCheckpoint(utf8(`old 1\n${hash}\n${checkpoint}`)).proof, [new Uint8Array(32)])
  const wrong = [
    '',
    'old 0\n',
    `old\n\n${checkpoint}`,
    `old 00\n\n${checkpoint}`,
    `old -1\n\n${checkpoint}`,
    `old  1\n\n${checkpoint}`,
    `Old 1\n\n${checkpoint}`,
  ]
  const more = [
    `old 1\n${hash.repeat(64)}\n${checkpoint}`,
    `old 1\nAAAA\n\n${checkpoint}`,
    `old 1\r\n\n${checkpoint}`,
    `old 0\n${checkpoint}`,
    'old 0\n\nx\n',
  ]
  for (const body of [...wrong, ...more]) {
    const answer = await addCheckpoint(crypto, witness, () => undefined, utf8(body), AT)
    assert.equal(answer.status, 400, JSON.stringify(body.slice(0, 40)))
  }
})

test('requests that overtake each other never roll the witness back', async () => {
  const log = new TestLog()
  await log.grow(1)
  const bodies: Uint8Array[] = [printAddCheckpoint({ oldSize: 0, proof: [], checkpoint: await log.sign() })]
  for (const count of [2, 5, 1]) {
    const before = log.builder.size
    await log.grow(count)
    bodies.push(
      printAddCheckpoint({
        oldSize: before,
        proof: await consistencyProof(crypto, log.reader, before, log.builder.size),
        checkpoint: await log.sign(),
      }),
    )
  }
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.shuffledSubarray([...bodies, ...bodies], { minLength: 2 }), async (scheduler, requests) => {
      let state: WitnessState | undefined
      const sizes: number[] = []
      const handle = async (body: Uint8Array): Promise<void> => {
        const submission = await scheduler.schedule(receiveCheckpoint(crypto, witness.keysOf, body))
        assert.ok('request' in submission)
        const advanced = advanceWitness(crypto, state, submission)
        if (advanced.status !== 200) return
        state = advanced.newState
        sizes.push(state.size)
      }
      const all = requests.map(handle)
      await scheduler.waitAll()
      await Promise.all(all)
      assert.deepEqual(
        sizes,
        sizes.toSorted((a, b) => a - b),
      )
    }),
    { numRuns: 100 },
  )
})
