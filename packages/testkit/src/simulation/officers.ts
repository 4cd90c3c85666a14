import {
  draftReport,
  enterAct,
  listDrafts,
  listItems,
  memoryScratch,
  readEvidence,
  releaseReport,
  returnDraft,
  revokeItem,
  submitDraft,
  verifyEntries,
} from '@entente/client'
import { assessDamage, personAtOffice, sendRoster } from '@entente/node'
import type { Standing } from './model.ts'
import { type SimulatedReader, clearAgain, clientOf, deskOf } from './people.ts'
import type { Side } from './plan.ts'
import { type Stage, told } from './stage.ts'

/** A security officer stops an item; it must take effect at once, whatever the line does. */
export async function stop(stage: Stage, at: number, wholeReport: boolean, named?: string): Promise<string> {
  const { world } = stage
  const { originator } = world
  const item = named ?? stage.itemFor(stage.nation(at % 2 === 0 ? 'originator' : 'recipient'), at)
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

/** A draft that is left, given to review, or given back. */
export async function draft(stage: Stage, until: 'stays' | 'submitted' | 'returned'): Promise<string> {
  const { model, world } = stage
  const { author, officer } = world.hands
  const written = await write(stage, `EXERCISE draft ${model.drafts.size}`)
  if (written === undefined) return 'not written'
  if (until === 'stays') return 'draft'
  model.draftMayBe(written, 'review')
  const given = await stage.attempt('a draft is submitted', world.originator, () =>
    submitDraft(clientOf(world, world.originator, author).api, written),
  )
  if (given.ended !== 'done') return told(given)
  model.draftIs(written, 'review')
  if (until === 'submitted') return 'review'
  model.draftMayBe(written, 'returned')
  const back = await stage.attempt('a draft is returned', world.originator, () =>
    returnDraft(clientOf(world, world.originator, officer).api, written, { code: 'other', reason: 'EXERCISE' }),
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

/** A clearance officer suspends, withdraws, or restores. */
export async function clear(stage: Stage, who: SimulatedReader, wish: 'suspend' | 'withdraw' | 'restore'): Promise<string> {
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

/** A nation sends its roster. */
export async function roster(stage: Stage, from: Side): Promise<string> {
  const host = stage.nation(from)
  const to = stage.nation(from === 'originator' ? 'recipient' : 'originator').code
  return told(await stage.attempt('a roster', host, () => sendRoster(host.parts, { agreement: stage.world.data.agreement, to })))
}

/** Entries of an item are asked for, and verified as a client does. */
export async function evidence(stage: Stage, at: Side, number: number): Promise<string> {
  const host = stage.nation(at)
  const item = stage.itemFor(host, number)
  if (item === undefined) return 'nothing there'
  const end = await stage.attempt('evidence', host, async () => {
    const client = clientOf(stage.world, host, stage.readers.find((who) => who.host === host)?.id ?? '')
    return verifyEntries(client, await readEvidence(client, item))
  })
  if (end.ended === 'done')
    for (const one of end.value) if (one.state === 'wrong') stage.tell(`P1: an entry of ${item} does not verify: ${one.code}`)
  return told(end)
}

/** The damage of an item is assessed: it may not say less than what clients opened, nor more than was entered. */
export async function damage(stage: Stage, at: Side, number: number): Promise<string> {
  const host = stage.nation(at)
  const item = stage.itemFor(host, number)
  if (item === undefined) return 'nothing there'
  const end = await stage.attempt('damage', host, () => assessDamage(host.parts, item, { scope: 'item', person: 'EXERCISE' }))
  if (end.ended !== 'done') return told(end)
  const about = stage.promises.view(host).entries.filter(({ fields }) => fields['item'] === item)
  const [assessed] = end.value.items
  const counted = [assessed?.permits.length, assessed?.grants.length]
  const entered = ['open', 'grant'].map((act) => about.filter(({ fields }) => fields['act'] === act).length)
  if (counted.some((count, index) => (count ?? 0) > (entered[index] ?? 0)) || assessed?.unreadable !== 0)
    stage.tell(`damage: ${item} has ${counted.join('+')} of ${entered.join('+')}`)
  const missing =
    host === stage.world.originator
      ? new Set(stage.promises.joined.filter((key) => key.item === item).map(({ request }) => request)).size > (counted[0] ?? 0)
      : false
  if (missing) stage.tell(`damage: ${item} was opened more often than is said`)
  return told(end)
}

/** P6: rows that lie are no items: nobody is shown more than before, and nothing opens that would not. */
export async function bend(stage: Stage, at: Side, change: Readonly<Record<string, string | number>>): Promise<string> {
  const host = stage.nation(at)
  if (!host.isUp) return 'down'
  const { db } = host.parts
  await stage.attempt('rows are bent', host, () => db.updateTable('items').set(change).execute())
  const may = stage.readers
    .filter((who) => who.host === host)
    .map((who) => ({ who, may: stage.model.listable(stage.promises.view(host), host.code, who.id, stage.world.clock.now(host.code)).may }))
  for (const { who, may: listable } of may) {
    const end = await stage.attempt(`${who.id} lists bent rows`, host, async () => listItems(who.client, { limit: 200 }))
    if (end.ended === 'done' && end.value.items.some(({ item }) => !listable.includes(item)))
      stage.tell(`P6: bent rows showed ${who.id} more`)
  }
  await stage.kill(host, false)
  await stage.start(host)
  for (const nation of stage.world.nations) nation.noticed.splice(0)
  return 'bent'
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
