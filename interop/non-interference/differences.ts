/** What two worlds may differ in without an observer's knowing. */
import type { Chance, HostedNation, ReleaseWish } from '@entente/testkit'
import {
  type Act,
  HELD,
  TO_THIRD,
  assign,
  draft,
  look,
  open,
  openThird,
  release,
  roster,
  secretText,
  stop,
  suspend,
  wishes,
} from './acts.ts'
import { type Known, type Side, pick } from './pair.ts'
import { THIRD } from './three-nations.ts'

/** One kind of secret. Both acts draw the same; what differs is what they do with it. */
export interface Difference {
  readonly name: string
  readonly weight: number
  /** Classes of spec/leaks.md that this kind may show to this observer. */
  readonly bears: readonly string[]
  readonly left: (known: Known) => Act
  readonly right: (known: Known) => Act
  /** Whether the worlds may go on after it: not where something is held back to keep it secret. */
  readonly last?: true
}

const nothing = (): Act => async () => []

/** An act of one world only. */
function only(name: string, weight: number, bears: readonly string[], right: (known: Known) => Act): Difference {
  return { name, weight, bears, left: nothing, right }
}

/** The same act with another word in it: `other` is drawn after everything else, so that nothing else differs. */
function worded(name: string, weight: number, bears: readonly string[], wish: (draw: Chance, word: string) => ReleaseWish): Difference {
  const act = (which: 0 | 1) => (): Act => (side, draw) => {
    const words = [secretText(draw), secretText(draw)]
    return release(side, wish(draw, words[which] ?? ''))
  }
  return { name, weight, bears, left: act(0), right: act(1) }
}

const cast = (side: Side) => side.world.data.story.cast

/** What happens inside the originator's nation and between it and the third; `bears` is for what makes an entry. */
function inside(bears: readonly string[]): Difference[] {
  return [
    only('a draft', 8, [], () => draft),
    worded('an own item, named otherwise', 1, bears, (draw, title) => ({ ...wishes.closedOwn(draw), title })),
    only('an own item', 2, bears, () => (side, draw) => release(side, wishes.closedOwn(draw))),
    only("an item of the third nation's", 1, bears, () => (side, draw) => release(side, wishes.third(draw))),
    only('the third nation opens', 1, bears, (known) => (side, draw) => openThird(side, known, draw)),
    only('a clearance at the originator', 6, bears, () => (side, draw) => assign(side, side.world.originator, cast(side).author, draw)),
    only('a suspension at the originator', 4, bears, () => (side) => suspend(side, side.world.originator, cast(side).author)),
    only(
      'an auditor at the originator looks',
      6,
      bears,
      (known) => (side, draw) =>
        look(side, side.world.originator, cast(side).securityOfficer, `/api/items/${pick(draw, known.given)}/damage`),
    ),
  ]
}

/** What happens between originator and recipient that its second reader has no need to know. */
function between(bears: readonly string[]): Difference[] {
  return [
    only('a closed item', 2, bears, () => (side, draw) => release(side, wishes.closed(draw))),
    worded('a closed item, named otherwise', 1, ['commitment', ...bears], (draw, title) => ({ ...wishes.closed(draw), title })),
    only(
      'the first reader opens',
      1,
      bears,
      (known) => (side, draw) => open(side, cast(side).firstReader, pick(draw, [...known.given, ...known.closed])),
    ),
    only('a closed item is stopped', 1, bears, () => async (side, draw) => {
      const touched = await release(side, wishes.closed(draw))
      await stop(side, touched.at(-1) ?? '')
      return touched
    }),
    only('a roster', 1, bears, () => (side) => roster(side, side.world.recipient)),
  ]
}

/** What happens inside the recipient's nation. */
function atRecipient(bears: readonly string[]): Difference[] {
  return [
    // A credential of other assignments has other bytes: what a later opening of that reader commits to differs, behind salt.
    only(
      "the first reader's assignment",
      8,
      ['commitment', ...bears],
      () => (side, draw) => assign(side, side.world.recipient, cast(side).firstReader, draw),
    ),
    only("the first reader's suspension", 4, bears, () => (side) => suspend(side, side.world.recipient, cast(side).firstReader)),
    only('the first reader lists', 6, bears, () => (side) => look(side, side.world.recipient, cast(side).firstReader, '/api/items')),
    only(
      'the first reader is refused',
      6,
      bears,
      (known) => (side, draw) => look(side, side.world.recipient, cast(side).firstReader, `/api/items/${pick(draw, known.third)}`),
    ),
    only(
      'somebody else is refused',
      6,
      bears,
      (known) => (side, draw) => look(side, side.world.recipient, cast(side).thirdReader, `/api/items/${pick(draw, known.given)}`),
    ),
  ]
}

/** Secrets from the recipient's second reader. */
export const FROM_READER: readonly Difference[] = [...inside([]), ...between(['own-position']), ...atRecipient([])]

/** Secrets from the originator's own reader: its openings stand in the home log, which grows with whatever its nation does. */
export const FROM_OWN_READER: readonly Difference[] = [...inside(['own-position']), ...between(['own-position']), ...atRecipient([])]

/** Secrets from the recipient's node. */
export const FROM_RECIPIENT: readonly Difference[] = [
  ...inside([]),
  worded('a portion that is held back', 2, [], (draw, text) => ({ ...wishes.given(draw), more: [{ marking: HELD, text }] })),
  {
    name: 'another recipient',
    weight: 1,
    bears: ['fresh'],
    left: () => (side, draw) => release(side, { ...both(draw), to: [side.world.recipient.code] }),
    right: () => (side, draw) => release(side, { ...both(draw), to: [side.world.recipient.code, THIRD] }),
  },
  {
    name: 'a small number in a roster',
    weight: 1,
    // The assignment is an entry of the home log: with it the salts that follow are others.
    bears: ['commitment'],
    left: () => async (side) => roster(side, side.world.originator),
    right: () => async (side, draw) => {
      await assignSmall(side, side.world.originator, draw)
      return roster(side, side.world.originator)
    },
  },
  {
    name: 'which of two items is stopped, before it is told',
    weight: 1,
    bears: ['ciphertext', 'commitment'],
    left: (known) => (side) => stopUntold(side, known.given.at(-1) ?? ''),
    right: (known) => (side) => stopUntold(side, known.given.at(-2) ?? ''),
    last: true,
  },
]

/** Secrets from a partner that the matter does not concern: all between the other two. */
export const FROM_THIRD: readonly Difference[] = [
  ...inside([]).filter(({ name }) => !name.includes('third')),
  ...between([]),
  only('an item', 2, [], () => (side, draw) => release(side, wishes.given(draw))),
  only('an item is stopped', 1, [], () => async (side, draw) => {
    const touched = await release(side, wishes.given(draw))
    await stop(side, touched.at(-1) ?? '')
    return touched
  }),
]

/** Secrets from a witness: what stands in an entry, not that one was made. */
export const FROM_WITNESS: readonly Difference[] = [
  worded('an own item, named otherwise', 2, ['commitment'], (draw, title) => ({ ...wishes.own(draw), title })),
  worded('an item, named otherwise', 1, ['commitment'], (draw, title) => ({ ...wishes.given(draw), title })),
  {
    name: 'who lists',
    weight: 4,
    bears: ['commitment'],
    left: () => (side) => look(side, side.world.recipient, cast(side).firstReader, '/api/items'),
    right: () => (side) => look(side, side.world.recipient, cast(side).secondReader, '/api/items'),
  },
  {
    name: 'what is refused',
    weight: 4,
    bears: ['commitment'],
    left: (known) => (side) => look(side, side.world.recipient, cast(side).secondReader, `/api/items/${known.closed[0]}`),
    right: (known) => (side) => look(side, side.world.recipient, cast(side).secondReader, `/api/items/${known.third[0]}`),
  },
  {
    name: 'listed or refused',
    weight: 4,
    bears: ['commitment'],
    left: () => (side) => look(side, side.world.recipient, cast(side).secondReader, '/api/items'),
    right: (known) => (side) => look(side, side.world.recipient, cast(side).secondReader, `/api/items/${known.third[0]}`),
  },
  {
    name: 'which item is opened',
    weight: 1,
    bears: ['commitment'],
    left: (known) => (side) => open(side, cast(side).firstReader, known.given[0] ?? ''),
    right: (known) => (side) => open(side, cast(side).firstReader, known.given[1] ?? ''),
  },
]

/** Secrets from the thief of a container: what is inside, and what else was made of the report. */
export const FROM_THIEF: readonly Difference[] = [
  worded('the title', 1, ['fresh'], (draw, title) => ({ ...wishes.given(draw), title })),
  worded('the text', 1, ['fresh'], (draw, text) => ({ ...wishes.given(draw), text })),
  worded('a portion that is held back', 1, ['fresh'], (draw, text) => ({ ...wishes.given(draw), more: [{ marking: HELD, text }] })),
  {
    name: 'another recipient',
    weight: 1,
    bears: ['fresh'],
    left: () => (side, draw) => release(side, { ...both(draw), to: [side.world.recipient.code] }),
    right: () => (side, draw) => release(side, { ...both(draw), to: [side.world.recipient.code, THIRD] }),
  },
]

/** A report of which the recipient's part says nothing of the third nation's. */
function both(draw: Chance): ReleaseWish {
  const given = wishes.given(draw)
  return { ...given, marking: 'SECRET//REL AUS, JPN', more: [{ marking: TO_THIRD, text: secretText(draw) }] }
}

/** One reader more in an area that has none: still fewer than are counted. */
async function assignSmall(side: Side, nation: HostedNation, draw: Chance): Promise<void> {
  await assign(side, nation, cast(side).ownReader, draw)
}

/** A stop whose letter is on its way for as long as the world lasts. */
async function stopUntold(side: Side, item: string): Promise<readonly string[]> {
  const { wire, originator, recipient } = side.world
  wire.fault = ({ from, to, path }) => (from === originator.code && to === recipient.code && path === '/inbox' ? 'hold' : undefined)
  await side.world.revoke(item)
  return [item]
}
