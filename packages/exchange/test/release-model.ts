/**
 * The release of one key between two nations as a small machine, every state of which is visited (spec/key-release.md 8).
 * One item under key control *both*, one request, one stop; both nodes may crash and the link may fail between any two
 * steps. `Twin` names a way of getting it wrong.
 */

/** How far an entry has come: in memory only, on the disk, cosigned by the other nation. */
export type Durability = 'none' | 'memory' | 'durable' | 'cosigned'

export interface State {
  readonly link: boolean
  readonly grant: Durability
  readonly open: Durability
  readonly stop: Durability
  /** An officer of O has asked for the stop. */
  readonly stopAsked: boolean
  /** The request with R's grant is in O's hands. In memory: a crash of O loses it, R relays again. */
  readonly relayed: boolean
  /** O's process has unwrapped; the answer is in the node's memory and has not left. */
  readonly unwrapped: boolean
  readonly grantOver: boolean
  readonly shareOfO: boolean
  readonly shareOfR: boolean
  /** What was ever true when it should not have been. */
  readonly broken: readonly Property[]
}

export type Property = 'P1' | 'P3' | 'P4' | 'P8'
export type Twin =
  | 'none'
  | 'originator-first'
  | 'unwrap-then-write'
  | 'stop-waits-for-cosignature'
  | 'originator-without-grant'
  | 'recipient-without-originator'
  | 'no-second-look'
  | 'answers-from-memory'

export const start: State = {
  link: true,
  grant: 'none',
  open: 'none',
  stop: 'none',
  stopAsked: false,
  relayed: false,
  unwrapped: false,
  grantOver: false,
  shareOfO: false,
  shareOfR: false,
  broken: [],
}

interface Step {
  readonly name: string
  readonly to: State
}

const RANK: Record<Durability, number> = { none: 0, memory: 1, durable: 2, cosigned: 3 }
const reaches = (entry: Durability, least: Durability): boolean => RANK[entry] >= RANK[least]

/** Whether O acts on its stop. */
function stopped(state: State, twin: Twin): boolean {
  return reaches(state.stop, twin === 'stop-waits-for-cosignature' ? 'cosigned' : 'durable')
}

/** All steps that may come next. */
export function stepsFrom(state: State, twin: Twin): readonly Step[] {
  const steps: Step[] = []
  const add = (name: string, when: boolean, change: Partial<State>, leaves?: 'O' | 'R'): void => {
    if (when) steps.push({ name, to: judge(state, { ...state, ...change }, leaves) })
  }
  add('link fails', state.link, { link: false })
  add('link heals', !state.link, { link: true })
  add('O crashes', true, { relayed: false, unwrapped: false, open: afterCrash(state.open), stop: afterCrash(state.stop) })
  add('R crashes', true, { grant: afterCrash(state.grant) })

  add('R enters its grant', state.grant === 'none' && !state.grantOver, { grant: 'memory' })
  add('the grant is durable', state.grant === 'memory', { grant: 'durable' })
  add('O cosigns the grant', state.grant === 'durable' && state.link, { grant: 'cosigned' })
  add('the grant is over', reaches(state.grant, 'durable') && !state.grantOver, { grantOver: true })

  const mayAsk = twin === 'originator-first' || twin === 'originator-without-grant' || reaches(state.grant, 'cosigned')
  add('R relays', mayAsk && state.link && !state.grantOver && !state.relayed, { relayed: true })

  // The sequencer looks at the register in the step that gives the entry its place.
  add('O enters the opening', state.relayed && state.open === 'none' && !stopped(state, twin), { open: 'memory' })
  add('the opening is durable', state.open === 'memory', { open: 'durable' })
  add('R cosigns the opening', state.open === 'durable' && state.link, { open: 'cosigned' })
  const mayUnwrap = twin === 'unwrap-then-write' ? state.relayed : state.relayed && state.open === 'cosigned'
  add('O unwraps', mayUnwrap && !state.unwrapped && !stopped(state, twin), { unwrapped: true })
  // The node looks once more in the step that gives the answer to the wire: a stop may have come while it unwrapped.
  const looksAgain = twin !== 'no-second-look'
  add(
    'the answer of O leaves',
    state.unwrapped && state.link && !(looksAgain && stopped(state, twin)),
    { shareOfO: true, unwrapped: false, relayed: false },
    'O',
  )
  // R asks again with the same bytes, though O's answer was lost on the way.
  add(
    'O answers again from memory',
    twin === 'answers-from-memory' && state.relayed && state.shareOfO && state.link,
    { relayed: false },
    'O',
  )

  const mayGive = twin === 'recipient-without-originator' || state.shareOfO
  add('R gives its share', state.grant === 'cosigned' && !state.grantOver && mayGive && !state.shareOfR, { shareOfR: true }, 'R')

  add('a stop is asked for', !state.stopAsked, { stopAsked: true })
  add('O enters the stop', state.stopAsked && state.stop === 'none', { stop: 'memory' })
  add('the stop is durable', state.stop === 'memory', { stop: 'durable' })
  add('R cosigns the stop', state.stop === 'durable' && state.link, { stop: 'cosigned' })
  return steps
}

function afterCrash(entry: Durability): Durability {
  return entry === 'memory' ? 'none' : entry
}

/** What this one step breaks, kept for ever after. */
function judge(before: State, after: State, leaves: 'O' | 'R' | undefined): State {
  const broken = new Set(before.broken)
  const stopHeld = reaches(before.stop, 'durable')
  // P1: no share leaves before its entry is durable and cosigned.
  if (leaves === 'O' && after.open !== 'cosigned') broken.add('P1')
  if (leaves === 'R' && after.grant !== 'cosigned') broken.add('P1')
  // P3: with the stop durable, no share of O leaves, and no decision is made that completes a pair.
  if (leaves === 'O' && stopHeld) broken.add('P3')
  if (stopHeld && after.shareOfO && before.grant === 'none' && after.grant !== 'none') broken.add('P3')
  // P4: no share of one nation leaves without the other nation's entry.
  if (leaves === 'O' && !reaches(after.grant, 'durable')) broken.add('P4')
  if (leaves === 'R' && !reaches(after.open, 'durable')) broken.add('P4')
  return broken.size === before.broken.length ? after : { ...after, broken: [...broken].sort() }
}

export interface Visited {
  readonly states: number
  readonly steps: number
  /** Every property that broke, with a shortest way there. */
  readonly broken: ReadonlyMap<Property, readonly string[]>
  /** Whether a key can be opened at all: a machine that does nothing is safe and useless. */
  readonly opens: boolean
}

/** Visits every state, breadth first. */
export function visitAll(twin: Twin): Visited {
  const seen = new Map<string, { readonly state: State; readonly from?: string; readonly by: string }>()
  const keyOf = (state: State): string => JSON.stringify(Object.values(state))
  const queue = [start]
  seen.set(keyOf(start), { state: start, by: '' })
  const broken = new Map<Property, readonly string[]>()
  let steps = 0
  let opens = false
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] ?? start
    const key = keyOf(state)
    opens ||= state.shareOfO && state.shareOfR && state.broken.length === 0
    for (const property of state.broken) if (!broken.has(property)) broken.set(property, wayTo(key))
    if (!stopsAlone(state, twin) && !broken.has('P8')) broken.set('P8', wayTo(key))
    for (const { name, to } of stepsFrom(state, twin)) {
      steps++
      const next = keyOf(to)
      if (seen.has(next)) continue
      seen.set(next, { state: to, from: key, by: name })
      queue.push(to)
    }
  }
  return { states: seen.size, steps, broken, opens }

  function wayTo(key: string): string[] {
    const way: string[] = []
    for (let entry = seen.get(key); entry?.from !== undefined; entry = seen.get(entry.from)) way.unshift(entry.by)
    return way
  }
}

/** P8: from any state, without the link and without R, O can bring a stop that was asked for into force. */
function stopsAlone(state: State, twin: Twin): boolean {
  let now: State = { ...state, link: false, stopAsked: true }
  for (const name of ['O enters the stop', 'the stop is durable']) now = stepsFrom(now, twin).find((step) => step.name === name)?.to ?? now
  return stopped(now, twin)
}
