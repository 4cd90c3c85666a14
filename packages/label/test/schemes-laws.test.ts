import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import {
  type Label,
  type LabelClearance,
  type MarkingPolicy,
  type Portion,
  accessBy,
  bannerOf,
  communityMembers,
  compareLevels,
  dominates,
  joinAt,
  joinLabels,
  labelAt,
  reachesLevel,
  readMailMarking,
  readWideLabel,
  syntaxOf,
  withoutSuccession,
  writeMailMarking,
} from '@entente/label'
import { isAllowed, labelsOfScheme, presentLabels, printed, scheme, schemes } from './schemes-world.ts'

const RUNS = 120

/** A clearance of anybody, as the scheme lets one be. */
function clearances(policy: MarkingPolicy): fc.Arbitrary<LabelClearance> {
  const nations = ['AUS', 'CAN', 'FRA', 'GBR', 'JPN', 'NZL', 'USA', policy.nation]
  return fc
    .record({
      classifications: fc.subarray(
        policy.classifications.map(({ code }) => code),
        { minLength: 1 },
      ),
      nation: fc.constantFrom(...nations),
      citizenships: fc.subarray(nations.filter((nation) => nation.length === 3)),
      host: fc.option(fc.constantFrom('DEFENCE', 'ELSEWHERE'), { nil: undefined }),
      held: fc.tuple(
        ...policy.categories.map(({ values }) =>
          fc.subarray([...values.map(({ code }) => code), 'ALPHA', 'Bravo 2', 'C', 'ABC', 'X-1', 'person'].sort()),
        ),
      ),
    })
    .map(({ classifications, nation, citizenships, host, held }) => ({
      policy: policy.id,
      classifications: [...classifications].sort(),
      categories: policy.categories.map(({ tag, kind }, at) => ({ tag, kind, values: held[at] ?? [] })),
      nation,
      citizenships,
      ...(host === undefined ? {} : { host }),
    }))
}

/** Who may read, spelt out a second time, in the words of spec/label.md. */
function mayRead(label: Label, who: LabelClearance, policy: MarkingPolicy): boolean {
  const { nation = '', citizenships = [], host } = who
  return (
    who.classifications.includes(label.classification) &&
    label.categories.every(({ tag, kind, values }) => {
      const held = new Set(who.categories.find((category) => category.tag === tag)?.values)
      return (
        kind === 'informative' ||
        (kind === 'restrictive' ? values.every((value) => held.has(value)) : values.some((value) => held.has(value)))
      )
    }) &&
    label.personRules.every(({ code, nations }) => {
      const posted = policy.personRules.find((rule) => rule.code === code)?.posted
      return citizenships.some(
        (one) =>
          nations.includes(one) ||
          (posted !== undefined && host !== undefined && posted.hosts.includes(host) && posted.nations.includes(one)),
      )
    }) &&
    label.originators.every(
      ({ releasableTo: set }) =>
        set === 'neutral' || set.some((code) => code === nation || communityMembers(code, policy, 0)?.includes(nation)),
    )
  )
}

for (const [path, policy] of Object.entries(schemes)) {
  describe(path, () => {
    const labels = labelsOfScheme(policy)

    test('a join is commutative, associative and idempotent, keeps every originator, and dominates every part', () => {
      let joins = 0
      fc.assert(
        fc.property(togetherOf(labels, policy), ([a, b, c]) => {
          const whole = joinLabels([a, b, c], policy)
          assert.deepEqual(joinLabels([c, b, a], policy), whole)
          assert.deepEqual(joinLabels([a, a], policy), { ok: true, label: a })
          const two = joinLabels([a, b], policy)
          assert.deepEqual(joinLabels([b, a], policy), two)
          // What two have no label for, three may have (a rule that requires is met by the third); never the other way.
          if (two.ok) assert.deepEqual(joinLabels([two.label, c], policy), whole)
          if (!whole.ok) return
          joins++
          for (const part of [a, b, c]) {
            assert.ok(protects(whole.label, part, policy))
            for (const { nation } of part.originators) assert.ok(namesOwner(whole.label, nation))
          }
          assert.deepEqual(readWideLabel(structuredClone(whole.label)), whole.label)
        }),
        { numRuns: RUNS },
      )
      assert.ok(joins > 0, `only ${joins} joins were in ${policy.id}`)
    })

    test('the join at a time is the join of what each is at that time', () => {
      fc.assert(
        fc.property(labels, labels, fc.integer({ min: 0, max: 8 }), (a, b, at) => {
          const joined = joinLabels([a, b], policy)
          if (joined.ok) assert.deepEqual(joinAt([a, b], policy, at), { ok: true, label: labelAt(joined.label, at) })
        }),
        { numRuns: RUNS },
      )
    })

    test('whoever may read the whole may read every part, and access says what may be read', () => {
      const cases = fc.tuple(presentLabels(policy), presentLabels(policy), fc.array(clearances(policy), { minLength: 6, maxLength: 6 }))
      fc.assert(
        fc.property(cases, ([a, b, readers]) => {
          const joined = joinLabels([a, b], policy)
          for (const who of readers) {
            const said = accessBy(a, who, policy, 0)
            assert.equal(said.ok || said.code === 'label/person-decides', mayRead(a, who, policy))
            if (joined.ok && mayRead(joined.label, { ...who, classifications: upTo(who, policy) }, policy)) {
              for (const part of [a, b]) assert.ok(mayRead(part, { ...who, classifications: upTo(who, policy) }, policy))
            }
          }
        }),
        { numRuns: RUNS },
      )
    })

    test('what is written is read back, and read leniently without a change', () => {
      let carried = 0
      fc.assert(
        fc.property(labels, (label) => {
          const now = withoutSuccession(label)
          for (const form of ['banner', 'portion'] as const) {
            const written = printed(label, policy, form)
            if ('code' in written) {
              // Other syntaxes refuse with codes of their own.
              if (policy.layout !== undefined || policy.syntax === undefined) assert.equal(written.code, 'label/not-carried')
              else assert.ok(/not-carried$|^capco\//u.test(written.code), written.code)
              continue
            }
            carried++
            const options = { form, created: now.created, ...(now.review === undefined ? {} : { review: now.review }) }
            for (const lenient of [false, true]) {
              assert.deepEqual(syntaxOf(policy).parse(written.text, policy, { ...options, lenient }), { label: now, changes: [] })
            }
          }
        }),
        { numRuns: RUNS },
      )
      assert.ok(carried > (policy.layout === undefined ? 0 : 20), `only ${carried} were carried`)
    })

    test('a banner is never below a portion', () => {
      fc.assert(
        fc.property(fc.array(presentLabels(policy), { minLength: 1, maxLength: 4 }), (all) => {
          const portions = all.map((label, at): Portion => ({ id: String(at), label, kind: 'text', texts: [{ lang: 'en', text: 'x' }] }))
          const banner = bannerOf(portions, policy)
          if (!banner.ok) return
          for (const { label } of portions) {
            assert.ok(reachesLevel(banner.label.classification, label.classification, policy))
            assert.ok(protects(banner.label, label, policy))
          }
        }),
        { numRuns: RUNS },
      )
    })
  })
}

/** Three labels; in half of the cases the others have the first one's level and categories, so that permissive sets meet. */
function togetherOf(labels: fc.Arbitrary<Label>, policy: MarkingPolicy): fc.Arbitrary<readonly [Label, Label, Label]> {
  return fc.tuple(labels, labels, labels, fc.boolean()).map(([a, b, c, kin]) => {
    const { classification, categories, personRules } = a
    const alike = (label: Label): Label => {
      const other = { ...withoutSuccession(label), classification, categories, personRules }
      return kin && isAllowed(other, policy) ? other : label
    }
    return [a, alike(b), alike(c)]
  })
}

/** By the Register a whole names the owners of its parts as foreign sources, or hides them. */
function namesOwner({ originators, categories }: Label, nation: string): boolean {
  const sources = categories.find(({ tag }) => tag === 'fgi')?.values ?? []
  return originators.some((one) => one.nation === nation) || sources.includes(nation) || sources.includes('FGI')
}

/**
 * As `dominates`, by the Register: owners that the whole names as sources count as its own, each with the set of the whole, and a community
 * counts as its members.
 */
function protects(whole: Label, part: Label, policy: MarkingPolicy): boolean {
  if (policy.syntax !== 'capco') return dominates(whole, part, policy)
  const [own] = whole.originators
  const named = part.originators.filter(({ nation }) => !whole.originators.some((one) => one.nation === nation))
  const lent = named.map(({ nation }) => ({ nation, releasableTo: own?.releasableTo ?? 'neutral' }))
  const members = (code: string) => [code, ...(communityMembers(code, policy, 0) ?? [])]
  const originators = part.originators.map(({ nation, releasableTo: set }) => ({
    nation,
    releasableTo: set === 'neutral' ? set : [...set].flatMap(members),
  }))
  return (
    named.every(({ nation }) => namesOwner(whole, nation)) &&
    dominates({ ...whole, originators: [...whole.originators, ...lent] }, { ...part, originators }, policy)
  )
}

/** Every level that is not above one that the reader holds: as a ladder would have it. */
function upTo(who: LabelClearance, policy: MarkingPolicy): readonly string[] {
  return policy.classifications
    .map(({ code }) => code)
    .filter((code) => who.classifications.some((held) => reachesLevel(held, code, policy)))
}

test('levels of different families have no order, and their join is a person’s to decide', () => {
  const jpn = scheme('jpn')
  assert.equal(compareLevels('GOKUHI', 'TOKUTEI-HIMITSU', jpn), undefined)
  assert.ok((compareLevels('GOKUHI', 'HI', jpn) ?? 0) > 0)
  assert.ok((compareLevels('TORIATSUKAI-CHUI', 'HI', jpn) ?? 0) < 0)
  const [one, other] = ['極秘', '特定秘密'].map(
    (text) => syntaxOf(jpn).parse(text, jpn, { form: 'banner', lenient: false, created: 1 }).label,
  )
  assert.ok(one !== undefined && other !== undefined)
  assert.equal(dominates(one, other, jpn) || dominates(other, one, jpn), false)
  assert.deepEqual(joinLabels([one, other], jpn), {
    ok: false,
    code: 'label/person-decides',
    reason: 'levels-not-comparable',
    values: { families: 'DESIGNATED PUBLIC-DOCUMENTS' },
  })
})

test('what a mail marking carries is read back from the header field and from the subject', () => {
  const aus = scheme('aus')
  let carried = 0
  fc.assert(
    fc.property(labelsOfScheme(aus), fc.option(fc.constantFrom('a note', 'x: y, z\\', '='), { nil: undefined }), (label, note) => {
      const now = { ...label, created: 1 }
      const { review: _, ...plain } = now
      for (const form of ['header', 'subject'] as const) {
        let text: string
        try {
          text = writeMailMarking(plain, aus, { form, ...(form === 'header' && note !== undefined ? { note } : {}) })
        } catch (error) {
          assert.equal((error as { code: string }).code, 'label/not-carried')
          continue
        }
        carried++
        const read = readMailMarking(form === 'subject' ? `Re: [x] ${text}` : text, aus, { form, lenient: false, created: 1 })
        assert.deepEqual(withoutSuccession(read.label), withoutSuccession(plain))
        assert.equal(read.label.succession?.at, plain.succession?.at)
        assert.equal(read.note, form === 'header' ? note : undefined)
      }
    }),
    { numRuns: 300 },
  )
  assert.ok(carried > 100, `only ${carried} were carried`)
})
