/** Leaks as somebody might build them in without thinking, put between a node and its observer: each must be noticed. */
import type { HostedNation } from '@entente/testkit'
import type { Json } from '@entente/canonical'
import type { Observation } from './normalise.ts'
import type { Side } from './pair.ts'
import type { Leak } from './session.ts'

/** A leak, and who must notice it. */
export interface Planted {
  readonly name: string
  readonly observer: string
  /** The observation in which it shows. */
  readonly at: RegExp
  /** Only pairs of this kind, where others would show it too seldom. */
  readonly difference?: string
  readonly leak: Leak
}

type Members = Record<string, Json>

/** How many rows a node has of something: what no answer may hang on. */
async function count(nation: HostedNation, table: 'items' | 'entries'): Promise<number> {
  const { db } = nation.parts
  return (table === 'items' ? await db.selectFrom('items').select('item').execute() : await db.selectFrom('entries').select('n').execute())
    .length
}

async function holds(nation: HostedNation, item: string): Promise<boolean> {
  return (await nation.parts.db.selectFrom('items').select('item').where('item', '=', item).executeTakeFirst()) !== undefined
}

/** Changes the JSON bodies of observations whose name fits. */
function bodies(fits: RegExp, change: (body: Members, side: Side) => Promise<Members> | Members): Leak {
  return async (side, seen) =>
    Promise.all(
      seen.map(async (one) => {
        if (!fits.test(one.name) || !one.body.startsWith('{')) return one
        return { ...one, body: JSON.stringify(await change(JSON.parse(one.body) as Members, side)) }
      }),
    )
}

/** Changes status and headers of observations whose name fits. */
function heads(fits: RegExp, change: (one: Observation, side: Side) => Promise<string>): Leak {
  return async (side, seen) => Promise.all(seen.map(async (one) => (fits.test(one.name) ? { ...one, head: await change(one, side) } : one)))
}

const itemIn = (name: string): string => /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/u.exec(name)?.[0] ?? ''
const LIST = /^GET \/api\/items(?:\?purpose=\w+)?$/u
const SEARCH = /^GET \/api\/items\?q=EXERCISE$/u
const ITEM = /^GET \/api\/items\/[0-9a-f-]{36}$/u
/** Wherever an item is asked for. */
const ANY = /./u
const CLOSED = 'a closed item'

export const PLANTED: readonly Planted[] = [
  {
    name: 'a count of everything',
    observer: 'reader',
    at: LIST,
    difference: CLOSED,
    leak: bodies(LIST, async (body, { world }) => ({ ...body, count: await count(world.recipient, 'items') })),
  },
  {
    name: 'a search that counts what it may not show',
    observer: 'reader',
    at: SEARCH,
    difference: CLOSED,
    leak: bodies(SEARCH, async (body, { world }) => ({ ...body, count: await count(world.recipient, 'items') })),
  },
  {
    name: 'a cursor over all rows',
    observer: 'reader',
    at: LIST,
    difference: CLOSED,
    leak: bodies(LIST, async (body, { world }) => ({ ...body, cursor: btoa(`row ${await count(world.recipient, 'items')}`) })),
  },
  {
    name: '403 for what is there and 404 for what is not',
    observer: 'reader',
    at: ITEM,
    difference: CLOSED,
    leak: heads(ITEM, async ({ name, head }, { world }) =>
      (await holds(world.recipient, itemIn(name))) ? head.replace(/^404/u, '403') : head,
    ),
  },
  {
    name: 'a header with the state of the database',
    observer: 'reader',
    at: LIST,
    leak: heads(LIST, async ({ head }, { world }) => `${head}\netag: W/"${await count(world.recipient, 'entries')}"`),
  },
  {
    name: 'an order by something hidden',
    observer: 'reader',
    at: LIST,
    difference: CLOSED,
    leak: bodies(LIST, async (body, { world }) => {
      const items = body['items'] as Json[]
      const turn = (await count(world.recipient, 'items')) % items.length
      return { ...body, items: [...items.slice(turn), ...items.slice(0, turn)] }
    }),
  },
  {
    name: 'an error that names a hidden item',
    observer: 'reader',
    at: ANY,
    difference: 'a closed item, named otherwise',
    leak: async (side, seen, touched) => {
      const row = await side.world.recipient.parts.db
        .selectFrom('items')
        .select('card')
        .where('item', 'in', [...touched])
        .executeTakeFirst()
      return seen.map((one) =>
        one.head.startsWith('404') && row !== undefined ? { ...one, body: one.body.replace('nothing', row.card) } : one,
      )
    },
  },
  {
    name: 'an answer padded by what is inside',
    observer: "recipient's node",
    at: /^relayed for/u,
    difference: 'which of two items is stopped, before it is told',
    leak: bodies(/^relayed for/u, async (body, { world }) => {
      const { act } = await world.originator.parts.db
        .selectFrom('entries')
        .select('act')
        .where('act', 'in', ['open', 'refuse'])
        .orderBy('n', 'desc')
        .executeTakeFirstOrThrow()
      return { ...body, sealed: `${body['sealed'] as string}${act === 'open' ? 'AAAA' : ''}` }
    }),
  },
  {
    name: 'an envelope that says who else was given the report',
    observer: "recipient's node",
    at: /^came: \/inbox$/u,
    difference: 'another recipient',
    leak: bodies(/^came: \/inbox$/u, async (body, { world }) => {
      const { db } = world.originator.parts
      const { report } = await db.selectFrom('items').select('report').orderBy('released_at', 'desc').executeTakeFirstOrThrow()
      const given = await db.selectFrom('items').select('recipient').where('report', '=', report).execute()
      return { ...body, recipients: given.map(({ recipient }) => recipient).sort() }
    }),
  },
  {
    name: 'a receipt with a number over all links',
    observer: "recipient's node",
    at: /^an old letter again$/u,
    leak: bodies(/^an old letter again$/u, async (body, { world }) => ({ ...body, number: await count(world.originator, 'entries') })),
  },
  {
    name: 'a checkpoint with what was done last',
    observer: 'witness',
    at: /^checkpoints$/u,
    difference: 'listed or refused',
    leak: bodies(/^checkpoints$/u, async (body, { world }) => {
      const last = await world.recipient.parts.db
        .selectFrom('entries')
        .select('act')
        .where('log', '=', 'home')
        .orderBy('n', 'desc')
        .executeTakeFirst()
      return { checkpoints: (body['checkpoints'] as Members[]).map((one) => ({ ...one, extra: [last?.act ?? ''] })) }
    }),
  },
  {
    name: 'a card with a member that the screen shows',
    observer: 'own reader',
    at: LIST,
    leak: bodies(LIST, async (body, { world }) => {
      const drafts = (await world.originator.parts.drafts.all()).length
      return {
        ...body,
        items: (body['items'] as Members[]).map((line) => ({ ...line, card: { ...(line['card'] as Members), at: drafts } })),
      }
    }),
  },
]
