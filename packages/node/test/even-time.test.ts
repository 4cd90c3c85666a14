import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUCKET_MILLISECONDS, NodeError, type Timer, createHttp } from '@entente/node'
import { peopleDoor, twoNations } from '@entente/testkit'

/** A clock that moves only when somebody waits or works. */
class HeldTimer implements Timer {
  #now = 12_345.25
  readonly pauses: number[] = []
  now(): number {
    return this.#now
  }
  work(milliseconds: number): void {
    this.#now += milliseconds
  }
  async pause(milliseconds: number): Promise<void> {
    this.pauses.push(milliseconds)
    this.#now += milliseconds
  }
}

test('P7: an absent or refused answer leaves at a whole multiple of the bucket, whatever work was behind it', async () => {
  const timer = new HeldTimer()
  const app = createHttp({
    info: { title: 'test', version: '0' },
    authenticate: async () => ({ person: 'EXERCISE', roles: [], client: 'test', thumbprint: 'test' }),
    bodyLimitBytes: 1_024,
    statuses: { 'node/absent': 404, 'node/refused': 403 },
    wording: (code) => ({ en: code }),
    onEvent: ({ error }) => assert.fail(String(error)),
    timer,
  })
  app.get('/absent/:work', async (request) => {
    timer.work(Number((request.params as { work: string }).work))
    throw new NodeError('node/absent', 'nothing is here')
  })
  app.get('/refused/:work', async (request) => {
    timer.work(Number((request.params as { work: string }).work))
    throw new NodeError('node/refused', 'refused')
  })
  app.get('/given/:work', async (request) => {
    timer.work(Number((request.params as { work: string }).work))
    return {}
  })
  const taken = async (path: string): Promise<readonly [status: number, milliseconds: number]> => {
    const before = timer.now()
    const { statusCode } = await app.inject({ method: 'GET', url: path })
    return [statusCode, timer.now() - before]
  }
  for (const [work, expected] of [
    [0, 100],
    [0.75, 100],
    [63.5, 100],
    [99, 100],
    [100, 200],
    [431, 500],
  ] as const) {
    assert.deepEqual(await taken(`/absent/${work}`), [404, expected], `absent after ${work}`)
    assert.deepEqual(await taken(`/refused/${work}`), [403, expected], `refused after ${work}`)
  }
  assert.deepEqual(await taken('/given/63.5'), [200, 63.5], 'what is given waits for nothing')
  assert.equal(BUCKET_MILLISECONDS, 100)
  await app.close()
})

test('P7: what is there for others and what is nowhere take the same time of the same bytes on every way to an item', async () => {
  await using world = await twoNations({ seed: 'even-time' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const { request } = await reader.prepare(item)
  const timer = new HeldTimer()
  const door = await peopleDoor(world.recipient, (code) => ({ en: code, ja: code }), undefined, timer)
  const person = world.data.story.cast.secondReader
  const nowhere = '00000000-0000-4000-8000-000000000000'
  const ask = async (method: 'GET' | 'POST', url: string, payload?: object): Promise<unknown> => {
    const before = timer.now()
    const { statusCode, headers, body } = await door.inject({
      method,
      url,
      headers: { 'x-person': person },
      ...(payload === undefined ? {} : { payload }),
    })
    const { date: _, ...rest } = headers
    return { statusCode, headers: rest, body, milliseconds: timer.now() - before }
  }
  const refused = [
    await ask('GET', `/api/items/${item}?purpose=${reader.purpose}`),
    await ask('GET', `/api/items/${item}/container`),
    await ask('POST', '/api/openings', { request }),
  ]
  await world.recipient.parts.db.deleteFrom('items').where('item', '=', item).execute()
  const absent = [
    await ask('GET', `/api/items/${nowhere}?purpose=${reader.purpose}`),
    await ask('GET', `/api/items/${nowhere}/container`),
    await ask('POST', '/api/openings', { request }),
  ]
  assert.deepEqual(refused, absent)
  assert.equal(timer.pauses.length, refused.length + absent.length)
  assert.equal((absent[0] as { milliseconds: number }).milliseconds, BUCKET_MILLISECONDS)
  await door.close()
})
