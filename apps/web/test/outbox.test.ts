/** The outbox: what waits can be taken back until its time is over, what happens is told, what is over can be put away. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OUTBOX_SECONDS, Outbox, type Timers } from '../src/parts/outbox.ts'

/** Timers that go on when they are told to. */
class FakeClock implements Timers {
  #now = 0
  #next = 0
  readonly #waiting = new Map<number, { readonly at: number; readonly run: () => void }>()

  set(run: () => void, milliseconds: number): number {
    this.#waiting.set(++this.#next, { at: this.#now + milliseconds, run })
    return this.#next
  }

  clear(timer: unknown): void {
    this.#waiting.delete(timer as number)
  }

  pass(seconds: number): void {
    const until = this.#now + seconds * 1_000
    for (;;) {
      const due = [...this.#waiting].filter(([, { at }]) => at <= until).toSorted(([, a], [, b]) => a.at - b.at)[0]
      if (due === undefined) break
      this.#waiting.delete(due[0])
      this.#now = due[1].at
      due[1].run()
    }
    this.#now = until
  }

  get pending(): number {
    return this.#waiting.size
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function made() {
  const clock = new FakeClock()
  const outbox = new Outbox<string, number, string>(clock)
  const calls: string[] = []
  const act = (name: string) => async (): Promise<string> => {
    calls.push(name)
    return `${name} done`
  }
  return { clock, outbox, calls, act, step: (id: string) => outbox.all().find((one) => one.id === id)?.now }
}

describe('outbox', () => {
  test('nothing happens before its time is over; then it happens once', async () => {
    const { clock, outbox, calls, act, step } = made()
    outbox.put('a', 'first', act('a'))
    assert.deepEqual(step('a'), { step: 'waiting', left: OUTBOX_SECONDS })
    clock.pass(OUTBOX_SECONDS - 1)
    assert.deepEqual(calls, [])
    assert.deepEqual(step('a'), { step: 'waiting', left: 1 })
    clock.pass(1)
    assert.deepEqual(calls, ['a'])
    await settled()
    assert.deepEqual(step('a'), { step: 'done', outcome: 'a done' })
    clock.pass(60)
    assert.deepEqual(calls, ['a'])
  })

  test('what is taken back never happens, and leaves no timer', () => {
    const { clock, outbox, calls, act } = made()
    outbox.put('a', 'first', act('a'))
    clock.pass(OUTBOX_SECONDS - 1)
    assert.equal(outbox.takeBack('a'), true)
    assert.equal(clock.pending, 0)
    clock.pass(60)
    assert.deepEqual(calls, [])
    assert.deepEqual(outbox.all(), [])
  })

  test('what has begun cannot be taken back', async () => {
    const { outbox, calls, act, step } = made()
    outbox.put('a', 'first', act('a'))
    outbox.hurry('a')
    assert.equal(outbox.takeBack('a'), false)
    assert.deepEqual(calls, ['a'])
    await settled()
    assert.equal(outbox.takeBack('a'), false)
    assert.equal(step('a')?.step, 'done')
  })

  test('hurried it happens at once, and not again when the time is over', () => {
    const { clock, outbox, calls, act } = made()
    outbox.put('a', 'first', act('a'))
    outbox.hurry('a')
    outbox.hurry('a')
    assert.deepEqual(calls, ['a'])
    clock.pass(60)
    assert.deepEqual(calls, ['a'])
  })

  test('put again while it waits or happens, the first act stays', () => {
    const { clock, outbox, calls, act } = made()
    outbox.put('a', 'first', act('a'))
    clock.pass(4)
    outbox.put('a', 'second', act('b'))
    assert.deepEqual(outbox.all(), [{ id: 'a', subject: 'first', now: { step: 'waiting', left: OUTBOX_SECONDS - 4 } }])
    clock.pass(OUTBOX_SECONDS)
    outbox.put('a', 'third', act('c'))
    clock.pass(OUTBOX_SECONDS)
    assert.deepEqual(calls, ['a'])
  })

  test('a refusal is kept until it is put away, and can be tried again', async () => {
    const { outbox, act, step } = made()
    const refusal = new Error('refused')
    outbox.put('a', 'first', () => Promise.reject(refusal))
    outbox.putAway('a')
    assert.equal(step('a')?.step, 'waiting')
    outbox.hurry('a')
    await settled()
    assert.deepEqual(step('a'), { step: 'failed', error: refusal })
    outbox.put('a', 'again', act('a'))
    outbox.hurry('a')
    await settled()
    assert.equal(step('a')?.step, 'done')
    outbox.putAway('a')
    assert.deepEqual(outbox.all(), [])
  })

  test('progress is told to whoever watches, until they stop watching', () => {
    const { outbox, step } = made()
    const seen: unknown[] = []
    const stop = outbox.watch(() => seen.push(step('a')))
    let tell: (at: number) => void = () => {}
    outbox.put('a', 'first', (progress) => {
      tell = progress
      return new Promise(() => {})
    })
    outbox.hurry('a')
    tell(0.5)
    stop()
    tell(0.75)
    assert.deepEqual(seen, [{ step: 'waiting', left: OUTBOX_SECONDS }, { step: 'acting' }, { step: 'acting', progress: 0.5 }])
    assert.deepEqual(step('a'), { step: 'acting', progress: 0.75 })
  })

  test('each waits its own time', () => {
    const { clock, outbox, calls, act } = made()
    outbox.put('a', 'first', act('a'))
    clock.pass(4)
    outbox.put('b', 'second', act('b'))
    clock.pass(OUTBOX_SECONDS - 4)
    assert.deepEqual(calls, ['a'])
    clock.pass(4)
    assert.deepEqual(calls, ['a', 'b'])
  })
})
