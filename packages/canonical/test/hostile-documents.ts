/** Readers of what strangers send: their vectors, and the same search for a byte that makes one fail in a way that is not ours. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { EntenteError, utf8 } from '@entente/canonical'
import * as fc from 'fast-check'

/** A reader as the tests call it: bytes in, anything out, our own error or a promise of either. */
export interface HostileReader {
  /** Name of the function, with what it is asked to read where it reads several things. */
  readonly parser: string
  readonly read: (bytes: Uint8Array) => unknown
  /** What it reads, as text. */
  readonly good: readonly string[]
  /** Texts that only this reader must refuse. */
  readonly bad?: readonly (readonly [why: string, text: string])[]
}

/** `accept`: texts. `reject`: the first of them with `remove` characters at `at` replaced by `insert`, and the code. */
export interface DocumentVectors {
  readonly description: string
  readonly readers: readonly {
    readonly parser: string
    readonly accept: readonly string[]
    readonly reject: readonly {
      readonly why: string
      readonly at: number
      readonly remove: number
      readonly insert: string
      readonly code: string
    }[]
  }[]
}

/** What a reader says to bytes: `ok`, or the code of its refusal. Anything that is no error of ours is a fault and is thrown. */
export async function judge({ read }: Pick<HostileReader, 'read'>, bytes: Uint8Array): Promise<string> {
  try {
    await read(bytes)
    return 'ok'
  } catch (error) {
    if (error instanceof EntenteError) return (error as EntenteError).code
    throw error
  }
}

type Splice = { readonly why: string; readonly at: number; readonly remove: number; readonly insert: string }

/** What anybody can do to a JSON document. */
function damaged(text: string): readonly Splice[] {
  const whole = text.length
  const first = /^\{"(?<name>[^"]+)":/u.exec(text)?.groups?.['name'] ?? 'a'
  const scalar = /:(?<value>"[^"]*"|\d+)/u.exec(text)
  const at = (scalar?.index ?? 0) + 1
  const remove = scalar?.groups?.['value']?.length ?? 0
  return [
    { why: 'nothing', at: 0, remove: whole, insert: '' },
    { why: 'the first half', at: whole >> 1, remove: whole - (whole >> 1), insert: '' },
    { why: 'something behind it', at: whole, remove: 0, insert: 'x' },
    { why: 'a space before it', at: 0, remove: 0, insert: ' ' },
    { why: 'a list instead', at: 0, remove: whole, insert: '[]' },
    { why: 'an empty object instead', at: 0, remove: whole, insert: '{}' },
    { why: 'a number instead', at: 0, remove: whole, insert: '1' },
    { why: 'an unknown member', at: whole - 1, remove: 0, insert: ',"zzz":1' },
    { why: 'a member twice', at: 1, remove: 0, insert: `"${first}":0,` },
    { why: 'null', at, remove, insert: 'null' },
    { why: 'a fraction', at, remove, insert: '1.5' },
    { why: 'a list for a value', at, remove, insert: '[]' },
    { why: 'half a surrogate pair', at, remove, insert: '"\\ud800"' },
  ]
}

function applied(text: string, { at, remove, insert }: Omit<Splice, 'why'>): string {
  return text.slice(0, at) + insert + text.slice(at + remove)
}

/** Makes the vectors of some readers: what each of them refuses of the damage, and what it must refuse besides. */
export async function makeVectors(description: string, readers: readonly HostileReader[]): Promise<DocumentVectors> {
  const made = []
  for (const reader of readers) {
    const [text = ''] = reader.good
    const own = (reader.bad ?? []).map(([why, bad]) => ({ why, at: 0, remove: text.length, insert: bad }))
    const reject = []
    for (const splice of [...own, ...damaged(text)]) {
      const code = await judge(reader, utf8(applied(text, splice)))
      if (code !== 'ok') reject.push({ ...splice, code })
    }
    made.push({ parser: reader.parser, accept: reader.good, reject })
  }
  return { description, readers: made }
}

/** Registers one test a reader: every vector comes out as it says, and as many are refused as are read. */
export function holdVectors(file: string, readers: readonly HostileReader[]): void {
  const url = new URL(`../../../spec/vectors/${file}`, import.meta.url)
  const vectors = JSON.parse(readFileSync(url, 'utf8')) as DocumentVectors
  test(`${file} has vectors for every reader and for no other`, () => {
    assert.deepEqual(
      vectors.readers.map(({ parser }) => parser),
      readers.map(({ parser }) => parser),
    )
  })
  for (const { parser, accept, reject } of vectors.readers) {
    const reader = readers.find((one) => one.parser === parser)
    if (reader === undefined) continue
    test(`vectors of ${parser}: ${accept.length} read, ${reject.length} refused`, async () => {
      for (const text of accept) assert.equal(await judge(reader, utf8(text)), 'ok', text.slice(0, 80))
      for (const { why, code, ...splice } of reject) assert.equal(await judge(reader, utf8(applied(accept[0] ?? '', splice))), code, why)
      assert.ok(accept.length > 0 && reject.length >= accept.length)
    })
  }
}

/** Registers one test a reader: bytes changed, cut, put in, and bytes out of nowhere bring out nothing but errors of ours. */
export function fuzzReaders(readers: readonly HostileReader[], runs: number = 250): void {
  const edit = fc.record({ at: fc.nat(), remove: fc.nat(9), insert: fc.uint8Array({ maxLength: 6 }) })
  for (const reader of readers) {
    test(`fuzz: whatever the bytes, only errors of ours come out of ${reader.parser}`, async () => {
      const near = fc.tuple(fc.constantFrom(...reader.good), fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) => {
        let bytes = utf8(text)
        for (const { at, remove, insert } of edits) {
          const place = at % (bytes.length + 1)
          bytes = Uint8Array.from([...bytes.subarray(0, place), ...insert, ...bytes.subarray(place + remove)])
        }
        return bytes
      })
      const values = fc.json().map((text) => utf8(text.toWellFormed()))
      await fc.assert(
        fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: near }, values, fc.uint8Array({ maxLength: 80 })), async (bytes) => {
          await judge(reader, bytes)
        }),
        { numRuns: runs },
      )
    })
  }
}
