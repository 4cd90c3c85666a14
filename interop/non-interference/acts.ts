/** What people of the three nations do: history, and the differences between two worlds, are made of it. */
import type { Chance, HostedNation, ReleaseWish } from '@entente/testkit'
import { saveDraft } from '@entente/node'
import { type Known, type Side, pick } from './pair.ts'
import { CLOSED_AREA, OPEN_AREA, THIRD, THIRD_READER } from './three-nations.ts'

const DAY_SECONDS = 86_400

/** Markings that may go to the recipient, each under another grant or level. */
const RELEASABLE = ['SECRET//REL AUS, JPN', 'PROTECTED//REL AUS, JPN', 'OFFICIAL: Sensitive']
/** A marking that goes to the third nation, and not to the recipient. */
export const TO_THIRD = 'SECRET//REL AUS, XCC'
/** A marking that goes to nobody. */
export const HELD = 'SECRET//AUSTEO'

/** What an act made or was about, for those who may not know of it to ask for. */
export type Touched = readonly string[]
export type Act = (side: Side, draw: Chance) => Promise<Touched>

/** Text that tells two worlds apart, always of one length. */
export function secretText(draw: Chance): string {
  return `EXERCISE ${draw.bytes(12).toHex()}`
}

/** A report is written, released and delivered; touches all its renditions. */
export async function release(side: Side, wish: ReleaseWish): Promise<Touched> {
  const { items } = await side.world.release(wish)
  await side.world.settle()
  return Object.values(items)
}

export const wishes = {
  given: (draw: Chance): ReleaseWish => ({
    title: secretText(draw),
    text: secretText(draw),
    marking: pick(draw, RELEASABLE),
    area: OPEN_AREA,
  }),
  closed: (draw: Chance): ReleaseWish => ({
    title: secretText(draw),
    text: secretText(draw),
    marking: pick(draw, RELEASABLE),
    area: CLOSED_AREA,
  }),
  own: (draw: Chance): ReleaseWish => ({ title: secretText(draw), text: secretText(draw), marking: HELD, area: OPEN_AREA, to: [] }),
  closedOwn: (draw: Chance): ReleaseWish => ({ ...wishes.own(draw), area: CLOSED_AREA }),
  third: (draw: Chance): ReleaseWish => ({
    title: secretText(draw),
    text: secretText(draw),
    marking: TO_THIRD,
    area: CLOSED_AREA,
    to: [THIRD],
  }),
}

/** An author writes a draft and leaves it. */
export async function draft(side: Side, draw: Chance): Promise<Touched> {
  const { parts } = side.world.originator
  const { author } = side.world.data.story.cast
  const texts = [{ lang: 'en' as const, text: secretText(draw) }]
  const saved = await saveDraft(parts, author, {
    title: { en: secretText(draw) },
    area: pick(draw, [OPEN_AREA, CLOSED_AREA]),
    portions: [{ kind: 'text', marking: HELD, texts }],
  })
  return [saved.id]
}

/** A security officer stops an item, and the stop is delivered. */
export async function stop(side: Side, item: string): Promise<Touched> {
  await side.world.revoke(item)
  await side.world.settle()
  return [item]
}

/** The clearance office of a nation widens or narrows what somebody needs to know. */
export async function assign(side: Side, nation: HostedNation, person: string, draw: Chance): Promise<Touched> {
  const until = side.world.clock.now() + DAY_SECONDS * (1 + draw.below(300))
  const purposes = pick(draw, [['assessment'], ['assessment', 'operations'], ['operations']])
  await side.world.desk(nation).act(person, { act: 'assign', area: 'cyber', role: 'reader', purposes, until })
  return []
}

/** A person's clearance is suspended for a moment. */
export async function suspend(side: Side, nation: HostedNation, person: string): Promise<Touched> {
  await side.world.desk(nation).act(person, { act: 'suspend' })
  await side.world.desk(nation).act(person, { act: 'reinstate' })
  return []
}

/** A reader opens an item. */
export async function open(side: Side, reader: string, item: string): Promise<Touched> {
  await side.world.open(await side.world.reader(reader), item)
  return [item]
}

/** Somebody asks for a page at the door of their nation. */
export async function look(side: Side, nation: HostedNation, person: string, url: string): Promise<Touched> {
  await (await side.door(nation)).inject({ method: 'GET', url, headers: { 'x-person': person } })
  return []
}

/** A nation sends its roster to its partner. */
export async function roster(side: Side, from: HostedNation): Promise<Touched> {
  await side.world.roster(from)
  return []
}

/** The third nation's reader opens an item of theirs. */
export function openThird(side: Side, known: Known, draw: Chance): Promise<Touched> {
  return open(side, THIRD_READER, pick(draw, known.third))
}
