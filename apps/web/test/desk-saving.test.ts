/** A draft saves itself: one request at a time, and it never says that something is saved which is not. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Hindrance, PAUSE_MILLISECONDS, type SaveState, type Saver, makeSaver } from '../src/screens/desk/saving.ts'

/** A saver with a clock, a node and an author that the test moves. */
class Desk {
  hindrance: Hindrance | undefined
  readonly told: SaveState[] = []
  readonly saver: Saver
  sends = 0
  #answer: { readonly took: () => void; readonly refused: (error: unknown) => void } | undefined
  #timer: { readonly milliseconds: number; readonly run: () => void } | undefined

  constructor() {
    this.saver = makeSaver({
      hindrance: () => this.hindrance,
      send: async () => {
        this.sends++
        return new Promise((took, refused) => {
          this.#answer = { took, refused }
        })
      },
      isPassing: (error) => error === 'away',
      now: () => 42,
      after: (milliseconds, run) => {
        this.#timer = { milliseconds, run }
        return () => {
          this.#timer = undefined
        }
      },
      told: (state) => void this.told.push(state),
    })
  }

  /** Milliseconds until it does something by itself; undefined when it waits for somebody. */
  get waits(): number | undefined {
    return this.#timer?.milliseconds
  }

  /** The time comes. */
  async pass(): Promise<void> {
    const timer = this.#timer
    assert.ok(timer !== undefined, 'nothing waits')
    this.#timer = undefined
    timer.run()
    await settled()
  }

  /** The node answers. */
  async answer(error?: unknown): Promise<void> {
    const answer = this.#answer
    assert.ok(answer !== undefined, 'nothing was asked')
    this.#answer = undefined
    if (error === undefined) answer.took()
    else answer.refused(error)
    await settled()
  }

  get state(): string {
    return this.saver.state.state
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('saving', () => {
  test('after a pause, once, with the time at which the node had it', async () => {
    const desk = new Desk()
    desk.saver.changed()
    desk.saver.changed()
    assert.equal(desk.waits, PAUSE_MILLISECONDS)
    assert.equal(desk.sends, 0)
    await desk.pass()
    assert.equal(desk.sends, 1)
    assert.equal(desk.state, 'saving')
    assert.equal(desk.saver.unsaved, true)
    await desk.answer()
    assert.deepEqual(desk.saver.state, { state: 'saved', at: 42 })
    assert.equal(desk.saver.unsaved, false)
    assert.equal(desk.waits, undefined)
  })

  test('what is typed while it saves is not saved yet, and is sent next', async () => {
    const desk = new Desk()
    desk.saver.changed()
    await desk.pass()
    desk.saver.changed()
    await desk.answer()
    assert.equal(desk.state, 'waiting')
    assert.equal(desk.saver.unsaved, true)
    await desk.pass()
    await desk.answer()
    assert.equal(desk.sends, 2)
    assert.equal(desk.saver.unsaved, false)
  })

  test('two who ask to save at once cause one request; both hear how it ended', async () => {
    const desk = new Desk()
    desk.saver.changed()
    const both = Promise.all([desk.saver.save(), desk.saver.save()])
    await settled()
    assert.equal(desk.sends, 1)
    await desk.answer()
    assert.deepEqual(await both, [true, true])
    assert.equal(desk.sends, 1)
  })

  test('where something is missing it says what, and sends nothing', async () => {
    const desk = new Desk()
    desk.hindrance = 'unmarked'
    desk.saver.changed()
    assert.deepEqual(desk.saver.state, { state: 'waiting', hindrance: 'unmarked' })
    assert.equal(await desk.saver.save(), false)
    assert.equal(desk.sends, 0)
    desk.hindrance = undefined
    desk.saver.changed()
    await desk.pass()
    assert.equal(desk.sends, 1)
  })

  test('a node that is away is asked again, later and later; nothing is lost', async () => {
    const desk = new Desk()
    desk.saver.changed()
    await desk.pass()
    const waits: number[] = []
    for (let tries = 0; tries < 7; tries++) {
      await desk.answer('away')
      assert.deepEqual(desk.saver.state, { state: 'failed', error: 'away', again: true })
      waits.push(desk.waits ?? 0)
      await desk.pass()
    }
    assert.deepEqual(
      waits,
      waits.toSorted((a, b) => a - b),
    )
    assert.equal(waits.at(-1), 30_000)
    await desk.answer()
    assert.equal(desk.state, 'saved')
    assert.equal(desk.saver.unsaved, false)
  })

  test('what the node refuses waits for a change; its author may also ask again', async () => {
    const desk = new Desk()
    desk.saver.changed()
    await desk.pass()
    await desk.answer('refused')
    assert.deepEqual(desk.saver.state, { state: 'failed', error: 'refused', again: false })
    assert.equal(desk.waits, undefined)
    const again = desk.saver.save()
    await settled()
    await desk.answer()
    assert.equal(await again, true)
  })

  test('a page that was left sends and tells nothing more; one that comes back goes on', async () => {
    const desk = new Desk()
    desk.saver.changed()
    desk.saver.stop()
    assert.equal(desk.waits, undefined)
    const told = desk.told.length
    assert.equal(await desk.saver.save(), false)
    assert.equal(desk.sends, 0)
    assert.equal(desk.told.length, told)
    desk.saver.resume()
    await desk.pass()
    await desk.answer()
    assert.equal(desk.saver.unsaved, false)
  })
})
