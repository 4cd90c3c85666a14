/** Nations that somebody broke: each breaks one promise, and nothing but a faulty day shows it. */
import type { AppendInput, LedgerApi, Nation } from '@entente/node'
import { decodeRecord } from '@entente/node'
import { utf8 } from '@entente/canonical'
import type { BrokenTwin } from '@entente/testkit'

/** A broken nation, and what the line that gives it away must say. */
export interface Planted {
  readonly name: string
  readonly shows: RegExp
  /** The first seed to try. */
  readonly from: number
  /** Made anew for each walk, since some remember things. `originator` is that nation's code. */
  readonly twin: (originator: string) => BrokenTwin
}

type Append = (input: AppendInput) => Promise<Awaited<ReturnType<LedgerApi['append']>>>

export const planted: readonly Planted[] = [
  {
    name: 'an act is acknowledged before it is on the disk',
    from: 1,
    shows: /acknowledged .* not on its disk/u,
    twin: (originator) => ({
      ledger: (code, api) =>
        code !== originator
          ? api
          : {
              ...api,
              async append(input) {
                if (input.kind !== 'list') return api.append(input)
                const { next } = await api.status({})
                void api.append(input).catch(() => {})
                return { n: next, positions: [], repeated: false }
              },
            },
    }),
  },
  {
    name: 'what came in is entered twice',
    from: 1,
    shows: /twice (?:letter|deliver)/u,
    twin: (originator) => ({
      nation: (code, nation) =>
        code === originator
          ? nation
          : {
              ...nation,
              async enter(input) {
                const first = await nation.enter(input)
                if (input.kind === 'received') await nation.enter({ ...input, body: {}, effects: [], conditions: [] })
                return first
              },
            },
    }),
  },
  {
    name: 'the outbox is forgotten at a restart',
    from: 13,
    shows: /never delivered|has no receipt/u,
    twin: () => {
      const started = new Map<string, number>()
      return {
        nation: (code, nation) => {
          const starts = (started.get(code) ?? 0) + 1
          started.set(code, starts)
          if (starts > 1) void nation.db.deleteFrom('envelopes').where('direction', '=', 'out').where('receipt', 'is', null).execute()
          return nation
        },
      }
    },
  },
  {
    name: 'a key process takes grants that are over',
    from: 1,
    shows: /on a grant that was over/u,
    twin: (originator) => {
      // Its clock stands still while the originator is asked.
      let stands: number | undefined
      return {
        keysNow: (code, now) => (code === originator ? now : () => stands ?? now()),
        nation: (code, nation) =>
          code === originator
            ? nation
            : {
                ...nation,
                partners: {
                  ...nation.partners,
                  async post(to, path, ...rest) {
                    const asked = nation.now()
                    const answer = await nation.partners.post(to, path, ...rest)
                    if (path === '/openings') stands = asked
                    return answer
                  },
                },
                async enter(input) {
                  stands = undefined
                  return nation.enter(input)
                },
              },
      }
    },
  },
  {
    name: 'stops are looked for neither when entering nor before the wire',
    from: 5,
    shows: /P3: .*(?:an opening of .* after its stop|after its stop was durable)/u,
    twin: (originator) => ({
      ledger: (code, api) => {
        if (code !== originator) return api
        const append: Append = (input) =>
          api.append(
            input.kind === 'open' ? { ...input, conditions: input.conditions.filter(({ condition }) => condition !== 'live') } : input,
          )
        return { ...api, append }
      },
      nation: (code, nation) => (code === originator ? withoutSecondLook(nation) : nation),
    }),
  },
  {
    name: 'no second look before the wire',
    from: 5,
    shows: /went out after its stop was durable/u,
    twin: (originator) => ({ nation: (code, nation) => (code === originator ? withoutSecondLook(nation) : nation) }),
  },
  {
    name: 'lists are read from what a stop never reaches',
    from: 2,
    shows: /which may not be listed/u,
    twin: () => ({
      durable: (_, records) => records.map(withoutStops),
    }),
  },
  {
    name: 'the office is asked once for each person',
    from: 2,
    shows: /lists: .* (?:may not be listed|may be listed)|not cleared|the office says/u,
    twin: () => ({
      nation: (_, nation) => {
        const known = new Map<string, Promise<unknown>>()
        const call: Nation['office']['call'] = (method, input) => {
          if (method !== 'person') return nation.office.call(method, input)
          const key = JSON.stringify(input)
          const answer = known.get(key) ?? nation.office.call(method, input)
          known.set(key, answer)
          return answer as ReturnType<Nation['office']['call']> as never
        }
        return { ...nation, office: { ...nation.office, call } }
      },
    }),
  },
  {
    name: 'the same request makes a second entry',
    from: 2,
    shows: /twice (?:open|grant)/u,
    twin: () => ({
      ledger: (_, api) => ({
        ...api,
        append: (input) =>
          api.append({ ...withoutRequest(input), conditions: input.conditions.filter(({ condition }) => condition !== 'unspent') }),
      }),
    }),
  },
  {
    name: 'a draft in review is saved to memory only',
    from: 1,
    shows: /draft .* is (?:draft|returned) and not review/u,
    twin: (originator) => ({
      nation: (code, nation) => {
        if (code !== originator) return nation
        const unsaved = new Map<string, Awaited<ReturnType<Nation['drafts']['find']>>>()
        const drafts: Nation['drafts'] = {
          ...nation.drafts,
          find: async (id) => unsaved.get(id) ?? nation.drafts.find(id),
          async save(draft) {
            if (draft.state !== 'review') return nation.drafts.save(draft)
            unsaved.set(draft.id, draft)
            return undefined
          },
          all: async () => (await nation.drafts.all()).map((draft) => unsaved.get(draft.id) ?? draft),
        }
        return { ...nation, drafts }
      },
    }),
  },
  {
    name: 'a stop waits for the partner',
    from: 3,
    shows: /P8|does not settle|does not end/u,
    twin: (originator) => ({
      nation: (code, nation) =>
        code !== originator
          ? nation
          : {
              ...nation,
              async enter(input) {
                if (input.kind === 'stop') await nation.partners.post(partnerOf(nation), '/nonces', 'application/json', utf8('{}'))
                return nation.enter(input)
              },
            },
    }),
  },
]

/** What was entered as an opening is never stopped when it is looked at the next time. */
function withoutSecondLook(nation: Nation): Nation {
  const opened = new Set<string>()
  const call = async (method: keyof LedgerApi, input: { readonly item: string }): Promise<unknown> => {
    const answer = await nation.ledger.call(method, input as never)
    return method === 'item' && opened.delete(input.item) && answer !== undefined ? { ...(answer as object), stopped: false } : answer
  }
  return {
    ...nation,
    ledger: { ...nation.ledger, call: call as Nation['ledger']['call'] },
    async enter(input) {
      const appended = await nation.enter(input)
      for (const { item } of (input.body as { openings?: { item: string }[] }).openings ?? []) opened.add(item)
      return appended
    },
    itemKeys: { ...nation.itemKeys, destroy: async () => {} },
  }
}

function withoutStops(payload: Uint8Array): Uint8Array {
  const record = decodeRecord(payload)
  return utf8(JSON.stringify({ ...record, body: { ...(record.body as object), stops: [] } }))
}

function partnerOf(nation: Nation): string {
  return [...nation.trust().partners.keys()][0] ?? ''
}

function withoutRequest(input: AppendInput): AppendInput {
  const { at, kind, body, entries, effects, conditions, cosigned } = input
  return { at, kind, body, entries, effects, conditions, ...(cosigned === undefined ? {} : { cosigned }) }
}
