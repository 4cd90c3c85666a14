import { listItems } from '@entente/client'
import { live } from './life.ts'
import { bend, clear, damage, draft, evidence, release, roster, stop } from './officers.ts'
import type { ReadyOpening, SimulatedReader } from './people.ts'
import type { Step } from './plan.ts'
import { type End, type Stage, told } from './stage.ts'

const RESENT_CODES = 2

/** Plays one step; what it ended with, for the trace. */
export async function play(stage: Stage, step: Step): Promise<string> {
  switch (step.step) {
    case 'draft':
      return draft(stage, step.until)
    case 'release':
      return release(stage, step.to)
    case 'list':
      return told(await list(stage, reader(stage, step.reader)))
    case 'open':
      return open(stage, reader(stage, step.reader), step.item)
    case 'resend':
      return resend(stage, reader(stage, step.reader), step.item, step.atOnce)
    case 'cross':
      return cross(stage, step.item, step.other)
    case 'late-answer':
      return lateAnswer(stage, step.item, step.seconds)
    case 'race':
      return race(stage, step)
    case 'stop':
      return stop(stage, step.item, step.wholeReport)
    case 'clear':
      return clear(stage, reader(stage, step.reader), step.wish)
    case 'roster':
      return roster(stage, step.from)
    case 'evidence':
      return evidence(stage, step.at, step.item)
    case 'damage':
      return damage(stage, step.at, step.item)
    case 'restart':
      await stage.kill(stage.nation(step.at), step.torn)
      await stage.start(stage.nation(step.at))
      return stage.nation(step.at).isUp ? 'up' : 'down'
    case 'crash-at':
      stage.crashAt(step)
      return ''
    case 'disk': {
      const host = stage.nation(step.at)
      const disk = step.journal === 'ledger' ? host.journal : host.officeJournal
      disk.mood = step.full ? 'full' : 'sound'
      return ''
    }
    case 'weather':
      stage.setWeather(step.weather)
      return ''
    case 'wait':
      if (step.seconds > 300) stage.jump(step.seconds)
      else await stage.pause(step.seconds * 1_000)
      return ''
    case 'life':
      return live(stage, step)
    case 'bend':
      return bend(stage, step.at, step.change)
    default:
      throw new Error('no such step')
  }
}

/** A person lists: the answer is held against the model before and after, since things may come in between. */
export async function list(stage: Stage, who: SimulatedReader, exactly = false): Promise<End<number>> {
  const { model, promises, world } = stage
  const expected = () => model.listable(promises.view(who.host), who.host.code, who.id, world.clock.now(who.host.code))
  const before = expected()
  const end = await stage.attempt(`${who.id} lists`, who.host, async () => listItems(who.client, { limit: 200 }))
  if (end.ended !== 'done') return end
  const after = expected()
  const shown = new Set(end.value.items.map(({ item }) => item))
  for (const item of shown)
    if (!before.may.includes(item) && !after.may.includes(item)) stage.tell(`lists: ${who.id} was shown ${item}, which may not be listed`)
  for (const item of before.must)
    if (after.must.includes(item) && !shown.has(item)) stage.tell(`lists: ${who.id} was not shown ${item}, which may be listed`)
  if (exactly && shown.size !== after.may.length) stage.tell(`lists: ${who.id} was shown ${shown.size} of ${after.may.length}`)
  return { ended: 'done', value: shown.size }
}

/** A person opens an item of their nation by the flow of a real client; the text must be the item's own. */
export async function openItem(stage: Stage, who: SimulatedReader, item: string): Promise<End<string>> {
  const { promises } = stage
  const asked = askedAt(stage, who, item)
  const end = await stage.attempt(`${who.id} opens`, who.host, () =>
    who.open(item, (request) => promises.keyJoined({ ...asked.key, request }, asked.stopped)),
  )
  if (end.ended === 'done') checkText(stage, item, end.value)
  return end
}

interface Asked {
  readonly key: { readonly reader: string; readonly item: string; readonly own: boolean }
  readonly stopped: boolean
}

/** What is to be remembered of the moment at which somebody begins to open. */
function askedAt({ promises, world, model }: Stage, who: SimulatedReader, item: string): Asked {
  const stopped = promises.view(world.originator).items.get(item)?.stoppedBy !== undefined
  const barred = !model.standings(who.id).has('cleared')
  return {
    key: { reader: barred ? `${who.id} (not cleared)` : who.id, item, own: who.host === world.originator },
    stopped: stopped || barred,
  }
}

function checkText(stage: Stage, item: string, text: string): void {
  const canary = stage.model.texts.get(item)
  if (canary === undefined || !text.includes(canary)) stage.tell(`P2: the text of ${item} is another one`)
}

function reader(stage: Stage, at: number): SimulatedReader {
  const who = stage.pick(stage.readers, at)
  if (who === undefined) throw new Error('nobody reads')
  return who
}

async function open(stage: Stage, who: SimulatedReader, at: number): Promise<string> {
  const item = stage.itemFor(who.host, at)
  return item === undefined ? 'nothing there' : told(await openItem(stage, who, item))
}

async function resend(stage: Stage, who: SimulatedReader, at: number, atOnce: boolean): Promise<string> {
  const item = stage.itemFor(who.host, at)
  if (item === undefined) return 'nothing there'
  const asked = askedAt(stage, who, item)
  const end = await stage.attempt(`${who.id} asks twice`, who.host, async () => {
    const ready = await who.prepare(item)
    const once = (): Promise<string | undefined> => sendAndJoin(stage, who, ready, asked)
    if (!atOnce) return [await once(), await once()]
    const both = await Promise.allSettled([once(), once()])
    const failed = both.filter((one) => one.status === 'rejected')
    if (failed.length === RESENT_CODES) throw failed[0]?.reason
    return both.map((one) => (one.status === 'fulfilled' ? one.value : undefined))
  })
  return told(end)
}

async function sendAndJoin(stage: Stage, who: SimulatedReader, ready: ReadyOpening, asked: Asked): Promise<string | undefined> {
  const text = await who.join(ready, await who.send(ready))
  if (text === undefined) return undefined
  stage.promises.keyJoined({ ...asked.key, request: ready.request.hash }, asked.stopped)
  checkText(stage, asked.key.item, text)
  return text
}

/** P2: the answers of one request are of no use to the client of another. */
async function cross(stage: Stage, first: number, second: number): Promise<string> {
  const [, who] = stage.readers
  if (who === undefined) return 'nobody'
  const items = [stage.itemFor(who.host, first), stage.itemFor(who.host, second)] as const
  const [one, other] = items
  if (one === undefined || other === undefined) return 'nothing there'
  const asked = askedAt(stage, who, one)
  const end = await stage.attempt('crossed answers', who.host, async () => {
    const ready = [await who.prepare(one), await who.prepare(other)] as const
    const answers = [await who.send(ready[0]), await who.send(ready[1])] as const
    const crossed = await who.join(ready[1], answers[0]).catch(() => undefined)
    if (crossed !== undefined) stage.tell(`P2: answers of one request opened ${other} for another`)
    const text = await who.join(ready[0], answers[0])
    if (text !== undefined) stage.promises.keyJoined({ ...asked.key, request: ready[0].request.hash }, asked.stopped)
    return text
  })
  return told(end)
}

async function lateAnswer(stage: Stage, at: number, seconds: number): Promise<string> {
  const [, who] = stage.readers
  const item = who === undefined ? undefined : stage.itemFor(who.host, at)
  if (who === undefined || item === undefined) return 'nothing there'
  const { wire } = stage.world
  const before = wire.patienceMilliseconds
  // As a relay that is in no hurry: it waits longer than any grant lives.
  wire.patienceMilliseconds = 240_000
  stage.treat = ({ path }) => (path === '/openings' ? { lateMilliseconds: seconds * 1_000, on: 'way-back' } : undefined)
  try {
    return told(await openItem(stage, who, item))
  } finally {
    stage.treat = () => undefined
    wire.patienceMilliseconds = before
  }
}

/** A stop while an opening's checkpoint is on its way to the witness. */
async function race(stage: Stage, { reader: at, item: number, afterMilliseconds }: Extract<Step, { step: 'race' }>): Promise<string> {
  const who = reader(stage, at)
  const item = stage.itemFor(who.host, number)
  if (item === undefined) return 'nothing there'
  const { code } = stage.world.originator
  stage.treat = ({ from, path }) => (from === code && path === '/witness' ? { lateMilliseconds: 1_500, on: 'way-back' } : undefined)
  const stopping = async (): Promise<string> => {
    await new Promise((resolve) => setTimeout(resolve, 1 + afterMilliseconds))
    return stop(stage, number, false, item)
  }
  const ends = await stage.together(() => Promise.all([openItem(stage, who, item), stopping()]))
  stage.treat = () => undefined
  return `${told(ends[0])}; stop ${ends[1]}`
}
