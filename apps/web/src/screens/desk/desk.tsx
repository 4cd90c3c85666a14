import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { readDraft } from '@entente/client'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { Absent, Problem, Skeleton, codeFor } from '../../parts/states.tsx'
import { DraftList } from './list.tsx'
import { Sheet } from './sheet.tsx'

/** In the address, the draft that is not at the node yet. */
const NEW = 'new'

/** The drafting desk: own drafts, or one of them. */
export function DeskScreen(): ReactNode {
  const { draft } = useParams({ from: '/signed/drafts/{-$draft}' })
  const navigate = useNavigate()
  // The page on which a draft was begun stays when the draft gets its id: nothing that is typed meanwhile is lost.
  const [begun, setBegun] = useState<{ readonly sheet: number; readonly id?: string }>({ sheet: 0 })
  // Whoever left that page finds it as every other draft: read from the node.
  const left = begun.id !== undefined && draft !== NEW && draft !== begun.id
  useEffect(() => {
    if (left) setBegun(({ sheet }) => ({ sheet }))
  }, [left])
  const open = (id: string): void => void navigate({ to: '/drafts/{-$draft}', params: { draft: id } })
  if (draft === undefined) {
    return (
      <DraftList
        open={open}
        begin={() => {
          setBegun({ sheet: begun.sheet + 1 })
          open(NEW)
        }}
      />
    )
  }
  const close = (): void => void navigate({ to: '/drafts/{-$draft}', params: { draft: undefined } })
  if (draft === NEW || draft === begun.id) {
    const made = (id: string): void => {
      setBegun({ sheet: begun.sheet, id })
      void navigate({ to: '/drafts/{-$draft}', params: { draft: id }, replace: true, ignoreBlocker: true })
    }
    return <Sheet key={`begun ${begun.sheet}`} draft={undefined} made={made} close={close} />
  }
  return <OpenSheet key={draft} id={draft} close={close} />
}

/** A draft that the node has. It is read once: from then on this page is what counts. */
function OpenSheet({ id, close }: { readonly id: string; readonly close: () => void }): ReactNode {
  const { api } = useSession()
  const { data, error, refetch } = useQuery({
    queryKey: ['draft', id],
    queryFn: () => readDraft(api, id),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  if (data !== undefined) return <Sheet draft={data} made={() => {}} close={close} />
  const problem = codeFor(error) === 'client/absent' ? <Absent /> : <Problem error={error} again={() => void refetch()} />
  return <NoSheet close={close}>{error === null ? <Skeleton rows={6} /> : problem}</NoSheet>
}

/** In place of a draft that has not come, or does not come; the way back is where it always is. */
function NoSheet({ close, children }: { readonly close: () => void; readonly children: ReactNode }): ReactNode {
  const { say } = useWords()
  useKeys([{ keys: 'Escape', says: 'desk/back', run: close }])
  return (
    <section className="pane">
      <h1 className="only-heard">{say('desk/title')}</h1>
      <button type="button" className="button button-quiet desk-back" onClick={close}>
        {say('desk/back')} <kbd>Esc</kbd>
      </button>
      {children}
    </section>
  )
}
