import { draftReport, enterAct, listDrafts, listItems, memoryScratch, readEvidence, releaseReport, returnDraft, revokeItem, submitDraft, verifyEntries } from '@entente/client'
import { assessDamage, personAtOffice, sendRoster } from '@entente/node'
import type { HostedNation } from '../hosted-nation.ts'
import type { Standing } from './model.ts'
import { type ReadyOpening, type SimulatedReader, clearAgain, clientOf, deskOf } from './people.ts'
import type { Side, Step } from './plan.ts'
import type { End, Stage } from './stage.ts'

const RESENT_CODES = 2

/** Plays one step; what it ended with, for the trace. */
export async function play(stage: Stage, step: Step): Promise<string> {
  switch (step.step) {
    case 'draft':
      return draft(stage, step.then)
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
      if (step.seconds > 300) stage.skip(step.seconds)
      else await stage.pause(step.seconds * 1_000)
      return ''
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
  const end = await stage.attempt(`${who.id} lists`, who.host, async () => listItems(who.client))
  if (end.ended !== 'done') return end
  const after = expected()
  const shown = new Set(end.value.map(({ item }) => item))
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
  const end = await stage.attempt(`${who.id} opens`, who.host, () => who.open(item, (request) => promises.keyJoined({ ...asked.key, request }, asked.stopped)))
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
  return { key: { reader: barred ? `${who.id} (not cleared)` : who.id, item, own: who.host === world.originator }, stopped: stopped || barred }
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

/** An item by number: that of the reader's nation. */
function itemFor(stage: Stage, host: HostedNation, at: number): string | undefined {
  const isOwn = host === stage.world.originator
  return stage.pick(
    stage.released.flatMap(({ own, partner }) => (isOwn ? [own] : partner === undefined ? [] : [partner])),
    at,
  )
}

async function open(stage: Stage, who: SimulatedReader, at: number): Promise<string> {
  const item = itemFor(stage, who.host, at)
  return item === undefined ? 'nothing there' : told(await openItem(stage, who, item))
}

async function resend(stage: Stage, who: SimulatedReader, at: number, atOnce: boolean): Promise<string> {
  const item = itemFor(stage, who.host, at)
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
  const items = [itemFor(stage, who.host, first), itemFor(stage, who.host, second)] as const
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
  const item = who === undefined ? undefined : itemFor(stage, who.host, at)
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
  const item = itemFor(stage, who.host, number)
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

async function stop(stage: Stage, at: number, wholeReport: boolean, named?: string): Promise<string> {
  const { world } = stage
  const { originator } = world
  const item = named ?? itemFor(stage, stage.nation(at % 2 === 0 ? 'originator' : 'recipient'), at)
  if (item === undefined) return 'nothing there'
  const officer = world.data.story.cast.securityOfficer
  const end = await stage.attempt('a stop', originator, () =>
    revokeItem(clientOf(world, originator, officer), { item, reason: 'withdrawn', wholeReport, officer: world.officerKey(officer) }),
  )
  // P8: it waits for nothing but the own disk; only a full one may keep it from being durable.
  if (end.ended === 'refused' && end.code !== 'node/disk-full') stage.tell(`P8: a stop of ${item} was refused: ${end.code}`)
  if (end.ended === 'done' && stage.promises.view(originator).items.get(item)?.stoppedBy === undefined)
    stage.tell(`promise 5: the stop of ${item} was acknowledged and is not on the disk`)
  return told(end)
}

async function draft(stage: Stage, then: 'stays' | 'submitted' | 'returned'): Promise<string> {
  const { model, world } = stage
  const { author, officer } = world.hands
  const written = await write(stage, `EXERCISE draft ${model.drafts.size}`)
  if (written === undefined) return 'not written'
  if (then === 'stays') return 'draft'
  model.draftMayBe(written, 'review')
  const given = await stage.attempt('a draft is submitted', world.originator, () => submitDraft(clientOf(world, world.originator, author).api, written))
  if (given.ended !== 'done') return told(given)
  model.draftIs(written, 'review')
  if (then === 'submitted') return 'review'
  model.draftMayBe(written, 'returned')
  const back = await stage.attempt('a draft is returned', world.originator, () =>
    returnDraft(clientOf(world, world.originator, officer).api, written, 'EXERCISE'),
  )
  if (back.ended === 'done') model.draftIs(written, 'returned')
  return told(back)
}

async function write(stage: Stage, text: string): Promise<string | undefined> {
  const { model, world } = stage
  const { author, area, marking } = world.hands
  const end = await stage.attempt('a draft is written', world.originator, () =>
    draftReport(clientOf(world, world.originator, author), {
      title: { en: 'EXERCISE report' },
      area,
      portions: [{ kind: 'text', marking, texts: [{ lang: 'en', text }] }],
    }),
  )
  if (end.ended !== 'done') return undefined
  model.draftIs(end.value.id, 'draft')
  return end.value.id
}

/** Writes, submits, seals and releases; what was released after all though nobody was told is found on the disk. */
export async function release(stage: Stage, to: 'partner' | 'own'): Promise<string> {
  const { model, world, promises } = stage
  const { originator, recipient } = world
  const { author, officer, officerKey } = world.hands
  const canary = `EXERCISE canary ${promises.view(originator).records.length}.`
  const id = await write(stage, canary)
  if (id === undefined) return 'not written'
  model.draftMayBe(id, 'review')
  const given = await stage.attempt('a draft is submitted', originator, () => submitDraft(clientOf(world, originator, author).api, id))
  if (given.ended !== 'done') return told(given)
  model.draftIs(id, 'review')
  model.draftMayBe(id, 'released')
  const known = new Set(promises.view(originator).items.keys())
  const end = await stage.attempt('a release', originator, () =>
    releaseReport(clientOf(world, originator, officer), {
      draft: id,
      to: to === 'partner' ? [recipient.code] : [],
      officer: officerKey,
      scratch: async () => memoryScratch(),
    }),
  )
  const fresh = [...promises.view(originator).items].filter(([item]) => !known.has(item))
  for (const [item] of fresh) model.texts.set(item, canary)
  const own = fresh.find(([, item]) => item.recipient === originator.code)?.[0]
  const partner = fresh.find(([, item]) => item.recipient === recipient.code)?.[0]
  if (own !== undefined) {
    stage.released.push({ own, ...(partner === undefined ? {} : { partner }) })
    model.draftIs(id, 'released')
  } else if (end.ended === 'done') stage.tell('promise 5: a release was acknowledged and is not on the disk')
  else if (end.ended === 'refused') model.draftIs(id, 'review')
  return told(end)
}

async function clear(stage: Stage, who: SimulatedReader, wish: 'suspend' | 'withdraw' | 'restore'): Promise<string> {
  const { model, world } = stage
  const standing = await standingOf(stage, who)
  if (standing === undefined) return 'not known'
  const become = async (after: Standing, act: () => Promise<unknown>): Promise<string> => {
    model.mayStand(who.id, after)
    const end = await stage.attempt(`${wish} ${who.id}`, who.host, act)
    if (end.ended === 'done') model.stands(who.id, after)
    return told(end)
  }
  const act = (name: 'suspend' | 'withdraw' | 'reinstate') => async () => enterAct(deskOf(world, who.host), { act: name, person: who.id })
  if (wish === 'suspend') return standing === 'cleared' ? become('suspended', act('suspend')) : standing
  if (wish === 'withdraw') return standing === 'withdrawn' ? standing : become('withdrawn', act('withdraw'))
  if (standing === 'suspended') return become('cleared', act('reinstate'))
  const person = world.data.nations.flatMap(({ persons }) => persons).find(({ id }) => id === who.id)
  if (standing === 'cleared' || person === undefined) return standing
  for (const may of ['unassigned', 'cleared'] as const) model.mayStand(who.id, may)
  const end = await stage.attempt(`restore ${who.id}`, who.host, () =>
    clearAgain(world, who, person, standing === 'withdrawn' ? 'nothing' : 'cleared', (reached) => model.stands(who.id, reached)),
  )
  return told(end)
}

/** What a person's standing is; where an answer did not come, the office is asked, and must say one of what may be. */
async function standingOf(stage: Stage, who: SimulatedReader): Promise<Standing | undefined> {
  const may = stage.model.standings(who.id)
  const end = await stage.attempt(`the office is asked of ${who.id}`, who.host, () => personAtOffice(who.host.parts, who.id))
  if (end.ended !== 'done') return undefined
  const status = end.value
  const standing: Standing =
    status.state === 'suspended'
      ? 'suspended'
      : status.state !== 'cleared'
        ? 'withdrawn'
        : status.assignments.length > 0
          ? 'cleared'
          : 'unassigned'
  if (!may.has(standing)) stage.tell(`promise 5: the office says ${standing} of ${who.id}, who is ${[...may].join(' or ')}`)
  stage.model.stands(who.id, standing)
  return standing
}

async function roster(stage: Stage, from: Side): Promise<string> {
  const host = stage.nation(from)
  const to = stage.nation(from === 'originator' ? 'recipient' : 'originator').code
  return told(await stage.attempt('a roster', host, () => sendRoster(host.parts, { agreement: stage.world.data.agreement, to })))
}

async function evidence(stage: Stage, at: Side, number: number): Promise<string> {
  const host = stage.nation(at)
  const item = itemFor(stage, host, number)
  if (item === undefined) return 'nothing there'
  const end = await stage.attempt('evidence', host, async () => {
    const client = clientOf(stage.world, host, stage.world.data.story.cast.author)
    return verifyEntries(client, await readEvidence(client, item))
  })
  if (end.ended === 'done')
    for (const one of end.value) if (one.state === 'wrong') stage.tell(`P1: an entry of ${item} does not verify: ${one.code}`)
  return told(end)
}

async function damage(stage: Stage, at: Side, number: number): Promise<string> {
  const host = stage.nation(at)
  const item = itemFor(stage, host, number)
  if (item === undefined) return 'nothing there'
  const end = await stage.attempt('damage', host, () => assessDamage(host.parts, item, { scope: 'item', person: 'EXERCISE' }))
  if (end.ended !== 'done') return told(end)
  const about = stage.promises.view(host).entries.filter(({ fields }) => fields['item'] === item)
  const [assessed] = end.value.items
  const counted = [assessed?.permits.length, assessed?.grants.length]
  const entered = ['open', 'grant'].map((act) => about.filter(({ fields }) => fields['act'] === act).length)
  if (counted.some((count, index) => (count ?? 0) > (entered[index] ?? 0)) || assessed?.unreadable !== 0)
    stage.tell(`damage: ${item} has ${counted.join('+')} of ${entered.join('+')}`)
  const missing = host === stage.world.originator ? stage.promises.joined.filter((key) => key.item === item).length > (counted[0] ?? 0) : false
  if (missing) stage.tell(`damage: ${item} was opened more often than is said`)
  return told(end)
}

/** P6: rows that lie are no items: nobody is shown more than before, and nothing opens that would not. */
async function bend(stage: Stage, at: Side, change: Readonly<Record<string, string | number>>): Promise<string> {
  const host = stage.nation(at)
  if (!host.isUp) return 'down'
  const { db } = host.parts
  await stage.attempt('rows are bent', host, () => db.updateTable('items').set(change).execute())
  const may = stage.readers
    .filter((who) => who.host === host)
    .map((who) => ({ who, may: stage.model.listable(stage.promises.view(host), host.code, who.id, stage.world.clock.now(host.code)).may }))
  for (const { who, may: listable } of may) {
    const end = await stage.attempt(`${who.id} lists bent rows`, host, async () => listItems(who.client))
    if (end.ended === 'done' && end.value.some(({ item }) => !listable.includes(item))) stage.tell(`P6: bent rows showed ${who.id} more`)
  }
  await stage.kill(host, false)
  await stage.start(host)
  for (const nation of stage.world.nations) nation.noticed.splice(0)
  return 'bent'
}

function told(end: End<unknown>): string {
  return end.ended === 'refused' ? end.code : end.ended
}

/** Every draft that the author was told of is there, in the state that was told; of released ones there is none. */
export async function checkDrafts(stage: Stage): Promise<void> {
  const { model, world } = stage
  const { author } = world.hands
  const end = await stage.attempt('drafts are listed', world.originator, () => listDrafts(clientOf(world, world.originator, author).api))
  if (end.ended !== 'done') return
  const states = new Map(end.value.map(({ id, state }) => [id, state]))
  for (const [id, may] of model.drafts) {
    const state = states.get(id) ?? 'released'
    if (!may.has(state)) stage.tell(`promise 5: draft ${id} is ${state} and not ${[...may].join(' or ')}`)
  }
}
