import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Channel, peerOver } from '@entente/node'

/** A channel whose sent messages are written down, copied as a real one copies them, and come when they are let through. */
function written(): { readonly channel: Channel; readonly sent: unknown[]; come(message: unknown): void } {
  const sent: unknown[] = []
  const listeners: ((message: unknown) => void)[] = []
  return {
    sent,
    channel: {
      send(message, done) {
        sent.push(structuredClone(message))
        done(null)
        return true
      },
      on(event: 'message' | 'disconnect', listener: (message: unknown) => void) {
        if (event === 'message') listeners.push(listener)
      },
    },
    come(message) {
      for (const listener of listeners) listener(message)
    },
  }
}

interface Sums {
  double(body: number | (() => void)): number
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what one turn has to say goes in one message, in order; a single one goes as it is', async () => {
  const line = written()
  const { channel, sent } = line
  const peer = peerOver<Sums>(channel, {})
  const answers = [1, 2, 3].map((body) => peer.call('double', body))
  await turn()
  assert.deepEqual(sent, [
    [
      { ask: 1, op: 'double', body: 1 },
      { ask: 2, op: 'double', body: 2 },
      { ask: 3, op: 'double', body: 3 },
    ],
  ])
  line.come([
    { answer: 3, value: 6 },
    { answer: 1, value: 2 },
  ])
  line.come({ answer: 2, value: 4 })
  assert.deepEqual(await Promise.all(answers), [2, 4, 6])
  const alone = peer.call('double', 4)
  await turn()
  assert.deepEqual(sent.at(-1), { ask: 4, op: 'double', body: 4 })
  line.come({ answer: 4, value: 8 })
  assert.equal(await alone, 8)
})

test('answers of one turn go together as well', async () => {
  const line = written()
  const { channel, sent } = line
  peerOver(channel, { double: (body: never) => (body as number) * 2 })
  line.come([
    { ask: 1, op: 'double', body: 1 },
    { ask: 2, op: 'double', body: 2 },
    { ask: 3, op: 'none', body: 2 },
  ])
  await turn()
  assert.deepEqual(sent, [
    [
      { answer: 3, error: { code: 'node/internal', message: 'no operation `none`', values: {} } },
      { answer: 1, value: 2 },
      { answer: 2, value: 4 },
    ],
  ])
})

test('what cannot be carried is its caller’s error, and no other’s', async () => {
  const line = written()
  const { channel, sent } = line
  const peer = peerOver<Sums>(channel, { broken: () => () => {} })
  const good = peer.call('double', 1)
  const bad = peer.call('double', () => {})
  line.come({ ask: 9, op: 'broken', body: 0 })
  await assert.rejects(bad, { name: 'DataCloneError' })
  await turn()
  assert.deepEqual(sent[0], { ask: 1, op: 'double', body: 1 })
  assert.equal((sent[1] as { readonly answer: number }).answer, 9)
  assert.equal((sent[1] as { readonly error: { readonly code: string } }).error.code, 'node/internal')
  line.come({ answer: 1, value: 2 })
  assert.equal(await good, 2)
})
