import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { readStatus } from '@entente/client'
import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from 'react'
import { Banner } from '../parts/mark.tsx'
import { type ShownMarking, ownPolicy } from '../parts/marking.ts'
import { dateText, timeText } from '../parts/time.ts'
import { useKeys } from '../keys/keys.ts'
import { signOut } from '../session/sign-in.ts'
import { useWords } from './language.tsx'
import { Palette } from './palette.tsx'
import { KeysHelp } from './keys-help.tsx'
import { type Place, placesOf } from './places.ts'
import { useSession } from './session-context.ts'

const STATUS_MILLISECONDS = 5_000

const BannerContext = createContext<(marking: ShownMarking | undefined) => void>(() => {})

/** Says which marking is the highest on the screen; the frame shows it at the top and at the bottom. */
export function useBanner(marking: ShownMarking | undefined): void {
  const set = useContext(BannerContext)
  const same = JSON.stringify(marking)
  useEffect(() => {
    set(marking)
    return () => set(undefined)
    // oxlint-disable-next-line exhaustive-deps -- compared by content: a marking is made anew at each rendering
  }, [same, set])
}

/** Banner, head with place and person, what is wrong with the links, the screen, banner. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const [banner, setBanner] = useState<ShownMarking>()
  const [open, setOpen] = useState<'palette' | 'keys'>()
  const session = useSession()
  const { say, lang, setLang } = useWords()
  const navigate = useNavigate()
  const places = placesOf(session.me.roles)
  const leave = async (): Promise<void> => {
    await signOut()
    location.assign('/')
  }
  useKeys([
    { keys: 'Ctrl K', says: 'frame/palette', run: () => setOpen('palette'), everywhere: true, inText: true },
    { keys: '?', says: 'frame/help', run: () => setOpen('keys'), everywhere: true },
    ...places.map((place) => ({
      keys: place.keys,
      says: place.says,
      run: () => void navigate({ to: place.to, params: {} }),
      everywhere: true as const,
    })),
  ])
  const setter = useMemo(() => setBanner, [])
  return (
    <BannerContext value={setter}>
      <Banner marking={banner} place="top" />
      <a className="skip" href="#content">
        {say('frame/skip')}
      </a>
      <header className="head">
        <span className="head-name">{say('frame/name')}</span>
        <Places places={places} />
        <Who />
        <div className="head-acts">
          <button
            type="button"
            className="button button-quiet"
            lang={lang === 'ja' ? 'en' : 'ja'}
            aria-label={say('frame/language-name')}
            onClick={() => setLang(lang === 'ja' ? 'en' : 'ja')}
          >
            {say('frame/language')}
          </button>
          <button type="button" className="button button-quiet" onClick={() => setOpen('keys')}>
            {say('frame/keys')} <kbd>?</kbd>
          </button>
          <button type="button" className="button button-second" onClick={() => setOpen('palette')}>
            {say('frame/palette')} <kbd>Ctrl K</kbd>
          </button>
          <button type="button" className="button button-quiet" onClick={() => void leave()}>
            {say('frame/sign-out')}
          </button>
        </div>
      </header>
      <Links />
      <main id="content" className="content" tabIndex={-1}>
        {children}
      </main>
      <Banner marking={banner} place="bottom" />
      <Palette open={open === 'palette'} close={() => setOpen(undefined)} />
      <KeysHelp open={open === 'keys'} close={() => setOpen(undefined)} />
    </BannerContext>
  )
}

function Places({ places }: { readonly places: readonly Place[] }): ReactNode {
  const { say } = useWords()
  return (
    <nav aria-label={say('frame/places')} className="places">
      {places.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          params={{}}
          className="place"
          activeProps={{ className: 'place place-here', 'aria-current': 'page' }}
        >
          {say(place.says)} <kbd aria-hidden="true">{place.keys}</kbd>
        </Link>
      ))}
    </nav>
  )
}

function Who(): ReactNode {
  const session = useSession()
  const { me } = session
  const { say, pick } = useWords()
  const policy = ownPolicy(session)
  const cleared = me.clearance === undefined ? say('frame/not-cleared') : say('frame/cleared-until', { date: dateText(me.clearance.until) })
  return (
    <span className="who" style={{ borderColor: edgeOf(me.id) }}>
      <span className="who-name">{pick(me.names)}</span>
      <span className="who-facts">
        <span>{pick(policy.nationNames)}</span>
        <span>{cleared}</span>
      </span>
    </span>
  )
}

/** A colour of the person's own: two persons in two tabs are told apart at a glance, and by name. */
function edgeOf(person: string): string {
  const sum = Array.from(person).reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7)
  return `hsl(${sum} 65% 38%)`
}

/** What does not answer now, and what works all the same. */
function Links(): ReactNode {
  const { api } = useSession()
  const { say, lang, pick } = useWords()
  const { data, error } = useQuery({
    queryKey: ['status'],
    queryFn: () => readStatus(api),
    refetchInterval: STATUS_MILLISECONDS,
  })
  const away = data?.partners.filter(({ reachable }) => !reachable) ?? []
  return (
    <div role="status" className="links">
      {error === null ? null : <p className="link-away">{say('frame/node-away')}</p>}
      {away.map(({ nation, names, since }) => (
        <p key={nation} className="link-away">
          {say('frame/partner-away', { nation: pick(names), time: timeText(lang, since) })}
        </p>
      ))}
    </div>
  )
}
