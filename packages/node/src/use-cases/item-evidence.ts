import { type Json, toBase64, fromBase64Url } from '@entente/canonical'
import type { Opening } from '@entente/ledger'
import { NodeError } from '../errors.ts'
import type { Person } from '../identity/index.ts'
import type { Nation } from '../nation.ts'

/** One entry about an item, as somebody outside could check it: leaf, opening, and the proof where there is one. */
export interface ItemEvidence {
  readonly log: string
  readonly index: number
  /** Journal number. */
  readonly n: number
  readonly at: number
  readonly act: string
  /** What the own people are called who stand in the entry, where the node knows them still; beside the proof, and no part of it. */
  readonly names?: Readonly<Record<string, Person['names']>>
  /** Of an entry `joined`: what the reader's device said became of the opening. */
  readonly outcome?: string
  /** Base64. */
  readonly leaf: string
  readonly opening: Json
  /** `partner-pending`: entered and durable, but its log's witness has not cosigned it yet, so that no proof can be had. */
  readonly state: 'cosigned' | 'partner-pending'
  /** A tlog-proof, where the state is `cosigned`. */
  readonly proof?: string
}

type Needs = Pick<Nation, 'db' | 'ledger' | 'person'>

/** Fields that may hold somebody's id. */
const PEOPLE: ReadonlySet<string> = new Set(['officer', 'person', 'author'])

/** Every entry of this nation about an item, in journal order. Throws `node/absent` where there is none. */
export async function itemEvidence(nation: Needs, item: string): Promise<readonly ItemEvidence[]> {
  const rows = await nation.db
    .selectFrom('entries')
    .selectAll()
    .where('item', '=', item)
    .orderBy('n')
    .orderBy('log')
    .orderBy('position')
    .execute()
  if (rows.length === 0) throw new NodeError('node/absent', 'nothing is here')
  const evidence: ItemEvidence[] = []
  for (const { log, position: index, n, at, act, leaf, opening } of rows) {
    const proof = await proofNow(nation, log, index)
    const fields = (JSON.parse(opening) as Opening).fields
    const outcome = act === 'joined' ? fields.find(({ name }) => name === 'outcome')?.value : undefined
    const named = fields.flatMap(({ name, value }) => {
      const person = PEOPLE.has(name) && typeof value === 'string' ? nation.person(value) : undefined
      return person === undefined ? [] : [[person.id, person.names] as const]
    })
    evidence.push({
      log,
      index,
      n,
      at,
      act,
      ...(typeof outcome === 'string' ? { outcome } : {}),
      ...(named.length === 0 ? {} : { names: Object.fromEntries(named) }),
      leaf: toBase64(fromBase64Url(leaf)),
      opening: JSON.parse(opening) as Opening as unknown as Json,
      ...(proof === undefined ? { state: 'partner-pending' } : { state: 'cosigned', proof }),
    })
  }
  return evidence
}

async function proofNow(nation: Needs, log: string, index: number): Promise<string | undefined> {
  try {
    return await nation.ledger.call('proof', { log, index, by: '', withinMilliseconds: 0 })
  } catch (error) {
    if ((error as { code?: string }).code === 'node/not-cosigned') return undefined
    throw error
  }
}
