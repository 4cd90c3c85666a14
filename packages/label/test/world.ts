import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { type Category, type Label, type MarkingPolicy, type OriginatorPart, checkLabel, readPolicy } from '@entente/label'

const root = new URL('../../../', import.meta.url)

export function readJsonFile(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'))
}

export const aus: MarkingPolicy = readPolicy(readJsonFile('nations/aus/nation.json'))
export const jpn: MarkingPolicy = readPolicy(readJsonFile('nations/jpn/nation.json'))

/** Two nations that exist nowhere: every law must hold for them as for any other. */
const invented = readJsonFile('spec/vectors/label/invented-nations.json') as { xka: unknown; xlo: unknown }
export const kaia: MarkingPolicy = readPolicy(invented.xka)
export const loria: MarkingPolicy = readPolicy(invented.xlo)

/** As vectors name them. */
export const policyNamed: Readonly<Record<string, MarkingPolicy>> = { aus, jpn, xka: kaia, xlo: loria }
export const policies: readonly MarkingPolicy[] = [aus, jpn, kaia, loria]

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort()

/** Any label that the policy allows. */
export function labelsOf(policy: MarkingPolicy): fc.Arbitrary<Label> {
  const known = policy.releasableTo.map(({ nation }) => nation)
  const parts = fc.uniqueArray(
    fc.record({
      nation: fc.oneof({ weight: 3, arbitrary: fc.constant(policy.nation) }, fc.constantFrom(...known)),
      others: fc.option(fc.subarray(known), { nil: undefined, freq: 4 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ nation }) => nation },
  )
  return fc
    .record({
      classification: fc.constantFrom(...policy.classifications.map(({ code }) => code)),
      categories: fc.tuple(...policy.categories.map(({ values }) => fc.subarray(values.map(({ code }) => code)))),
      rules: fc.subarray(policy.personRules.map(({ code }) => code)),
      parts,
      created: fc.integer({ min: 0, max: 4_000_000_000 }),
      review: fc.option(fc.integer({ min: 0, max: 4_000_000_000 }), { nil: undefined }),
    })
    .map(({ classification, categories, rules, parts: originators, created, review }): Label => {
      const personRules = policy.personRules
        .filter(({ code }) => rules.includes(code))
        .map(({ rule, code, nations: of }) => ({ rule, code, nations: of }))
        .sort((a, b) => (a.code < b.code ? -1 : 1))
      const admits = (nation: string) => personRules.every((rule) => rule.nations.includes(nation))
      return {
        policy: policy.id,
        classification,
        categories: policy.categories
          .map(({ tag, kind }, at): Category => ({ tag, kind, values: sorted(categories[at] ?? []) }))
          .filter(({ values }) => values.length > 0)
          .sort((a, b) => (a.tag < b.tag ? -1 : 1)),
        personRules,
        originators: originators
          .map(({ nation, others }): OriginatorPart => {
            if (others === undefined) return { nation, releasableTo: 'neutral' }
            const set = sorted([nation, ...others])
            return { nation, releasableTo: nation === policy.nation ? set.filter(admits) : set }
          })
          .sort((a, b) => (a.nation < b.nation ? -1 : 1)),
        created,
        ...(review === undefined ? {} : { review }),
      }
    })
    .filter((label) => allowed(label, policy))
}

export function allowed(label: Label, policy: MarkingPolicy): boolean {
  try {
    checkLabel(label, policy)
    return true
  } catch {
    return false
  }
}

/** A policy and some labels of it. */
export function policyAnd(least: number, most: number): fc.Arbitrary<{ policy: MarkingPolicy; labels: Label[] }> {
  return fc
    .constantFrom(...policies)
    .chain((policy) =>
      fc.record({ policy: fc.constant(policy), labels: fc.array(labelsOf(policy), { minLength: least, maxLength: most }) }),
    )
}
