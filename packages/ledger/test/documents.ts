import { canonicalText, fromUtf8, readJson } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  type TileReader,
  decodeBundle,
  makeEntry,
  parseNote,
  parseVkey,
  readBundle,
  readLeaf,
  readOpening,
  readTile,
} from '@entente/ledger'
import type { HostileReader } from '../../canonical/test/hostile-documents.ts'
import { AT } from './world.ts'

export const description = 'EXERCISE. Parts of a log that the other files of this folder hold only inside something larger.'

const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const LINE = '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM='
const NOTE = `This is an example message.\n\n${LINE}\n`
const { leaf, opening } = makeEntry(crypto, { realm: 'exercise', at: AT, fields: { act: 'open', item: 'EXERCISE' } })
const bundle = '\u0000\u0003abc\u0000\u0000'

/** A log of one file, whatever it is asked for. */
const fileOf =
  (bytes: Uint8Array): TileReader =>
  async () =>
    bytes

export const readers: readonly HostileReader[] = [
  {
    parser: 'parseNote',
    read: parseNote,
    good: [NOTE, NOTE.replace('message.', 'message.\n\nWith a second part.')],
    bad: [
      ['a hyphen for the dash', NOTE.replace('\u2014', '-')],
      ['no blank line', NOTE.replace('\n\n', '\n')],
      ['a carriage return', NOTE.replace('\n\n', '\r\n\n')],
      ['no signature', 'This is an example message.\n\n'],
    ],
  },
  {
    parser: 'parseVkey',
    read: (bytes) => parseVkey(crypto, fromUtf8(bytes)),
    good: [VKEY],
    bad: [
      ['another id', VKEY.replace('530d903a', '530d903b')],
      ['another name', VKEY.replace('foo', 'fop')],
      ['an unknown type of key', 'example.com/foo+530d903a+CekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ],
  },
  {
    parser: 'decodeBundle',
    read: (bytes) => decodeBundle(bytes),
    good: [bundle],
    bad: [
      ['a length and nothing', '\u0000\u0003'],
      ['half a length', '\u0000'],
      ['an entry that ends early', '\u0000\u0003ab'],
    ],
  },
  { parser: 'readTile', read: (bytes) => readTile(fileOf(bytes), 0, 0, 2), good: ['EXERCISE'.repeat(8)] },
  {
    parser: 'readBundle',
    read: (bytes) => readBundle(fileOf(bytes), 0, 2),
    good: [bundle],
    bad: [['one entry more', `${bundle}\u0000\u0000`]],
  },
  { parser: 'readLeaf', read: readLeaf, good: [fromUtf8(leaf)] },
  { parser: 'readOpening', read: (bytes) => readOpening(readJson(bytes)), good: [canonicalText(opening as never)] },
]
