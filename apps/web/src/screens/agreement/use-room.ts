import { type AgreementVersion, agreementId } from '@entente/agreement'
import {
  type AgreementView,
  type Pins,
  type ProposalLine,
  type ProposalView,
  listAgreements,
  listProposals,
  readPins,
  readProposal,
} from '@entente/client'
import type { Side } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useSession } from '../../frame/session-context.ts'
import type { Session } from '../../session/session.ts'
import { type TermNames, termNames } from '../../parts/terms.ts'
import { sideAt, sidesOf, versionInForce } from './sides.ts'
import type { RoomSearch, View } from './views.ts'

const REFRESH_MILLISECONDS = 3_000

/** What a version in force is compared with. */
export interface Compared {
  readonly version: AgreementVersion
  readonly before: Side
  readonly after: Side
  readonly proposal?: ProposalView
}

/** Everything that the room's views stand on. */
export interface Room {
  readonly session: Session
  readonly search: RoomSearch
  readonly go: (view: View, search?: RoomSearch) => void
  readonly views: readonly AgreementView[]
  readonly view: AgreementView
  /** In force at that time; where none is, the newest that there is. */
  readonly version: AgreementVersion
  readonly side: Side
  readonly policies: readonly MarkingPolicy[]
  readonly proposals: readonly ProposalLine[]
  readonly compared: Compared | undefined
  readonly pins: Pins
  readonly names: Readonly<Record<'en' | 'ja', TermNames>>
  readonly refresh: () => void
}

/** The room as the address asks for it; undefined while it comes, with an error where it cannot. */
export function useRoom(
  view: View,
  search: RoomSearch,
): { readonly room: Room | undefined; readonly loaded: boolean; readonly error: unknown; readonly again: () => void } {
  const session = useSession()
  const { client, api, device } = session
  const navigate = useNavigate()
  const live = search.at === undefined
  const agreements = useQuery({
    queryKey: ['agreements', search.at ?? 'now'],
    queryFn: async () => ({ at: search.at ?? client.now(), views: await listAgreements({ api }, search.at) }),
    ...(live ? { refetchInterval: REFRESH_MILLISECONDS } : {}),
    structuralSharing: false,
  })
  const proposals = useQuery({ queryKey: ['proposals'], queryFn: () => listProposals({ api }), refetchInterval: REFRESH_MILLISECONDS })
  const known = agreements.data?.views ?? []
  const ids = known.flatMap(({ versions, notices }) => [...versions, ...notices].map(({ id, state }) => `${id} ${state}`)).join()
  const trust = useQuery({
    queryKey: ['room-trust', ids],
    queryFn: () => readPins(client.crypto, api, device.anchors, { policies: client.pins.policies, seen: device.seen }),
    enabled: ids !== '',
  })
  const chosen = known.find(({ agreement }) => agreement === search.agreement) ?? known[0]
  const own = chosen?.versions.find(({ id }) => id === search.with)
  // A version that came into being from a proposal is both: its acts are told with it.
  const line = proposals.data?.find(({ id }) => id === search.with)
  const proposal = useQuery({
    queryKey: ['proposal', search.with],
    queryFn: () => readProposal(client, search.with ?? ''),
    enabled: search.with !== undefined && agreements.data !== undefined && (own === undefined || line !== undefined),
    refetchInterval: REFRESH_MILLISECONDS,
  })
  const policies = useMemo(() => [...client.pins.policies.values()], [client])
  // What is in force stays the same object while nothing changes: comparing is the dear part.
  const same = `${ids} ${known.map(({ agreement, inForce, state }) => `${agreement} ${inForce ?? ''} ${state}`).join()} ${search.at ?? ''}`
  const side = useMemo(() => sideAt(known, policies, agreements.data?.at ?? 0), [same, policies])
  const version = useMemo(
    () => (chosen === undefined ? undefined : (versionInForce(chosen) ?? newestOf(chosen))),
    [same, chosen?.agreement],
  )
  const other = own === undefined ? proposal.data : undefined
  const compared = useMemo((): Compared | undefined => {
    const body = own?.signed.body ?? other?.body
    const id = own?.id ?? other?.id
    if (body === undefined || id === undefined || agreementId(client.crypto, body) !== id) return undefined
    const candidate = { id, body }
    return { version: candidate, ...sidesOf(side, candidate) }
  }, [own?.id, other?.id, side])
  const names = useMemo(() => {
    const bodies = [...(compared === undefined ? [] : [compared.version.body]), ...(version === undefined ? [] : [version.body])]
    return { en: termNames('en', policies, bodies), ja: termNames('ja', policies, bodies) }
  }, [version, compared, policies])
  const said = proposal.data
  const again = (): void => void Promise.all([agreements.refetch(), proposals.refetch(), proposal.refetch()])
  const error = agreements.error ?? proposals.error ?? (search.with === undefined ? null : proposal.error)
  const loaded = agreements.data !== undefined && proposals.data !== undefined
  if (!loaded || chosen === undefined || version === undefined) return { room: undefined, loaded, error, again }
  return {
    loaded,
    error,
    again,
    room: {
      session,
      search,
      go(to, next = {}) {
        void navigate({ to: '/agreement/{-$part}', params: { part: to }, search: { ...search, ...next } })
      },
      views: known,
      view: chosen,
      version,
      side,
      policies,
      proposals: proposals.data.filter(({ agreement }) => agreement === chosen.agreement),
      compared: compared === undefined || said === undefined ? compared : { ...compared, proposal: said },
      pins: trust.data ?? client.pins,
      names,
      refresh: () => void (view === 'proposal' ? again() : Promise.all([agreements.refetch(), proposals.refetch()])),
    },
  }
}

function newestOf({ versions }: AgreementView): AgreementVersion | undefined {
  const newest = versions.toSorted((a, b) => a.number - b.number).at(-1)
  return newest === undefined ? undefined : { id: newest.id, body: newest.signed.body }
}
