import { Outlet, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { Frame } from '../frame/frame.tsx'
import { useWords } from '../frame/language.tsx'
import { placesOf } from '../frame/places.ts'
import { SessionContext } from '../frame/session-context.ts'
import { Sentence } from '../parts/sentence.tsx'
import { Empty, Problem, Skeleton } from '../parts/states.tsx'
import { type Session, openSession } from '../session/session.ts'
import { SignInError, signInAgain } from '../session/sign-in.ts'
import { AgreementScreen } from './agreement/room.tsx'
import { roomSearch } from './agreement/views.ts'
import { DeskScreen } from './desk/desk.tsx'
import { InboxScreen } from './inbox/inbox.tsx'
import { LedgerScreen } from './ledger/ledger.tsx'
import { QueueScreen } from './queue/queue.tsx'
import { SignInScreen, SignedInScreen } from './sign-in.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })
const signIn = createRoute({ getParentRoute: () => root, path: '/', component: SignInScreen })
const signedIn = createRoute({ getParentRoute: () => root, path: '/signed-in', component: SignedInScreen })
const work = createRoute({ getParentRoute: () => root, id: 'signed', component: Work })
const inbox = createRoute({
  getParentRoute: () => work,
  path: '/inbox/{-$item}',
  component: InboxScreen,
  validateSearch: (search: Record<string, unknown>): { q?: string } =>
    typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {},
})
const drafts = createRoute({ getParentRoute: () => work, path: '/drafts/{-$draft}', component: DeskScreen })
const queue = createRoute({ getParentRoute: () => work, path: '/queue/{-$draft}', component: QueueScreen })
const ledger = createRoute({ getParentRoute: () => work, path: '/ledger/{-$item}', component: LedgerScreen })
const agreement = createRoute({
  getParentRoute: () => work,
  path: '/agreement/{-$part}',
  component: AgreementScreen,
  validateSearch: roomSearch,
})
const start = createRoute({
  getParentRoute: () => work,
  path: '/start',
  beforeLoad: () => {
    redirect({ to: '/', throw: true })
  },
})

const tree = root.addChildren([signIn, signedIn, work.addChildren([inbox, drafts, queue, ledger, agreement, start])])

/** The router of the pages: every state of a queue or list is a link. */
export function makeRouter() {
  return createRouter({ routeTree: tree, defaultPreload: false, scrollRestoration: false })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}

/** Everything behind the sign-in: verifies what the node says before anything is shown. */
function Work(): ReactNode {
  const { say } = useWords()
  const [state, setState] = useState<{ session?: Session; error?: unknown }>({})
  useEffect(() => {
    let gone = false
    openSession().then(
      (session) => {
        if (gone) return
        if (session === undefined) location.assign(`/?to=${encodeURIComponent(location.pathname)}`)
        else setState({ session })
      },
      (error: unknown) => {
        if (gone) return
        if (error instanceof SignInError && error.code !== 'login/unreachable') signInAgain()
        else setState({ error })
      },
    )
    return () => {
      gone = true
    }
  }, [])
  if (state.session === undefined) {
    return (
      <main className="sign-in">
        <p className="specimen specimen-alone">{say('frame/exercise')}</p>
        <h1>{say('frame/name')}</h1>
        {state.error === undefined ? <Skeleton rows={6} /> : <Problem error={state.error} again={() => location.reload()} />}
      </main>
    )
  }
  return (
    <SessionContext value={state.session}>
      <Frame>{placesOf(state.session.me.roles).length === 0 ? <NoPlace /> : <Outlet />}</Frame>
    </SessionContext>
  )
}

function NoPlace(): ReactNode {
  const { say } = useWords()
  return (
    <section className="pane">
      <h1 className="only-heard">{say('frame/name')}</h1>
      <Empty>
        <Sentence text={say('frame/no-place')} />
      </Empty>
    </section>
  )
}

function NotFound(): ReactNode {
  const { say } = useWords()
  return (
    <main className="sign-in">
      <p className="specimen specimen-alone">{say('frame/exercise')}</p>
      <h1>{say('frame/not-found')}</h1>
      <p>
        <a className="button button-first" href="/">
          {say('frame/to-start')}
        </a>
      </p>
    </main>
  )
}
