import type {
  MarkingPolicy,
  PersonRule,
  PolicyCategory,
  PolicyCategoryValue,
  PolicyClassification,
  PolicyPersonRule,
  PolicyRule,
} from './model.ts'
import { oncePer } from './once-per.ts'

/** What stands in the place of a tag where a rule on persons or an originator is meant; no category has them: a tag has no capital. */
export const PERSON = 'Person'
export const ORIGIN = 'Origin'

/** A category of a policy, and its values by code. */
export interface CategoryCodes extends PolicyCategory {
  readonly listed: ReadonlyMap<string, PolicyCategoryValue>
}

/** A rule, and its place among the rules of its policy. */
export interface NumberedRule {
  readonly place: number
  readonly rule: PolicyRule
}

/** No value of a category: those have at least a unit. */
export const ANY_VALUE = ''

/** What a policy holds, by what it is called in a label. */
export interface PolicyCodes {
  readonly id: string
  readonly nation: string
  readonly levels: ReadonlyMap<string, PolicyClassification>
  readonly categories: ReadonlyMap<string, CategoryCodes>
  readonly personRules: ReadonlyMap<string, PolicyPersonRule>
  /** Person rules as labels hold them. */
  readonly heldRules: ReadonlyMap<string, PersonRule>
  readonly nations: ReadonlySet<string>
  readonly communities: ReadonlySet<string>
  /** Rules by each value without one of which they do not apply; the others under `ANY_VALUE`. */
  readonly rules: ReadonlyMap<string, readonly NumberedRule[]>
}

/** What a policy holds, by code; made once for each policy object. */
export const policyCodes: (policy: MarkingPolicy) => PolicyCodes = oncePer((policy) => {
  const { classifications, categories, personRules, releasableTo, communities = [] } = policy
  return {
    id: policy.id,
    nation: policy.nation,
    rules: rulesByValue(policy.rules ?? []),
    levels: new Map(classifications.map((level) => [level.code, level])),
    categories: new Map(
      categories.map((category) => [category.tag, { ...category, listed: new Map(category.values.map((value) => [value.code, value])) }]),
    ),
    personRules: new Map(personRules.map((rule) => [rule.code, rule])),
    heldRules: new Map(personRules.map(({ rule, code, nations }) => [code, { rule, code, nations }])),
    nations: new Set(releasableTo.map(({ nation }) => nation)),
    communities: new Set(communities.map(({ code }) => code)),
  }
})

function rulesByValue(rules: readonly PolicyRule[]): ReadonlyMap<string, readonly NumberedRule[]> {
  const byValue = new Map<string, NumberedRule[]>()
  for (const [place, rule] of rules.entries()) {
    for (const value of rule.when.values ?? [ANY_VALUE]) byValue.set(value, [...(byValue.get(value) ?? []), { place, rule }])
  }
  return byValue
}
