import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Crypto, fromUtf8, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  type CheckpointExpectation,
  LedgerError,
  type Note,
  isKeyName,
  parseAddCheckpoint,
  parseDisclosure,
  parseLogProof,
  parseNote,
  parsePolicy,
  parseVkey,
  printCheckpoint,
  printNote,
  printVkey,
  readCheckpoint,
  signText,
  verifyCheckpoint,
  verifyNote,
} from '@entente/ledger'
import { TestLog, codeOf, logSigners, policyText, signerOf, witnessSigners } from './world.ts'

const KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const LINE = '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM='
const NOTE = `This is an example message.\n\n${LINE}\n`

test('the example of signed-note verifies, and one changed letter of it does not', async () => {
  const key = parseVkey(crypto, KEY)
  assert.equal(printVkey(key), KEY)
  assert.equal((await verifyNote(crypto, parseNote(utf8(NOTE)), [key])).length, 1)
  assert.equal(
    await codeOf(async () => await verifyNote(crypto, parseNote(utf8(NOTE.replace('This', 'this'))), [key])),
    'ledger/signature-invalid',
  )
})

test('the text goes up to the last blank line', () => {
  const note = parseNote(utf8(`first\n\nsecond\n\n\n${LINE}\n`))
  assert.equal(note.text, 'first\n\nsecond\n\n')
  assert.equal(fromUtf8(printNote(note)), `first\n\nsecond\n\n\n${LINE}\n`)
})

test('what is not a note is refused', () => {
  const wrong = [
    '',
    'text\n',
    'text\n\n',
    `text\n${LINE}\n`,
    `text\n\n${LINE}`,
    `text\n\n${LINE}\n\n`,
    `text\n\n${LINE}\nx\n`,
    `text\r\n\n${LINE}\n`,
    `te\0xt\n\n${LINE}\n`,
    `te\txt\n\n${LINE}\n`,
    `text\n\n${LINE.replace('\u2014', '-')}\n`,
    `text\n\n${LINE.replace('\u2014', '\u2013')}\n`,
    `text\n\n${LINE.replace(' example', '  example')}\n`,
    `text\n\n${LINE.replace('.com', '+com')}\n`,
    `text\n\n${LINE.replace('.com', '\u00a0com')}\n`,
    `text\n\n${LINE.replace('.com', '\u0085com')}\n`,
    `text\n\n${LINE.replace('=', '')}\n`,
    `text\n\n${LINE} \n`,
    'text\n\n\u2014 name AAAAAA==\n',
    `text\n\n${`${LINE}\n`.repeat(129)}`,
  ]
  for (const text of wrong) assert.throws(() => parseNote(utf8(text)), { code: 'ledger/note-malformed' }, JSON.stringify(text))
  assert.throws(() => parseNote(new Uint8Array([0xff, 0x0a, 0x0a])), { code: 'ledger/note-malformed' })
  assert.throws(() => parseNote(new Uint8Array(1_000_001)), { code: 'ledger/note-too-large' })
})

test('seventeen signatures are read; those of unknown keys are ignored, also under a known name or id', async () => {
  const known = await signerOf('known.example', 'ed25519', 7)
  const text = 'text\n'
  const others = await Promise.all(
    Array.from({ length: 14 }, async (_, at) => await signText(await signerOf(`other-${at}.example`, 'ed25519', 20 + at), text, 1)),
  )
  const good = await signText(known, text, 1)
  const sameName = { ...good, keyId: '00000000', signature: new Uint8Array(64) }
  const sameId = { ...good, name: 'elsewhere.example', signature: new Uint8Array(64) }
  const note: Note = parseNote(printNote({ text, signatures: [...others, sameName, sameId, good] }))
  assert.equal(note.signatures.length, 17)
  assert.equal((await verifyNote(crypto, note, [known.key])).length, 1)
  assert.equal(
    await codeOf(async () => await verifyNote(crypto, { text, signatures: [sameName, sameId] }, [known.key])),
    'ledger/signature-missing',
  )
})

test('a failing signature of a known key spoils the note, whatever else holds', async () => {
  const [a, b] = [await signerOf('a.example', 'ed25519', 8), await signerOf('b.example', 'ed25519', 9)]
  const good = await signText(a, 'text\n', 1)
  const bad = { ...(await signText(b, 'other\n', 1)) }
  assert.equal(
    await codeOf(async () => await verifyNote(crypto, { text: 'text\n', signatures: [good, bad] }, [a.key, b.key])),
    'ledger/signature-invalid',
  )
  const [, mldsa] = logSigners
  assert.equal(await codeOf(async () => await signText(mldsa!, 'no checkpoint\n', 1)), 'ledger/checkpoint-malformed')
})

test('a vkey whose id, length, name or type is not right is refused', () => {
  for (const { key } of [...logSigners, ...witnessSigners]) assert.deepEqual(parseVkey(crypto, printVkey(key)), key)
  const wrong = [
    KEY.replace('530d903a', '530d903b'),
    KEY.replace('foo', 'fox'),
    KEY.slice(0, -4),
    KEY.replace('+530', ' +530'),
    `+${KEY}`,
    `${KEY}=`,
    KEY.toUpperCase(),
    '',
  ]
  for (const vkey of wrong) assert.throws(() => parseVkey(crypto, vkey), { code: 'ledger/key-malformed' }, vkey)
  assert.throws(() => parseVkey(crypto, KEY.replace('+Aek', '+Auk')), { code: 'ledger/key-type' })
})

test('a checkpoint is three lines or more, each as it must be', () => {
  const root = `${'A'.repeat(43)}=`
  const good = printCheckpoint({ origin: 'a b', size: 0, root: new Uint8Array(32), extensions: ['more'] })
  assert.equal(good, `a b\n0\n${root}\nmore\n`)
  const wrong = [
    `o\n00\n${root}\n`,
    `o\n-1\n${root}\n`,
    `o\n1e3\n${root}\n`,
    `o\n9007199254740992\n${root}\n`,
    `o\n1\n${root}`,
    `o\n1\n\n`,
    `\n1\n${root}\n`,
  ]
  const more = [
    `o\n1\nAAAA\n`,
    `o\n1\n${root}\n\n`,
    `o\n1\n${root.slice(0, -1)}\n`,
    `o\n1\n${'A'.repeat(42)}B=\n`,
    `o\n 1\n${root}\n`,
    `${'o'.repeat(256)}\n1\n${root}\n`,
  ]
  for (const text of [...wrong, ...more]) {
    assert.throws(() => readCheckpoint(utf8(`${text}\n${LINE}\n`)), { name: 'LedgerError' }, JSON.stringify(text))
  }
  assert.throws(() => printCheckpoint({ origin: 'o\n1', size: 1, root: new Uint8Array(32), extensions: [] }), {
    code: 'ledger/checkpoint-malformed',
  })
  assert.throws(() => printCheckpoint({ origin: 'o', size: 1, root: new Uint8Array(32), extensions: ['a\nb'] }), {
    code: 'ledger/checkpoint-malformed',
  })
})

test('readers give data or a LedgerError for any bytes, and whatever they read prints as it was', async () => {
  const log = new TestLog()
  const checkpoint = await log.grow(3)
  const seeds = [
    checkpoint,
    utf8(NOTE),
    utf8(policyText),
    utf8(`old 3\n\n${fromUtf8(checkpoint)}`),
    utf8(`c2sp.org/tlog-proof@v1\nindex 1\n\n${fromUtf8(checkpoint)}`),
  ]
  const readers = [
    parseNote,
    readCheckpoint,
    parseAddCheckpoint,
    parseLogProof,
    parseDisclosure,
    (bytes: Uint8Array) => parsePolicy(crypto, bytes),
  ]
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
    .map(([seed, changes]) => {
      const bytes = Uint8Array.from(seed)
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte
      return bytes
    })
  fc.assert(
    fc.property(
      fc.oneof(
        mutated,
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'binary' }).map((text) => utf8(text.toWellFormed())),
      ),
      (bytes) => {
        for (const read of readers) {
          try {
            read(bytes)
          } catch (error) {
            assert.ok(error instanceof LedgerError, String(error))
          }
        }
        try {
          assert.deepEqual(printNote(parseNote(bytes)), Uint8Array.from(bytes))
        } catch (error) {
          if (!(error instanceof LedgerError)) throw error
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('a key has no name with a space of any script, and every other letter may stand in one', () => {
  const spaces = /\p{White_Space}/u
  const codes = Array.from({ length: 0x10000 - 0x20 }, (_, at) => at + 0x20)
  const wrong = codes.filter((code) => {
    const letter = String.fromCharCode(code)
    return letter.isWellFormed() && isKeyName(`a${letter}b`) !== (letter !== '+' && !spaces.test(letter))
  })
  assert.deepEqual(wrong, [])
  for (const name of ['', '+', ' ', 'a\ud800', 'a\tb', 'a\nb']) assert.equal(isKeyName(name), false)
})

test('a checkpoint is verified once under a policy, and its text alone stands for it', async () => {
  const log = new TestLog()
  const published = await log.grow(3)
  let verified = 0
  const counted: Crypto = {
    ...crypto,
    verify(...all) {
      verified++
      return crypto.verify(...all)
    },
  }
  const own = parsePolicy(crypto, utf8(policyText))
  const verify = (bytes: Uint8Array, policy = own, expected: CheckpointExpectation = {}) =>
    verifyCheckpoint(counted, policy, bytes, expected)
  const [first, second] = await Promise.all([verify(published), verify(published)])
  assert.deepEqual(first, second)
  assert.equal(verified, 4)
  // What is asked beside the signatures is asked each time, with the words that belong to it.
  assert.equal(await codeOf(() => verify(published, own, { latest: 1 })), 'ledger/quorum-unmet')
  assert.equal(await codeOf(() => verify(published, own, { origin: 'log.zzz.example' })), 'ledger/other-log')
  assert.equal(verified, 4)
  // Another policy remembers for itself.
  await verify(published, parsePolicy(crypto, utf8(policyText)))
  assert.equal(verified, 8)
  // Any other byte is another checkpoint, and what failed fails again.
  const changed = utf8(fromUtf8(published).replace('\n3\n', '\n4\n'))
  for (let time = 0; time < 2; time++) assert.equal(await codeOf(() => verify(changed)), 'ledger/signature-invalid')
  assert.equal(verified, 10)
  assert.deepEqual(await verify(published), first)
})
