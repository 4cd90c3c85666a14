import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { message } from '@entente/words'
import { findTitles, folded } from '#src/store/card-index.ts'
import { readSearch } from '#src/use-cases/search-query.ts'
import { ListingWorld } from './listing-world.ts'

/** What a query is refused for, or `read`. */
function refusal(query: string): unknown {
  try {
    readSearch(query)
    return 'read'
  } catch (error) {
    const { code, values } = error as { readonly code: string; readonly values: Readonly<Record<string, string>> }
    assert.equal(code, 'node/bad-search')
    assert.ok(message('en', 'node/bad-search', values).includes(values['term'] ?? ''))
    assert.ok(message('ja', 'node/bad-search', values).includes('検索'))
    return values['term']
  }
}

test('words, phrases and chips are read; what is not read is named', () => {
  assert.deepEqual(readSearch('  Ｍａｒｉｔｉｍｅ　"Two  Words" ｶﾞ origin:JPN since:2026-11-01 level:"Top Secret" '), {
    terms: ['maritime', 'two words', 'ガ'],
    chips: [
      { name: 'origin', value: 'jpn' },
      { name: 'level', value: 'top secret' },
    ],
    since: 1_793_491_200,
  })
  assert.deepEqual(readSearch(''), { terms: [], chips: [], since: 0 })
  assert.deepEqual(readSearch('a a "a"').terms, ['a'])
  assert.equal(refusal('good "open'), '"open')
  assert.equal(refusal('a"b"'), 'a"b"')
  assert.equal(refusal('x ""'), '""')
  assert.equal(refusal('about:sea'), 'about:sea')
  assert.equal(refusal('"about:sea" 3:1'), 'read')
  assert.equal(refusal('since:2026-02-30'), 'since:2026-02-30')
  assert.equal(refusal('since:yesterday'), 'since:yesterday')
  assert.equal(refusal('origin:'), 'origin:')
  assert.equal(refusal('1 2 3 4 5 6 7 8 9'), '9')
  assert.equal(refusal('a\u0000b'), 'a\u0000b')
  assert.equal(refusal('a'.repeat(300)), 'a'.repeat(40))
})

test('titles are found by words and parts of words in both languages, however they are typed', async () => {
  await using world = await ListingWorld.make()
  await world.enter([
    { title: { en: 'EXERCISE Maritime patrol', ja: '訓練　海上警戒監視' }, ago: 3 },
    { title: { en: 'EXERCISE strait transit' }, marking: 'PROTECTED//AUSTEO', ago: 2 },
    { title: { ja: '訓練 レーダー ﾚｰﾀﾞｰ 100%_OR_"NOT"' }, area: 'maritime-shipping', ago: 1 },
  ])
  const [patrol, strait, radar] = ['EXERCISE Maritime patrol', 'EXERCISE strait transit', '訓練 レーダー ﾚｰﾀﾞｰ 100%_OR_"NOT"']
  const expected: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    ['maritime patrol', [patrol]],
    ['MARI', [radar, strait, patrol]],
    ['"maritime patrol"', [patrol]],
    ['ritime pat', [patrol]],
    ['ns', [strait]],
    ['pa', [patrol]],
    ['海上', [patrol]],
    ['警戒監', [patrol]],
    ['監', [patrol]],
    ['視', [patrol]],
    ['訓練', [radar, patrol]],
    ['ﾚｰﾀﾞｰ', [radar]],
    ['ＰＡＴＲＯＬ', [patrol]],
    ['zzz', []],
    ['zz', []],
    ['z', []],
    ['%', [radar]],
    ['_OR_', [radar]],
    ['or', [radar]],
    ['*', []],
    ['NEAR(a', []],
    ['title', []],
    ['- ^ { }', []],
    ['maritime-shipping', [radar]],
    ['area:maritime-shipping', [radar]],
    ['area:maritime', [radar, strait, patrol]],
    ['area:mari', []],
    ['origin:aus ns', [strait]],
    ['origin:jpn', []],
    ['level:protected', [strait]],
    ['level:secret austeo', [radar, patrol]],
    ['australia secret', [radar, patrol]],
    ['since:2100-01-01', []],
    ['since:2020-01-01 strait', [strait]],
  ]
  for (const [q, titles] of expected) {
    assert.deepEqual(await world.titles(q), titles, q)
    assert.equal((await world.list({ q, limit: 1 })).count, titles.length, q)
  }
  const rows = new Uint8Array(9)
  await findTitles(world.world.nation.db, ['zz" or "exercise', '"no'], rows)
  assert.ok(rows.includes(2) && !rows.includes(1), 'a quotation mark ends no string of the query language')
  const { searched } = await world.list({ q: 'x' })
  assert.deepEqual(searched, { fields: ['title', 'area', 'originator', 'marking'], notSearched: ['text', 'files'] })
  assert.equal((await world.list()).searched, undefined)
})

test('a search finds what the folded titles hold, for any characters', async () => {
  await using world = await ListingWorld.make()
  const character = fc.constantFrom(
    ...Array.from('ab"*^:(){}-+\'%_\\.,'),
    ' ',
    'が',
    'カ',
    '゛',
    '海',
    '上',
    'ﾊ',
    'ﾟ',
    'Ａ',
    '𠮷',
    '👍',
    'ß',
    'İ',
    'é',
    '②',
  )
  const text = fc.array(character, { minLength: 1, maxLength: 7 }).map((characters) => characters.join(''))
  const titles = fc.sample(
    text.filter((one) => folded(one) !== ''),
    { numRuns: 60, seed: 7 },
  )
  // What all of them have in common, such as their marking, finds this one too.
  const plain = '#'
  await world.enter([...titles, plain].map((en, ago) => ({ title: { en }, ago })))
  let found = 0
  for (const wanted of fc.sample(text, { numRuns: 250, seed: 8 })) {
    const term = folded(wanted).replaceAll('"', '')
    if (term.trim() === '') continue
    const expected = titles.filter((title) => folded(title).includes(term.trim()))
    const answer = await world.titles(`"${term}"`)
    if (answer.includes(plain)) continue
    assert.deepEqual(answer, expected, JSON.stringify(term))
    found += expected.length
  }
  assert.ok(found > 100, String(found))
})
