import { sql } from 'kysely'
import type { Nation } from '../nation.ts'
import type { Child, Role } from '../processes/supervise.ts'
import type { Counts } from './instruments.ts'
import type { Metric } from './otlp.ts'

/** What a node has counted by itself since it began. */
export interface NodeCounts {
  /** Records entered, by kind. */
  readonly acts: Counts<string>
  /** Answers to people, by class: `2xx`. */
  readonly answers: Counts<string>
  /** By partner: whether the last call to it got an answer. */
  readonly reachable: ReadonlyMap<string, boolean>
}

/**
 * Everything that is measured of a node: counts, times and sizes, by kind, log, partner and process. No items, no people, no
 * markings: what a small count of those would say belongs into the ledger, where it is sealed.
 */
export async function collectMetrics(
  nation: Pick<Nation, 'db' | 'ledger'>,
  counts: NodeCounts,
  processes: Readonly<Record<Role, Pick<Child<never>, 'alive'>>>,
): Promise<readonly Metric[]> {
  const [{ logs, closed }, times, outbox, memory] = await Promise.all([
    nation.ledger.call('status', {}),
    nation.ledger.call('times', {}),
    outboxes(nation),
    memoryOf(processes),
  ])
  const acts = counts.acts.counted
  const entered = (kind: string): number => acts.find(([one]) => one === kind)?.[1] ?? 0
  return [
    {
      name: 'entente.openings',
      unit: '{opening}',
      kind: 'sum',
      points: [
        { value: entered('open'), about: { decision: 'permit' } },
        { value: entered('refuse'), about: { decision: 'refuse' } },
      ],
    },
    { name: 'entente.acts', unit: '{act}', kind: 'sum', points: acts.map(([kind, value]) => ({ value, about: { kind } })) },
    { name: 'entente.log.entries', unit: '{entry}', kind: 'gauge', points: logs.map(({ log, size }) => ({ value: size, about: { log } })) },
    {
      name: 'entente.log.uncosigned',
      unit: '{entry}',
      kind: 'gauge',
      points: logs.map(({ log, size, cosigned }) => ({ value: size - Math.min(size, ...Object.values(cosigned)), about: { log } })),
    },
    {
      name: 'entente.log.closed',
      unit: '1',
      kind: 'gauge',
      points: logs.map(({ log }) => ({ value: closed.includes(log) ? 1 : 0, about: { log } })),
    },
    { name: 'entente.ledger.commit.duration', unit: 'ms', kind: 'times', points: [{ value: times.commit }] },
    { name: 'entente.ledger.cosign.duration', unit: 'ms', kind: 'times', points: [{ value: times.cosign }] },
    { name: 'entente.outbox.length', unit: '{letter}', kind: 'gauge', points: outbox },
    {
      name: 'entente.partner.reachable',
      unit: '1',
      kind: 'gauge',
      points: [...counts.reachable].map(([partner, is]) => ({ value: is ? 1 : 0, about: { partner } })),
    },
    {
      name: 'entente.http.answers',
      unit: '{answer}',
      kind: 'sum',
      points: counts.answers.counted.map(([of, value]) => ({ value, about: { class: of } })),
    },
    { name: 'process.memory.usage', unit: 'By', kind: 'gauge', points: memory },
  ]
}

type Points = { readonly value: number; readonly about: Readonly<Record<string, string>> }[]

async function outboxes({ db }: Pick<Nation, 'db'>): Promise<Points> {
  const rows = await db
    .selectFrom('envelopes')
    .select(['link', sql<number>`count(*) filter (where receipt is null)`.as('waiting')])
    .where('direction', '=', 'out')
    .groupBy('link')
    .execute()
  return rows.map(({ link, waiting }) => ({ value: waiting, about: { partner: link.split(':').at(-1) ?? '' } }))
}

async function memoryOf(processes: Readonly<Record<Role, Pick<Child<never>, 'alive'>>>): Promise<Points> {
  const children = Object.entries(processes).map(async ([role, child]) => ({ value: (await child.alive()).rss, about: { process: role } }))
  return [{ value: process.memoryUsage.rss(), about: { process: 'node' } }, ...(await Promise.all(children))]
}
