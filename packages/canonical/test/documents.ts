import { fromBase64, fromBase64Url, fromHex, fromUtf8, readCanonical, readJson } from '@entente/canonical'
import type { HostileReader } from './hostile-documents.ts'

export const description = 'Strict JSON, canonical JSON, and the encodings: what is read and what is refused.'

const encoded = (read: (text: string) => unknown) => (bytes: Uint8Array) => read(fromUtf8(bytes))

export const readers: readonly HostileReader[] = [
  {
    parser: 'readJson',
    read: (bytes) => readJson(bytes),
    good: ['{"a":1,"b":["é"]}', ' [ 1 , "a" ] ', '"\\u00e9\\n"', '-9007199254740991'],
  },
  {
    parser: 'readCanonical',
    read: (bytes) => readCanonical(bytes),
    good: ['{"a":1,"b":["é"]}', '[1,"a"]', '"é"', '0'],
    bad: [
      ['members in another order', '{"b":1,"a":2}'],
      ['an escape that is not needed', '"\\u0061"'],
      ['minus zero', '-0'],
      ['an exponent', '1e2'],
    ],
  },
  {
    parser: 'fromHex',
    read: encoded(fromHex),
    good: ['00ff', ''],
    bad: [
      ['capitals', 'AB'],
      ['an odd digit', 'a'],
      ['no digit', 'zz'],
    ],
  },
  {
    parser: 'fromBase64',
    read: encoded(fromBase64),
    good: ['AA==', 'AAAA', ''],
    bad: [
      ['no padding', 'AA'],
      ['loose bits', 'AB=='],
      ['a space', 'A A='],
      ['the other alphabet', '-_-_'],
    ],
  },
  {
    parser: 'fromBase64Url',
    read: encoded(fromBase64Url),
    good: ['AA', 'AAAA', '-_-_'],
    bad: [
      ['padding', 'AA=='],
      ['loose bits', 'AB'],
      ['the other alphabet', 'A+'],
      ['one character', 'A'],
    ],
  },
]
