import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  CanonicalError,
  type Json,
  canonicalBytes,
  canonicalText,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  readCanonical,
  readJson,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
} from '@entente/canonical'

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 }),
  ) as fc.Arbitrary<Json>,
})).value

test('what is written is read back the same, and there is one spelling', () => {
  fc.assert(
    fc.property(json, (value) => {
      const bytes = canonicalBytes(value)
      assert.deepEqual(JSON.parse(fromUtf8(bytes)), JSON.parse(JSON.stringify(value)))
      assert.deepEqual(canonicalBytes(readCanonical(bytes)), bytes)
    }),
    { numRuns: 500 },
  )
})

test('RFC 8785 section 3.2.3: members are sorted by UTF-16 code unit', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  const names = [...canonicalText(value).matchAll(/"(?<name>(?:[^"\\]|\\.)*)":/gu)].map(
    (match) => JSON.parse(`"${match.groups?.['name'] ?? ''}"`) as string,
  )
  assert.deepEqual(names, ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'])
})

const refused: readonly (readonly [string, string, CanonicalError['code']])[] = [
  ['nothing', '', 'canonical/not-json'],
  ['a fraction', '{"a":1.5}', 'canonical/number-not-integer'],
  ['an exponent', '{"a":1e2}', 'canonical/number-not-integer'],
  ['a number too large to be exact', '9007199254740993', 'canonical/number-not-integer'],
  ['minus zero', '-0', 'canonical/number-not-integer'],
  ['a leading zero', '01', 'canonical/not-json'],
  ['null', '{"a":null}', 'canonical/null'],
  ['a member twice', '{"a":1,"a":2}', 'canonical/duplicate-member'],
  ['a member twice, once escaped', '{"a":1,"\\u0061":2}', 'canonical/duplicate-member'],
  ['half a surrogate pair', '"\\ud800"', 'canonical/lone-surrogate'],
  ['a trailing comma', '[1,]', 'canonical/not-json'],
  ['something behind', '{} x', 'canonical/not-json'],
  ['a bare word', 'nul', 'canonical/null'],
  ['a control character in a string', '"\u0001"', 'canonical/not-json'],
  ['a comment', '/* */1', 'canonical/not-json'],
  ['too deep', `${'['.repeat(40)}${']'.repeat(40)}`, 'canonical/too-deep'],
]

for (const [name, text, code] of refused) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => readJson(utf8(text)),
      (error: unknown) => error instanceof CanonicalError && error.code === code,
    )
  })
}

test('reads what I-JSON allows', () => {
  for (const text of [
    '0',
    '-1',
    '"x"',
    'true',
    'false',
    '[]',
    '{}',
    ' [ 1 , "a" ] ',
    '"\\u00e9\\n"',
    '{"__proto__":1}',
    '9007199254740991',
    '-9007199254740991',
    '"😀"',
    '[[[]]]',
    '{"a":{"b":[{}]}}',
    '""',
  ]) {
    assert.deepEqual(readJson(utf8(text)), JSON.parse(text))
  }
})

test('a second spelling of the same value is not canonical', () => {
  for (const text of [' {}', '{"b":1,"a":2}', '"\\u0061"', '[1, 2]']) {
    assert.throws(
      () => readCanonical(utf8(text)),
      (error: unknown) => error instanceof CanonicalError && error.code === 'canonical/not-canonical',
    )
  }
})

test('whatever the bytes, only a CanonicalError comes out', () => {
  const near = fc.tuple(json, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
    const bytes = canonicalBytes(value)
    if (bytes.length > 0) bytes[at % bytes.length] = byte
    return bytes
  })
  fc.assert(
    fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 64 })), (bytes) => {
      try {
        readJson(bytes)
      } catch (error) {
        assert.ok(error instanceof CanonicalError)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('too many bytes are refused before they are read', () => {
  assert.throws(
    () => readJson(utf8('"xxxxxxxx"'), 5),
    (error: unknown) => error instanceof CanonicalError && error.code === 'canonical/too-large',
  )
})

test('encodings read back what they write, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      assert.deepEqual([...fromHex(toHex(bytes))], [...bytes])
      assert.deepEqual([...fromBase64(toBase64(bytes))], [...bytes])
      assert.deepEqual([...fromBase64Url(toBase64Url(bytes))], [...bytes])
    }),
  )
  const wrong: [(text: string) => unknown, string][] = [
    [fromHex, 'AB'],
    [fromHex, 'a'],
    [fromBase64, 'AA'],
    [fromBase64, 'AB=='],
    [fromBase64, 'A A='],
    [fromBase64Url, 'AA=='],
    [fromBase64Url, 'A+'],
    [fromBase64Url, 'AB'],
  ]
  for (const [read, text] of wrong) {
    assert.throws(
      () => read(text),
      (error: unknown) => error instanceof CanonicalError && error.code === 'canonical/encoding',
      text,
    )
  }
})

test('base64: a text is read if and only if it is what would be written for its bytes, short or long', () => {
  const characters = fc.constantFrom(...Array.from('AQgwBEhz09+/-_= \n\u00e9'))
  const texts = fc.oneof(
    fc.string({ unit: characters, maxLength: 10 }),
    fc.uint8Array({ maxLength: 100 }).map(toBase64),
    fc.uint8Array({ maxLength: 100 }).map(toBase64Url),
    fc.tuple(fc.uint8Array({ maxLength: 100 }).map(toBase64), characters).map(([text, last]) => `${text.slice(0, -1)}${last}`),
  )
  const readBack = (read: (text: string) => Uint8Array, write: (bytes: Uint8Array) => string, text: string): string => {
    try {
      return write(read(text))
    } catch (error) {
      assert.ok(error instanceof CanonicalError && error.code === 'canonical/encoding')
      return 'refused'
    }
  }
  fc.assert(
    fc.property(texts, (text) => {
      const standard = Buffer.from(text, 'base64').toString('base64') === text
      const url = Buffer.from(text, 'base64url').toString('base64url') === text
      assert.equal(readBack(fromBase64, toBase64, text), standard ? text : 'refused')
      assert.equal(readBack(fromBase64Url, toBase64Url, text), url ? text : 'refused')
    }),
    { numRuns: 5_000 },
  )
})
