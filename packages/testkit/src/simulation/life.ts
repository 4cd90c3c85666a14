import type { AgreementNotice } from '@entente/agreement'
import type { Json, Signed } from '@entente/canonical'
import { listProposals } from '@entente/node'
import { AgreementHands } from '../agreement-hands.ts'
import { type Chance, chanceOf } from '../chance.ts'
import type { HostedNation } from '../hosted-nation.ts'
import type { DiskView } from './disk-view.ts'
import { type LifeStep, type PlannedStep, type Side, type Step, planOf } from './plan.ts'
import { textOf } from './promises.ts'
import { type Stage, told } from './stage.ts'

/** How far the clocks of two nations may be apart, in seconds. */
const SKEW_SECONDS = 30
/** Steps of a walk's own kind between two of the life's. */
const BETWEEN = 2

const BOTH: readonly Side[] = ['originator', 'recipient']
const WHO = ['first', 'second'] as const

/** The life of an agreement, from a proposal to its end: everything once in a storm, and once more with the line whole. */
const LIFE: readonly Pick<LifeStep, 'act'>[] = [
  { act: 'propose' },
  { act: 'initial' },
  { act: 'seal' },
  { act: 'suspend' },
  { act: 'resume' },
  { act: 'propose' },
  { act: 'initial' },
  { act: 'seal' },
  { act: 'terminate' },
]

/** A walk through the life of an agreement, with as much going wrong between its steps as on any other walk. */
export function lifePlanOf(seed: string): readonly PlannedStep[] {
  const chance = chanceOf(`${seed}/life`)
  const noise = planOf(`${seed}/life`, 200).filter(({ act }) => !['bend', 'clear', 'wait', 'draft'].includes(act.step))
  const between = (): readonly PlannedStep[] => noise.splice(0, chance.below(BETWEEN + 1))
  const calm: PlannedStep = { act: { step: 'weather', weather: { kind: 'fair' } }, pauseMilliseconds: 3_000, startsAgain: true }
  return LIFE.flatMap(({ act }) => {
    const once = stepsOf(chance, act)
    return [...once.flatMap((step) => [plain(step), ...between()]), ...soundDisks(), calm, ...once.map(plain), calm, ...open(chance)]
  })
}

function plain(act: Step): PlannedStep {
  return { act, pauseMilliseconds: 1_500, startsAgain: true }
}

function open(chance: Chance): readonly PlannedStep[] {
  return [plain({ step: 'release', to: 'partner' }), plain({ step: 'open', reader: 1, item: chance.below(8) })]
}

function soundDisks(): readonly PlannedStep[] {
  return BOTH.flatMap((at) => (['ledger', 'office'] as const).map((journal) => plain({ step: 'disk', at, journal, full: false })))
}

/** Who does one thing, in an order by chance: one nation or both, one person or both. */
function stepsOf(chance: Chance, act: LifeStep['act']): readonly LifeStep[] {
  const [one, other] = chance.below(2) === 0 ? BOTH : BOTH.toReversed()
  const nations =
    act === 'propose' || act === 'suspend' || act === 'terminate' ? [one ?? 'originator'] : [one ?? 'originator', other ?? 'recipient']
  const persons = act === 'propose' || act === 'initial' ? (['first'] as const) : chance.below(2) === 0 ? WHO : WHO.toReversed()
  return nations.flatMap((at) => persons.map((who) => ({ step: 'life', at, act, who, wider: chance.below(2) === 0 }) as const))
}

/** Plays one step of the life by the hands of those who have the role; what the order forbids now is no fault. */
export async function live(stage: Stage, { at, act, who, wider }: LifeStep): Promise<string> {
  const host = stage.nation(at)
  stage.model.agreementMoves = true
  if (!host.isUp) return 'down'
  const hands = new AgreementHands(stage.world, host)
  const isOfLife = (code: string): boolean => code.startsWith('exchange/life-')
  const end = await stage.attempt(`${host.code} ${act}`, host, () => does(stage, hands, host, { act, who, wider }), isOfLife)
  return told(end)
}

async function does(
  stage: Stage,
  hands: AgreementHands,
  host: HostedNation,
  { act, who, wider }: Pick<LifeStep, 'act' | 'who' | 'wider'>,
): Promise<string> {
  const { proposals } = await listProposals(host.parts)
  const open = proposals.filter(({ state }) => !['held', 'in-force', 'superseded'].includes(state))
  // The one that goes on: initialled by anybody, then the smallest, so that both follow one.
  const [next] = open.toSorted((a, b) => b.initialled.length - a.initialled.length || (a.id < b.id ? -1 : 1))
  switch (act) {
    case 'propose': {
      if (next !== undefined) return 'there'
      const ceiling = wider ? 'SECRET' : 'PROTECTED'
      const { originator } = stage.world
      return hands.propose(
        hands.next(({ grants, title }) => ({
          title: { ...title, en: `EXERCISE ${stage.promises.view(host).records.length}` },
          grants: grants.map((grant) => (grant.from === originator.code && grant.floor !== undefined ? { ...grant, ceiling } : grant)),
        })),
      )
    }
    case 'initial':
      return next === undefined || next.initialled.includes(host.code) ? 'nothing to do' : hands.initial(next.id)
    case 'seal':
      if (next === undefined) return 'nothing to do'
      await hands.seal(next.id, who)
      return 'sealed'
    case 'suspend':
      return (await hands.suspension()) === '' ? hands.notice({ notice: 'suspend' }, who) : 'suspended'
    case 'resume': {
      const of = await hands.suspension()
      return of === '' ? 'nothing to do' : hands.notice({ notice: 'resume', of }, who)
    }
    case 'terminate':
      return hands.notice({ notice: 'terminate' }, who)
    default:
      return act satisfies never
  }
}

/**
 * What must hold of an agreement's life at any moment (spec/agreement.md 8), from disks and from what each node decides by: nothing is in
 * force anywhere that not both have logged; it begins in one second on both; one text a number; a key is given under one version, the same
 * by both entries; and nothing is released, granted or opened after a suspension or an end that is durable there.
 */
export function checkLife(stage: Stage): void {
  const hold: Hold = (holds, what) => {
    if (!holds) stage.tell(what)
  }
  const { nations, data } = stage.world
  const views = new Map(nations.map((nation) => [nation, stage.promises.view(nation)]))
  const since = new Map<string, number | undefined>()
  const texts = new Map<number, string>()
  for (const nation of nations) {
    const view = views.get(nation)
    if (view !== undefined) checkStops(nation, view, hold)
    if (!nation.isUp) continue
    for (const { id, body, narrowingOnly, since: begins } of nation.parts.trust().agreements.get(data.agreement) ?? []) {
      hold((texts.get(body.version) ?? id) === id, `life: two texts of version ${body.version} are held`)
      texts.set(body.version, id)
      if (narrowingOnly === true || body.version === 1) continue
      for (const [of, seen] of views)
        hold(heldAt(seen, id) !== undefined, `life: ${nation.code} has version ${body.version} in force, which ${of.code} has not logged`)
      hold((since.get(id) ?? begins) === begins, `life: version ${body.version} begins at two times`)
      since.set(id, begins)
    }
  }
  const [own, theirs] = [views.get(stage.world.originator), views.get(stage.world.recipient)]
  if (own !== undefined && theirs !== undefined) checkVersions(stage, own, theirs, hold)
}

/** When a nation entered that it holds a version. */
function heldAt({ entries }: DiskView, version: string): number | undefined {
  return entries.find(({ fields }) => fields['act'] === 'agreement-held' && fields['version'] === version)?.at
}

function checkVersions(stage: Stage, own: DiskView, theirs: DiskView, hold: Hold): void {
  const [first] = stage.world.originator.isUp ? (stage.world.originator.parts.trust().agreements.get(stage.world.data.agreement) ?? []) : []
  for (const { log, at, fields } of own.entries) {
    if (fields['act'] !== 'open' || log === 'home') continue
    const version = textOf(fields['version'])
    const [grant] = theirs.about('grant', textOf(fields['request']))
    hold(grant?.fields['version'] === version, 'life: a key was given under two versions')
    if (first === undefined || version === first.id) continue
    for (const view of [own, theirs]) {
      const held = heldAt(view, version)
      hold(held !== undefined && held <= at + SKEW_SECONDS, 'life: a key was given under a version that not both had logged')
    }
  }
}

type Hold = (holds: boolean, what: string) => void

interface Body {
  readonly agreements?: readonly { readonly kind: string; readonly document: string }[]
}

/** Records of one journal in their order: what is durable there stops what comes after it. */
function checkStops({ code }: HostedNation, { records }: DiskView, hold: Hold): void {
  const suspended = new Map<string, { readonly from: number; readonly until: Map<string, number> }>()
  let ended = Infinity
  for (const { at, body, entries } of records) {
    for (const { log, opening } of entries) {
      const act = opening.fields.find(({ name }) => name === 'act')?.value
      if (log === 'home' || !isGiving(act)) continue
      const stops = [...suspended.values()].some(
        ({ from, until }) => from <= at && [...until.values()].filter((end) => end <= at).length < 2,
      )
      hold(!stops, `life: ${code} entered ${textOf(act)} while the agreement was suspended`)
      hold(at < ended, `life: ${code} entered ${textOf(act)} after the end of the agreement`)
    }
    for (const { kind, document } of (body as unknown as Body).agreements ?? []) {
      if (kind !== 'notice') continue
      const { notice, nation, of = '', effectiveAt } = (JSON.parse(document) as Signed<AgreementNotice>).body
      if (notice === 'suspend') suspended.set(idIn(entries), { from: effectiveAt, until: new Map() })
      if (notice === 'resume') suspended.get(of)?.until.set(nation, effectiveAt)
      if (notice === 'terminate') ended = Math.min(ended, effectiveAt)
    }
  }
}

function isGiving(act: Json | undefined): boolean {
  return act === 'open' || act === 'grant' || act === 'release'
}

/** The id under which the entry of a notice names it. */
function idIn(
  entries: readonly { readonly opening: { readonly fields: readonly { readonly name: string; readonly value: Json }[] } }[],
): string {
  return textOf(entries[0]?.opening.fields.find(({ name }) => name === 'notice')?.value)
}
