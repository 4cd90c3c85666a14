import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codesWithWords, hint, message, placeholders, reasonSentence } from '@entente/words'

test('a sentence takes its values, and a part without its value is left out', () => {
  assert.equal(message('en', 'canonical/not-json', { at: 7 }), 'the text is not valid JSON at character 7')
  assert.equal(message('en', 'canonical/not-json'), 'the text is not valid JSON')
  assert.equal(message('ja', 'canonical/not-json', { at: 7 }), '正しい JSON ではありません（7 文字目）')
  assert.equal(message('en', 'canonical/shape', { what: 'envelope', where: '' }), 'the envelope does not have the required form')
})

test('a needed value that is missing is an ellipsis, never an error', () => {
  assert.equal(message('en', 'canonical/shape'), 'the … does not have the required form')
})

test('a code without words gives a sentence that keeps the code', () => {
  assert.equal(message('en', 'nowhere/nothing'), 'there are no words for this code: nowhere/nothing')
  assert.equal(message('ja', 'nowhere/nothing'), '説明のない符号です: nowhere/nothing')
  assert.equal(hint('en', 'nowhere/nothing'), null)
})

test('names that every object inherits are no codes', () => {
  assert.equal(message('en', 'constructor'), 'there are no words for this code: constructor')
  assert.equal(hint('ja', '__proto__'), null)
})

test('a reason cites its rule and its article', () => {
  const reason = {
    code: 'decision/above-ceiling',
    rule: 'g-1',
    article: '4.2',
    values: { classification: 'TOP SECRET', ceiling: 'SECRET' },
  }
  assert.equal(reasonSentence('en', reason), 'the classification TOP SECRET is above the ceiling SECRET of the rule g-1 (article 4.2)')
  assert.equal(reasonSentence('ja', reason), '秘密区分 TOP SECRET が、規定 g-1 の上限 SECRET を超えています（第 4.2 条）')
})

test('times are written in UTC, lists as the language writes them', () => {
  assert.equal(message('en', 'decision/expired', { until: 1_800_000_000 }), 'the release ended at 2027-01-15 08:00 UTC')
  assert.equal(
    message('ja', 'decision/person-rule', { code: 'X', nations: 'AAA,BBB' }),
    '標示「X」により、AAA、BBB の国民だけが閲覧できます',
  )
})

test('every code has both languages, with the same values, no full stop, no leftover mark', () => {
  for (const code of codesWithWords()) {
    const { en, ja } = placeholders(code)
    assert.equal(en, ja, code)
    const values = Object.fromEntries(en.split(' ').map((name) => [name, '1']))
    for (const lang of ['en', 'ja'] as const) {
      for (const sentence of [message(lang, code, values), message(lang, code), hint(lang, code, values) ?? 'x']) {
        assert.doesNotMatch(sentence, /[[\]{}]|[.。]$| {2}|\s$/u, `${code} ${lang}: ${sentence}`)
        assert.notEqual(sentence, '', `${code} ${lang}`)
      }
    }
    assert.match(message('ja', code, values), /[\u3040-\u30ff\u4e00-\u9fff]/u, code)
  }
})
