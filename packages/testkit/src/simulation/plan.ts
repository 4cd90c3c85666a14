import type { CrashPoint } from '@entente/node'
import { type Chance, chanceOf } from '../chance.ts'

/** Which nation: the originator's or the recipient's. */
export type Side = 'originator' | 'recipient'

/** What the line between the nations is like from now on. */
export type Weather =
  | { readonly kind: 'fair' }
  /** Each call may be lost, lose its answer, come twice, or be late by up to so many milliseconds, so that others overtake it. */
  | { readonly kind: 'rough'; readonly perMille: number; readonly lateMilliseconds: number }
  | { readonly kind: 'cut' }
  /** Nothing that this side sends comes through, neither calls nor answers. */
  | { readonly kind: 'one-way'; readonly mute: Side }

/** One thing that somebody does in the life of the agreement; `wider`: what a proposal proposes. */
export interface LifeStep {
  readonly step: 'life'
  readonly at: Side
  readonly act: 'propose' | 'initial' | 'seal' | 'suspend' | 'resume' | 'terminate'
  /** Of the authority's two persons. */
  readonly who: 'first' | 'second'
  readonly wider: boolean
}

/** One step of a walk. People, items and drafts are numbers that are taken modulo how many there are, so that any step may be left out. */
export type Step =
  | LifeStep
  | { readonly step: 'draft'; readonly until: 'stays' | 'submitted' | 'returned' }
  | { readonly step: 'release'; readonly to: 'partner' | 'own' }
  | { readonly step: 'list'; readonly reader: number }
  | { readonly step: 'open'; readonly reader: number; readonly item: number }
  /** The same bytes again: at once, or when the first answer is there. */
  | { readonly step: 'resend'; readonly reader: number; readonly item: number; readonly atOnce: boolean }
  /** The answers of one request given to the client for another. */
  | { readonly step: 'cross'; readonly item: number; readonly other: number }
  /** The originator's answer comes back only after so many seconds. */
  | { readonly step: 'late-answer'; readonly item: number; readonly seconds: number }
  /** A stop while an opening waits for its cosignature. */
  | { readonly step: 'race'; readonly reader: number; readonly item: number; readonly afterMilliseconds: number }
  | { readonly step: 'stop'; readonly item: number; readonly wholeReport: boolean }
  | { readonly step: 'clear'; readonly reader: number; readonly wish: 'suspend' | 'withdraw' | 'restore' }
  | { readonly step: 'roster'; readonly from: Side }
  | { readonly step: 'evidence'; readonly at: Side; readonly item: number }
  | { readonly step: 'damage'; readonly at: Side; readonly item: number }
  /** The process is killed and started again. `torn`: tiles, which are never synced, are lost or cut. */
  | { readonly step: 'restart'; readonly at: Side; readonly torn: boolean }
  /** The process dies the next time that it comes to this point; `write` is the middle of a write to the journal. */
  | { readonly step: 'crash-at'; readonly at: Side; readonly point: CrashPoint | 'write' }
  | { readonly step: 'disk'; readonly at: Side; readonly journal: 'ledger' | 'office'; readonly full: boolean }
  | { readonly step: 'weather'; readonly weather: Weather }
  | { readonly step: 'wait'; readonly seconds: number }
  /** Somebody changes rows of the database; then everybody lists. */
  | { readonly step: 'bend'; readonly at: Side; readonly change: Readonly<Record<string, string | number>> }

/** A step, how long after it nothing happens, and whether a nation that is down is started again first. */
export interface PlannedStep {
  readonly act: Step
  readonly pauseMilliseconds: number
  readonly startsAgain: boolean
}

const POINTS = ['journal-written', 'tile-written', 'checkpoint-signed', 'cosigned', 'write', 'write'] as const
/** Changes that make a row lie about what was signed. */
const CHANGES: readonly Readonly<Record<string, string | number>>[] = [
  { serial: 2 },
  { area: 'air' },
  { statement: 'ab'.repeat(32) },
  { expires_at: 4_000_000_000 },
  { released_at: 1 },
  { signed: '{}' },
]

/** How often each step comes, in parts of their sum. */
const MAKERS: readonly { readonly weight: number; readonly make: (chance: Chance) => Step }[] = [
  { weight: 6, make: (chance) => ({ step: 'draft', until: pick(chance, ['stays', 'submitted', 'returned']) }) },
  { weight: 12, make: (chance) => ({ step: 'release', to: chance.below(4) === 0 ? 'own' : 'partner' }) },
  { weight: 9, make: (chance) => ({ step: 'list', reader: chance.below(4) }) },
  { weight: 16, make: (chance) => ({ step: 'open', reader: readerOf(chance), item: chance.below(8) }) },
  { weight: 6, make: (chance) => ({ step: 'resend', reader: chance.below(2), item: chance.below(8), atOnce: chance.below(2) === 0 }) },
  { weight: 3, make: (chance) => ({ step: 'cross', item: chance.below(8), other: chance.below(8) }) },
  { weight: 4, make: (chance) => ({ step: 'late-answer', item: chance.below(8), seconds: 5 + chance.below(120) }) },
  {
    weight: 6,
    make: (chance) => ({ step: 'race', reader: chance.below(2), item: chance.below(8), afterMilliseconds: chance.below(3_000) }),
  },
  { weight: 4, make: (chance) => ({ step: 'stop', item: chance.below(8), wholeReport: chance.below(2) === 0 }) },
  {
    weight: 6,
    make: (chance) => ({ step: 'clear', reader: chance.below(2), wish: pick(chance, ['suspend', 'withdraw', 'restore', 'restore']) }),
  },
  { weight: 4, make: (chance) => ({ step: 'roster', from: sideOf(chance) }) },
  { weight: 2, make: (chance) => ({ step: 'evidence', at: sideOf(chance), item: chance.below(8) }) },
  { weight: 2, make: (chance) => ({ step: 'damage', at: sideOf(chance), item: chance.below(8) }) },
  { weight: 5, make: (chance) => ({ step: 'restart', at: sideOf(chance), torn: chance.below(2) === 0 }) },
  { weight: 8, make: (chance) => ({ step: 'crash-at', at: sideOf(chance), point: pick(chance, POINTS) }) },
  {
    weight: 4,
    make: (chance) => ({
      step: 'disk',
      at: sideOf(chance),
      journal: chance.below(3) === 0 ? 'office' : 'ledger',
      full: chance.below(2) === 0,
    }),
  },
  { weight: 10, make: (chance) => ({ step: 'weather', weather: weatherOf(chance) }) },
  { weight: 4, make: (chance) => ({ step: 'wait', seconds: pick(chance, [30, 90, 3_600, 86_400]) }) },
  { weight: 2, make: (chance) => ({ step: 'bend', at: sideOf(chance), change: pick(chance, CHANGES) }) },
]

/** The walk of a seed: the same steps every time. */
export function planOf(seed: string, length: number): readonly PlannedStep[] {
  const chance = chanceOf(`${seed}/plan`)
  const sum = MAKERS.reduce((total, { weight }) => total + weight, 0)
  return Array.from({ length }, () => {
    let at = chance.below(sum)
    const maker = MAKERS.find(({ weight }) => (at -= weight) < 0)
    if (maker === undefined) throw new Error('no step')
    const act = maker.make(chance)
    return { act, pauseMilliseconds: chance.below(3) === 0 ? chance.below(5_000) : 0, startsAgain: chance.below(2) === 0 }
  })
}

/** A step in a line of a trace. */
export function printStep({ act, pauseMilliseconds, startsAgain }: PlannedStep): string {
  const { step, ...rest } = act
  const more = Object.entries(rest).map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
  return `${startsAgain ? '(up) ' : ''}${[step, ...more].join(', ')}${pauseMilliseconds > 0 ? `, then ${pauseMilliseconds} ms` : ''}`
}

function weatherOf(chance: Chance): Weather {
  switch (chance.below(6)) {
    case 0:
      return { kind: 'cut' }
    case 1:
      return { kind: 'one-way', mute: sideOf(chance) }
    case 2:
    case 3:
      return { kind: 'rough', perMille: 100 + chance.below(500), lateMilliseconds: pick(chance, [50, 2_000, 20_000, 90_000]) }
    default:
      return { kind: 'fair' }
  }
}

function readerOf(chance: Chance): number {
  return chance.below(8) < 7 ? chance.below(2) : 2 + chance.below(2)
}

function sideOf(chance: Chance): Side {
  return chance.below(3) === 0 ? 'recipient' : 'originator'
}

function pick<const T>(chance: Chance, from: readonly T[]): T {
  const one = from[chance.below(from.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}
