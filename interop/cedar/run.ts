/**
 * `decide` and Cedar are asked the same (spec/cedar.md): 100,000 cases of random worlds, or `ENTENTE_CASES` of them, from
 * `ENTENTE_SEED`; and of a tenth as many portions under grants what an office may release. Every kind of refusal must have been met, and a third of the cases be permits. What they do not agree on is printed
 * whole: with its question and facts it is a vector. Last line: `N passed, N failed`.
 */
import { compare } from '../../packages/cedar/test/differential.ts'
import { compareOffices } from '../../packages/cedar/test/offices.ts'

const CASES = Number(process.env['ENTENTE_CASES'] ?? 100_000)
const SEED = Number(process.env['ENTENTE_SEED'] ?? 1)
/** Disagreements that are printed whole. */
const SHOWN = 5
/** The codes with which `decide` refuses a question, all of which a run of full length meets. */
const CODES = [
  'no-grant',
  'agreement-unknown',
  'agreement-not-in-force',
  'basis-not-found',
  'direction',
  'area-not-covered',
  'above-ceiling',
  'below-floor',
  'category-not-covered',
  'act-not-granted',
  'not-releasable',
  'person-rule',
  'person-rule-prohibited',
  'forbidden',
  'clearance-missing',
  'clearance-too-low',
  'clearance-no-equivalent',
  'need-to-know',
  'citizenship',
  'citizenship-unknown',
  'purpose',
  'suspended',
  'suspension-unknown',
  'briefing',
  'expired',
  'stopped',
  'policy-unknown',
  'not-a-member',
  'third-party',
  'basis-not-in-force',
  'agreement-suspended',
  'agreement-ended',
  'use-not-granted',
  'organisation',
  'post',
  'facility',
] as const

const started = process.cpuUsage()
const { cases, permits, requests, codes, disagreements } = compare(CASES, SEED, { checked: false, questions: 1_500 })
const { user, system } = process.cpuUsage(started)
console.log(
  `${cases} cases from seed ${SEED}, ${permits} permits, ${requests} requests to Cedar, ${((user + system) / 1e6).toFixed(0)} s of one core`,
)

const met = CODES.map((code) => [code, codes.get(`decision/${code}`) ?? 0] as const)
for (const [code, times] of met) console.log(`${String(times).padStart(7)}  ${code}`)
for (const { why, question, facts, decision } of disagreements.slice(0, SHOWN)) {
  console.log(`DISAGREE ${why}\n${JSON.stringify({ question, decision, facts })}`)
}
const offices = compareOffices(Math.ceil(CASES / 10), SEED, { checked: false, questions: 1_500 })
console.log(`${offices.cases} portions under grants, of which an office may release ${offices.permits}`)
for (const { question, grant, facts, cedar } of offices.disagreements.slice(0, SHOWN)) {
  console.log(`DISAGREE cedar ${cedar ? 'permits' : 'refuses'} the release\n${JSON.stringify({ question, grant, facts })}`)
}
const failures = [
  ...(permits < cases * 0.3 ? [`only ${permits} of ${cases} are permits`] : []),
  ...met.filter(([, times]) => times === 0).map(([code]) => `no case was refused with ${code}`),
]
for (const failure of failures) console.log(`FAIL ${failure}`)
const failed = disagreements.length + offices.disagreements.length + failures.length
console.log(`${cases + offices.cases - disagreements.length - offices.disagreements.length} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
