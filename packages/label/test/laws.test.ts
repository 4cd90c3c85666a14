import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import {
  type JoinResult,
  type Label,
  type MarkingPolicy,
  attributesOf,
  compareLevels,
  dominates,
  joinLabels,
  labelId,
  labelShape,
  parseMarking,
  printMarking,
  reachesLevel,
  readLabel,
  releasableTo,
} from '@entente/label'
import { readShape } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { aus, jpn, labelsOf, policies, policyAnd } from './world.ts'

/** Joins what is already joined with more. */
function thenJoin(result: JoinResult, more: Label, policy: MarkingPolicy): JoinResult {
  return result.ok ? joinLabels([result.label, more], policy) : result
}

/** Without the reason of a refusal: which of several holds depends on what was joined before. */
function outcome(result: JoinResult): unknown {
  return result.ok ? result.label : result.code
}

test('a join is commutative, associative and idempotent, in what it gives and in whether it gives', () => {
  fc.assert(
    fc.property(policyAnd(3, 3), ({ policy, labels: [a, b, c] }) => {
      assert.ok(a !== undefined && b !== undefined && c !== undefined)
      const whole = joinLabels([a, b, c], policy)
      assert.deepEqual(whole, joinLabels([c, a, b], policy))
      assert.deepEqual(joinLabels([a, b], policy), joinLabels([b, a], policy))
      assert.deepEqual(joinLabels([a, a], policy), { ok: true, label: a })
      assert.deepEqual(outcome(thenJoin(joinLabels([a, b], policy), c, policy)), outcome(whole))
      assert.deepEqual(outcome(thenJoin(joinLabels([b, c], policy), a, policy)), outcome(whole))
    }),
    { numRuns: 400 },
  )
})

/** A reader, as a label asks of one; written apart from the package, in the words of spec/label.md. */
interface Reader {
  readonly nation: string
  readonly citizenships: readonly string[]
  readonly level: string
  readonly held: readonly string[]
}

function mayRead(reader: Reader, label: Label, policy: MarkingPolicy): boolean {
  const holds = (tag: string) => (code: string) => reader.held.includes(`${tag}/${code}`)
  const rank = (code: string) => policy.classifications.findIndex((level) => level.code === code)
  return (
    rank(reader.level) >= rank(label.classification) &&
    label.categories.every(({ tag, kind, values }) => {
      if (kind === 'restrictive') return values.every(holds(tag))
      return kind === 'informative' || values.some(holds(tag))
    }) &&
    label.personRules.every(({ nations }) => reader.citizenships.some((nation) => nations.includes(nation))) &&
    label.originators.every(({ releasableTo: set }) => set === 'neutral' || set.includes(reader.nation)) &&
    releasableTo(label, reader.nation)
  )
}

function readersOf(policy: MarkingPolicy): fc.Arbitrary<Reader> {
  const nations = policy.releasableTo.map(({ nation }) => nation)
  const values = policy.categories.flatMap(({ tag, values: all }) => all.map(({ code }) => `${tag}/${code}`))
  return fc.record({
    nation: fc.constantFrom(...nations),
    citizenships: fc.subarray(nations, { minLength: 1 }),
    level: fc.constantFrom(...policy.classifications.map(({ code }) => code)),
    held: fc.subarray(values),
  })
}

test('whoever may read the whole may read every part', () => {
  const cases = fc.constantFrom(...policies).chain((policy) =>
    fc.record({
      policy: fc.constant(policy),
      labels: fc.array(labelsOf(policy), { minLength: 1, maxLength: 4 }),
      readers: fc.array(readersOf(policy), { minLength: 8, maxLength: 8 }),
    }),
  )
  let read = 0
  fc.assert(
    fc.property(cases, ({ policy, labels, readers }) => {
      const joined = joinLabels(labels, policy)
      if (!joined.ok) return
      for (const reader of readers) {
        if (!mayRead(reader, joined.label, policy)) continue
        read++
        for (const part of labels) assert.ok(mayRead(reader, part, policy))
      }
    }),
    { numRuns: 400 },
  )
  assert.ok(read > 20, `only ${read} readings were compared`)
})

test('a join dominates every part, is dominated by whatever dominates all parts, and its level is never lower', () => {
  fc.assert(
    fc.property(policyAnd(3, 3), ({ policy, labels: [a, b, c] }) => {
      assert.ok(a !== undefined && b !== undefined && c !== undefined)
      const joined = joinLabels([a, b], policy)
      if (!joined.ok) return
      for (const part of [a, b]) {
        assert.ok(dominates(joined.label, part, policy))
        assert.ok(reachesLevel(joined.label.classification, part.classification, policy))
        assert.deepEqual(
          dominates(part, joined.label, policy),
          attributesOf(part, policy).join() === attributesOf(joined.label, policy).join(),
        )
      }
      const above = joinLabels([a, b, c], policy)
      if (above.ok) assert.ok(dominates(above.label, joined.label, policy))
      if (dominates(c, a, policy) && dominates(c, b, policy)) assert.ok(dominates(c, joined.label, policy))
    }),
    { numRuns: 400 },
  )
})

test('a join was made when its youngest part was, and must be looked at again when the first of them must', () => {
  const at = (created: number, review?: number): Label => ({
    ...parseMarking('SECRET', { policy: aus, form: 'banner', created }),
    ...(review === undefined ? {} : { review }),
  })
  const joined = joinLabels([at(5, 90), at(7), at(3, 80)], aus)
  assert.deepEqual(joined, { ok: true, label: at(7, 80) })
})

test('labels of another policy are not compared', () => {
  const [of, other] = [aus, jpn].map((policy) => parseMarking(policy === aus ? 'SECRET' : '極秘', { policy, form: 'banner', created: 1 }))
  assert.ok(of !== undefined && other !== undefined)
  assert.throws(() => dominates(of, other, aus), { code: 'label/another-policy' })
  assert.throws(() => compareLevels('SECRET', 'GOKUHI', aus), { code: 'label/not-in-policy' })
})

test('a join is again a label that its policy allows, and of the one shape', () => {
  fc.assert(
    fc.property(policyAnd(1, 5), ({ policy, labels }) => {
      const joined = joinLabels(labels, policy)
      if (!joined.ok) return
      assert.deepEqual(readLabel(structuredClone(joined.label)), joined.label)
      assert.equal(readShape(labelShape, joined.label, 'label').policy, policy.id)
      printMarking(joined.label, policy, { form: 'banner' })
    }),
    { numRuns: 200 },
  )
})

test('what is printed is read back, as banner, as portion and as either, full-width too', () => {
  const wide = (text: string) =>
    text.replace(/[!-~]/gu, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)).replaceAll(' ', '　')
  fc.assert(
    fc.property(policyAnd(1, 1), ({ policy, labels: [label] }) => {
      assert.ok(label !== undefined)
      const { created, review } = label
      const dates = { policy, created, ...(review === undefined ? {} : { review }) }
      for (const form of ['banner', 'portion'] as const) {
        const text = printMarking(label, policy, { form })
        assert.deepEqual(parseMarking(text, { ...dates, form }), label)
        assert.deepEqual(parseMarking(text, { ...dates, form: 'any' }), label)
        assert.deepEqual(parseMarking(wide(text), { ...dates, form }), label)
        assert.equal(printMarking(parseMarking(text.toLowerCase(), { ...dates, form }), policy, { form }), text)
      }
    }),
    { numRuns: 300 },
  )
})

/** What decides in a label, spelt out apart from the package. */
function decides({ classification, categories, personRules, originators }: Label): string {
  return JSON.stringify([classification, categories.filter(({ kind }) => kind !== 'informative'), personRules, originators])
}

test('attributes and ids tell apart exactly what differs', () => {
  fc.assert(
    fc.property(policyAnd(2, 2), fc.boolean(), ({ policy, labels: [a, other] }, same) => {
      assert.ok(a !== undefined && other !== undefined)
      const b = same ? { ...other, ...a, created: other.created } : other
      assert.equal(attributesOf(a, policy).join() === attributesOf(b, policy).join(), decides(a) === decides(b))
      assert.equal(labelId(a, nodeCrypto) === labelId(b, nodeCrypto), isDeepStrictEqual(a, b))
      const attributes = attributesOf(a, policy)
      assert.deepEqual(attributes, [...new Set(attributes)].sort())
    }),
    { numRuns: 400 },
  )
})
