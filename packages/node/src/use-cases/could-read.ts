import type { Basis, ReadingCondition, ReleaseOption } from '@entente/decision'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { receivedRoster } from './received-rosters.ts'
import { type RegisteredItem, findItem } from './register.ts'

/** Who could read an item: the grant, its end, what a reader must fulfil, and how many the recipient's roster counts. */
export interface CouldRead {
  readonly item: string
  readonly originator: string
  readonly recipient: string
  readonly stopped: boolean
  /** Absent for a nation's own item, which the home rule governs. */
  readonly basis?: Basis
  /** Seconds; from then on nobody reads it. */
  readonly until: number
  readonly conditions: readonly ReadingCondition[]
  /** From the newest roster that the recipient sent; absent without one. Never people, only counts. */
  readonly readers?: NonNullable<ReleaseOption['readers']>
}

type Needs = Pick<Nation, 'crypto' | 'db' | 'trust' | 'notice' | 'decider' | 'now' | 'config'>

/** Who could read an item that this nation gave or was given. Throws `node/absent`. */
export async function couldRead(nation: Needs, item: string): Promise<CouldRead> {
  const found = await findItem(nation, item)
  if (found === undefined) throw new NodeError('node/absent', 'nothing is here')
  return couldReadItem(nation, found)
}

/** As `couldRead`, for an item of the register. */
export async function couldReadItem(nation: Needs, found: RegisteredItem): Promise<CouldRead> {
  const { body, row } = found
  const { originator, recipient, basis } = body
  const head = { item: body.item, originator, recipient, stopped: row.stopped === 1 }
  if (basis === undefined) return { ...head, until: body.expires, conditions: [] }
  const roster = await receivedRoster(nation, basis.agreement, recipient)
  const { options } = nation.decider().explainRelease({
    from: originator,
    to: recipient,
    area: body.area,
    at: nation.now(),
    portions: [{ id: body.item, label: body.label }],
    isReleased: true,
    ...(roster === undefined ? {} : { roster }),
  })
  // The grant as it is now: later versions of the agreement may have narrowed what the release rests on.
  const option = options.find((one) => one.basis.agreement === basis.agreement && one.basis.grant === basis.grant)
  if (option === undefined) return { ...head, basis, until: body.expires, conditions: [] }
  const { conditions, readers } = option
  return { ...head, basis, until: body.expires, conditions, ...(readers === undefined ? {} : { readers }) }
}
