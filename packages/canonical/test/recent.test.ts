import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Recent, foundOnce } from '@entente/canonical'

test('what is used stays, what is not goes, and there are never more than twice the limit', () => {
  const recent = new Recent<number>(4)
  const texts = Array.from({ length: 100 }, (_, at) => `text ${at}`)
  for (const [at, text] of texts.entries()) {
    recent.set(text, at)
    assert.equal(recent.get('text 0'), 0)
  }
  // Looking moves what is found to the young ones: from the end, so that what is looked at first was set last.
  assert.ok(texts.toReversed().filter((text) => recent.get(text) !== undefined).length <= 8)
  assert.equal(recent.get('text 50'), undefined)
  recent.set('text 0', 1)
  assert.equal(recent.get('text 0'), 1)
  recent.delete('text 0')
  assert.equal(recent.get('text 0'), undefined)
})

test('a search is made once for all who ask meanwhile, and a failure is not kept', async () => {
  const recent = new Recent<Promise<string>>(4)
  let searches = 0
  const find = async (): Promise<string> => {
    await Promise.resolve()
    if (++searches === 1) throw new Error('not this time')
    return 'found'
  }
  const ask = (): Promise<string> => foundOnce(recent, 'text', find)
  assert.deepEqual(
    (await Promise.allSettled([ask(), ask()])).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  assert.equal(searches, 1)
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), ['found', 'found', 'found'])
  assert.equal(await ask(), 'found')
  assert.equal(searches, 2)
  assert.equal(await foundOnce(recent, 'another text', find), 'found')
  assert.equal(searches, 3)
})
