import { globSync } from 'node:fs'
import * as fc from 'fast-check'
import {
  type Category,
  type Label,
  type MarkingForm,
  type MarkingPolicy,
  type OriginatorPart,
  LabelError,
  checkLabel,
  readPolicy,
  rollUp,
  syntaxOf,
} from '@entente/label'
import { readJsonFile } from './world.ts'

const root = new URL('../../../', import.meta.url)

/** Every scheme of the checkout, by folder and file: a new nation is tested by being there. */
export const schemes: Readonly<Record<string, MarkingPolicy>> = Object.fromEntries(
  globSync('nations/*/{nation,markings}.json', { cwd: root.pathname })
    .sort()
    .map((path) => [path, readPolicy(readJsonFile(path))]),
)

export function scheme(folder: string): MarkingPolicy {
  const policy = schemes[`nations/${folder}/markings.json`]
  if (policy === undefined) throw new TypeError(folder)
  return policy
}

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort()

/** Whether the policy allows it. */
export function isAllowed(label: Label, policy: MarkingPolicy): boolean {
  try {
    checkLabel(label, policy)
    return true
  } catch (error) {
    if (error instanceof LabelError) return false
    throw error
  }
}

/** A few nations and every community of a scheme: enough to differ, few enough to meet. */
function nationsOf(policy: MarkingPolicy): readonly string[] {
  const wanted = new Set(['AUS', 'CAN', 'FRA', 'GBR', 'JPN', 'NZL', 'USA', policy.nation])
  const known = policy.releasableTo.map(({ nation }) => nation).filter((nation) => wanted.has(nation))
  return sorted([...known, ...(policy.communities ?? []).map(({ code }) => code)])
}

const TEXTS = ['ALPHA', 'Bravo 2', 'C', 'person', 'x (y)', 'a, b', 'REL', 'x//y', 'é', 'a/b'] as const

/** Labels of the Register: at random hardly any keeps its rules, so they are its vectors, each that is the whole of itself, with other dates. */
function registerLabels(policy: MarkingPolicy): fc.Arbitrary<Label> {
  const { accept } = readJsonFile('spec/vectors/label/capco.json') as { readonly accept: readonly { readonly banner: string }[] }
  const labels = [...new Set(accept.map(({ banner }) => banner))]
    .map((text) => syntaxOf(policy).parse(text, policy, { form: 'banner', lenient: false, created: 0 }).label)
    .filter((label) => {
      const whole = rollUp([label], policy)
      return whole.ok && JSON.stringify(whole.label) === JSON.stringify(label)
    })
  const review = fc.option(fc.integer({ min: 5, max: 9 }), { nil: undefined })
  const own = labels.filter(({ originators }) => originators.length === 1 && originators[0]?.nation === policy.nation)
  // What others own seldom joins with anything: mostly it is left out, so that joins are tested too.
  const some = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...own) }, fc.constantFrom(...labels))
  return fc
    .tuple(some, fc.integer({ min: 0, max: 3 }), review)
    .map(([label, created, again]) => ({ ...label, created, ...(again === undefined ? {} : { review: again }) }))
}

/** Labels of a scheme with everything that it allows: text values, communities, what others provided. No succession. */
export function presentLabels(policy: MarkingPolicy): fc.Arbitrary<Label> {
  if (policy.syntax === 'capco') return registerLabels(policy)
  const nations = nationsOf(policy)
  const makers = nations.filter((code) => policy.releasableTo.some(({ nation }) => nation === code))
  const levels = policy.classifications.filter(({ obsolete }) => obsolete === undefined).map(({ code }) => code)
  const valuesOf = ({ values, open }: MarkingPolicy['categories'][number]): fc.Arbitrary<readonly string[]> => {
    const listed = values.filter(({ obsolete }) => obsolete === undefined).map(({ code }) => code)
    const some = fc.subarray(listed, { maxLength: Math.min(3, listed.length) })
    if (open === undefined) return some
    const free = open.characters === 'code' ? ['ABC', 'X-1', 'GAMMA'] : TEXTS.filter((text) => text.length <= open.maxLength)
    return fc.tuple(some, fc.subarray([...free], { maxLength: 2 })).map(([a, b]) => [...a, ...b])
  }
  const set = fc.option(fc.subarray([...nations]), { nil: undefined, freq: 3 })
  return fc
    .record({
      classification: fc.constantFrom(...levels),
      values: fc.tuple(...policy.categories.map(valuesOf)),
      kept: fc.array(fc.nat({ max: 3 }), { minLength: policy.categories.length, maxLength: policy.categories.length }),
      rules: fc.subarray(policy.personRules.map(({ code }) => code)),
      parts: fc.uniqueArray(
        fc.record({ nation: fc.oneof({ weight: 4, arbitrary: fc.constant(policy.nation) }, fc.constantFrom(...makers)), others: set }),
        { minLength: 1, maxLength: 2, selector: ({ nation }) => nation },
      ),
      created: fc.integer({ min: 0, max: 3 }),
      review: fc.option(fc.integer({ min: 5, max: 9 }), { nil: undefined }),
    })
    .map(({ classification, values, kept, rules, parts, created, review }) => {
      const level = policy.classifications.find(({ code }) => code === classification)
      const bare: Label = {
        policy: policy.id,
        classification,
        categories: [],
        personRules: [],
        originators: [{ nation: policy.nation, releasableTo: level?.unmarkedRelease === 'neutral' ? 'neutral' : [policy.nation] }],
        created,
        ...(review === undefined ? {} : { review }),
      }
      // Each part by itself may stand at this level; only what they do together is left to the filter.
      const stands = (part: Partial<Label>) => isAllowed({ ...bare, ...part }, policy)
      const categories = policy.categories
        .map(({ tag, kind }, at): Category => ({ tag, kind, values: (kept[at] ?? 0) === 0 ? [] : sorted(values[at] ?? []) }))
        .map((category) => ({
          ...category,
          values: category.values.filter((value) => stands({ categories: [{ ...category, values: [value] }] })),
        }))
        .filter((category) => category.values.length > 0)
        .sort((a, b) => (a.tag < b.tag ? -1 : 1))
      const personRules = policy.personRules
        .filter(({ code }) => rules.includes(code))
        .map(({ rule, code, nations: of }) => ({ rule, code, nations: of }))
        .filter((rule) => stands({ personRules: [rule] }))
        .sort((a, b) => (a.code < b.code ? -1 : 1))
      const admits = (nation: string) => personRules.every((rule) => rule.nations.includes(nation))
      const originators = parts
        .map(({ nation, others }): OriginatorPart => {
          if (others === undefined)
            return nation === policy.nation
              ? (bare.originators[0] as OriginatorPart)
              : { nation, releasableTo: sorted([nation, policy.nation]) }
          const all = sorted([nation, ...others])
          return { nation, releasableTo: nation === policy.nation ? all.filter(admits) : all }
        })
        .sort((a, b) => (a.nation < b.nation ? -1 : 1))
      return { ...bare, categories, personRules, originators: stands({ originators }) ? originators : bare.originators }
    })
    .filter((label) => isAllowed(label, policy))
}

/** As `presentLabels`, some of them succeeded once or twice. */
export function labelsOfScheme(policy: MarkingPolicy): fc.Arbitrary<Label> {
  const present = presentLabels(policy)
  return fc.tuple(present, fc.array(fc.tuple(present, fc.integer({ min: 1, max: 3 })), { maxLength: 2 })).map(([first, later]) => {
    const [one, two] = later
    if (one === undefined) return first
    const last = two === undefined || same(one[0], two[0]) ? one[0] : { ...one[0], succession: { at: one[1] + two[1], label: two[0] } }
    return same(first, one[0]) ? first : { ...first, succession: { at: one[1], label: last } }
  })
}

function same(a: Label, b: Label): boolean {
  return JSON.stringify({ ...a, succession: 0 }) === JSON.stringify({ ...b, succession: 0 })
}

/** The marking, or the code with which the form refuses to carry it. */
export function printed(
  label: Label,
  policy: MarkingPolicy,
  form: Exclude<MarkingForm, 'any'>,
): { readonly text: string } | { readonly code: string } {
  try {
    return { text: syntaxOf(policy).print(label, policy, { form }) }
  } catch (error) {
    if (error instanceof LabelError) return { code: error.code }
    throw error
  }
}
