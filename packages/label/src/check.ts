import type { MessageValues } from '@entente/canonical'
import { type LabelCode, LabelError } from './errors.ts'
import type { Label, MarkingPolicy } from './model.ts'
import { audienceOf, compareLevels } from './order.ts'

/** Why a policy does not allow a label; `subject` is the part of the label, for whoever knows where it was written. */
export interface Problem {
  readonly code: LabelCode
  readonly message: string
  readonly values: MessageValues
  readonly subject: string
}

/**
 * Throws unless the policy allows the label: `label/another-policy`, `label/not-in-policy`, `label/not-at-this-level`,
 * `label/neutral-classified`, `label/person-rule-conflict`, `label/nobody` (spec/label.md section 3).
 */
export function checkLabel(label: Label, policy: MarkingPolicy): void {
  const problem = problemOf(label, policy)
  if (problem !== undefined) throw new LabelError(problem.code, problem.message, { values: problem.values })
}

/** The first reason why a policy does not allow a label of the right shape. */
export function problemOf(label: Label, policy: MarkingPolicy): Problem | undefined {
  if (label.policy !== policy.id) {
    const values = { found: label.policy, policy: policy.id }
    return { code: 'label/another-policy', message: `a label of \`${label.policy}\`, not of \`${policy.id}\``, values, subject: 'policy' }
  }
  return unknownWord(label, policy) ?? wrongLevel(label, policy) ?? wrongRelease(label, policy)
}

function unknownWord(label: Label, policy: MarkingPolicy): Problem | undefined {
  const unknown = (text: string, subject: string): Problem => ({
    code: 'label/not-in-policy',
    message: `\`${policy.id}\` does not have \`${text}\``,
    values: { text, policy: policy.id },
    subject,
  })
  if (!policy.classifications.some(({ code }) => code === label.classification)) return unknown(label.classification, 'classification')
  for (const { tag, kind, values } of label.categories) {
    const category = policy.categories.find((candidate) => candidate.tag === tag && candidate.kind === kind)
    for (const value of values) {
      if (category?.open === undefined && !category?.values.some(({ code }) => code === value))
        return unknown(`${tag}/${value}`, `${tag}/${value}`)
    }
  }
  for (const { code, nations } of label.personRules) {
    const rule = policy.personRules.find((candidate) => candidate.code === code)
    if (rule === undefined || rule.nations.join() !== nations.join()) return unknown(code, `person/${code}`)
  }
  for (const { nation, releasableTo } of label.originators) {
    for (const name of [nation, ...(releasableTo === 'neutral' ? [] : releasableTo)]) {
      if (!policy.releasableTo.some((known) => known.nation === name) && !policy.communities?.some(({ code }) => code === name))
        return unknown(name, `origin/${nation}`)
    }
  }
  return undefined
}

function wrongLevel(label: Label, policy: MarkingPolicy): Problem | undefined {
  const tooLow = (term: { readonly banner: string; readonly lowest?: string } | undefined, subject: string): Problem | undefined => {
    const level = policy.classifications.find(({ code }) => code === term?.lowest)
    if (term === undefined || level === undefined || compareLevels(label.classification, level.code, policy) >= 0) return undefined
    const values = { text: term.banner, lowest: level.banner }
    return { code: 'label/not-at-this-level', message: `\`${values.text}\` needs at least \`${values.lowest}\``, values, subject }
  }
  for (const { tag, values } of label.categories) {
    const category = policy.categories.find((candidate) => candidate.tag === tag)
    for (const value of values) {
      const problem = tooLow(
        category?.values.find(({ code }) => code === value),
        `${tag}/${value}`,
      )
      if (problem !== undefined) return problem
    }
  }
  for (const { code } of label.personRules) {
    const problem = tooLow(
      policy.personRules.find((rule) => rule.code === code),
      `person/${code}`,
    )
    if (problem !== undefined) return problem
  }
  return undefined
}

function wrongRelease(label: Label, policy: MarkingPolicy): Problem | undefined {
  const level = policy.classifications.find(({ code }) => code === label.classification)
  if (level?.unmarkedRelease === 'originator' && label.originators.every(({ releasableTo }) => releasableTo === 'neutral')) {
    const values = { text: level.banner }
    return { code: 'label/neutral-classified', message: `\`${level.banner}\` is never neutral`, values, subject: 'classification' }
  }
  const own = label.originators.find(({ nation }) => nation === policy.nation)
  if (own !== undefined && own.releasableTo !== 'neutral') {
    // INVARIANT: a nation's own set lies within its own person rules: `citizens of A only` and `releasable to B` contradict.
    for (const { code, nations } of label.personRules) {
      const outside = own.releasableTo.find((nation) => !nations.includes(nation))
      if (outside === undefined) continue
      const values = { rule: policy.personRules.find((rule) => rule.code === code)?.banner ?? code, nation: outside }
      return {
        code: 'label/person-rule-conflict',
        message: `\`${values.rule}\` excludes \`${outside}\``,
        values,
        subject: `person/${code}`,
      }
    }
  }
  if (audienceOf(label).length === 0) {
    return { code: 'label/nobody', message: 'no nation is left that may read it', values: {}, subject: 'classification' }
  }
  return undefined
}
