import { type AgreementVersion, type Act, type Grant, areaAndAbove } from '@entente/agreement'
import { type Decision, type Question, compile } from '@entente/decision'
import { type Point, type Side, questionOf } from '@entente/difference'
import { clearancesFor } from './matrix.ts'

/** What an example varies of the question that fits the grant. */
export type ExampleKind = 'fits' | 'above' | 'below' | 'clearance' | 'third' | 'area' | 'act' | 'purpose' | 'mark' | 'late'

/** A question, and what the decision function says of it. */
export interface Example {
  readonly kind: ExampleKind
  readonly point: Point
  readonly question: Question
  readonly decision: Decision
}

const THIRD_NATION = 'XXX'
const OTHER_ACTS: readonly Act[] = ['export', 'print', 'derive', 'onward-release']

/**
 * Questions about a grant of a version, decided here and now: one that fits it, and the nearest ones round it that the version
 * may or may not allow. `deciding` is the nation whose rules are asked.
 */
export function examplesOf(version: AgreementVersion, grant: Grant, side: Side, deciding: string): readonly Example[] {
  const fitting = fittingPoint(version, grant, side)
  if (fitting === undefined) return []
  const at = Math.max(side.at, version.body.inForceFrom)
  const asked: Side = { ...side, at }
  const decider = compile({ deciding, agreements: [version], policies: side.policies })
  const basis = { agreement: version.body.agreement, version: version.id, article: grant.article, grant: grant.id }
  return variants(version, grant, side, fitting).map(([kind, point]) => {
    const question = questionOf(asked, point, basis)
    return { kind, point, question, decision: decider.decide(question) }
  })
}

/** What a grant allows at its ceiling, by the lowest clearance that reaches it. */
export function fittingPoint({ body }: AgreementVersion, grant: Grant, side: Side): Point | undefined {
  const to = grant.to === 'members' ? body.parties.find(({ nation }) => nation !== grant.from && nation !== grant.via)?.nation : grant.to
  const [area] = grant.areas
  if (to === undefined || area === undefined) return undefined
  const at = Math.max(side.at, body.inForceFrom)
  const [clearance] = clearancesFor(side.policies, body, { from: grant.from, to, level: grant.ceiling, at })
  const { person } = grant
  const purpose = person.purposes[0] ?? 'assessment'
  const act = ['open', 'show', 'list'].find((one) => grant.acts.some((granted) => granted === one)) ?? grant.acts[0]
  if (clearance === undefined || act === undefined) return undefined
  return {
    direction: { from: grant.from, to, ...(grant.via === undefined ? {} : { via: grant.via }) },
    area,
    classification: grant.ceiling,
    categories: [],
    personRules: [],
    act: act as Act,
    ageDays: 0,
    clearance,
    citizenships: person.citizenship.includes(to) ? [to] : person.citizenship.slice(0, 1),
    needs: [area],
    ...(person.organisations?.[0] === undefined ? {} : { organisation: person.organisations[0] }),
    ...(person.posts?.[0] === undefined ? {} : { post: person.posts[0] }),
    ...(person.facilities?.[0] === undefined ? {} : { facility: person.facilities[0] }),
    attested: purpose,
    purpose,
  }
}

function variants({ body }: AgreementVersion, grant: Grant, side: Side, fits: Point): readonly (readonly [ExampleKind, Point])[] {
  const { from, to } = fits.direction
  const policy = side.policies.find(({ nation }) => nation === from)
  const levels = (policy?.classifications ?? []).toSorted((a, b) => a.order - b.order).map(({ code }) => code)
  const above = levels[levels.indexOf(grant.ceiling) + 1]
  const below = levels[levels.indexOf(grant.floor ?? levels[0] ?? '') - 1]
  const cleared = (side.policies.find(({ nation }) => nation === to)?.clearances ?? []).toSorted((a, b) => a.order - b.order)
  const lower = cleared[cleared.findIndex(({ code }) => code === fits.clearance) - 1]?.code
  const elsewhere = body.areas.find(
    ({ code }) => !areaAndAbove(body, fits.area).includes(code) && !areaAndAbove(body, code).includes(fits.area),
  )
  const act = OTHER_ACTS.find((one) => !grant.acts.includes(one))
  const mark = policy?.categories
    .filter(({ kind }) => kind !== 'informative')
    .flatMap(({ tag, values }) => values.map(({ code }) => `${tag}/${code}`))
  const barred = mark?.find((value) => !grant.categories.includes(value))
  const days = Math.min(grant.lifeDays, body.retention?.itemDays ?? Infinity)
  const other = grant.person.purposes.length === 0 ? undefined : 'training'
  return [
    ['fits', fits],
    ...(above === undefined ? [] : [['above', { ...fits, classification: above }] as const]),
    ...(below === undefined ? [] : [['below', { ...fits, classification: below }] as const]),
    ...(lower === undefined ? [] : [['clearance', { ...fits, clearance: lower }] as const]),
    ['third', { ...fits, citizenships: [...fits.citizenships, THIRD_NATION].sort() }],
    ...(elsewhere === undefined ? [] : [['area', { ...fits, needs: [elsewhere.code] }] as const]),
    ...(act === undefined ? [] : [['act', { ...fits, act }] as const]),
    ...(barred === undefined ? [] : [['mark', { ...fits, categories: [barred] }] as const]),
    ...(other === undefined ? [] : [['purpose', { ...fits, attested: other, purpose: other }] as const]),
    ['late', { ...fits, ageDays: days }],
  ]
}
