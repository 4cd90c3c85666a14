import { type ReactNode, useEffect, useState } from 'react'
import { fromBase64Url } from '@entente/canonical'
import { canSignHere } from '@entente/crypto-web'
import { isScreenKey } from '@entente/words'
import * as v from 'valibot'
import { deviceOf, keptPersons, putDevice } from '../device/keep.ts'
import { keepDevice, readParcel } from '../device/parcel.ts'
import { useWords } from '../frame/language.tsx'
import { pathOf, placesOf } from '../frame/places.ts'
import { Problem, Skeleton } from '../parts/states.tsx'
import { SignInError, beginSignIn, finishSignIn } from '../session/sign-in.ts'

const names = v.object({ en: v.string(), ja: v.string() })
const listed = v.object({
  nation: v.optional(names),
  devices: v.optional(v.string()),
  people: v.array(v.object({ id: v.string(), names, roles: v.array(v.string()), issuer: v.string() })),
})
type Listed = v.InferOutput<typeof listed>
type Person = Listed['people'][number]

/** Who can sign in here; asks no more than the node tells anybody. */
async function readPeople(): Promise<Listed> {
  const answer = await fetch('/identity/people').catch((cause: unknown) => {
    throw new SignInError('login/unreachable', 'the node does not answer', cause)
  })
  return v.parse(listed, await answer.json())
}

/** In the tab's own storage: for whom a device was asked for. */
const ASKED = 'entente.device-for'

/**
 * A device that was handed over in the address; taken out of the address before anything else. Only for whom this tab asked:
 * a link of somebody else's must not put their keys and anchors in the place of a person's own.
 */
function takeParcel(): { readonly bytes: Uint8Array; readonly asked: boolean } | undefined {
  const found = /^#device=(?<device>[A-Za-z0-9_-]+)$/u.exec(location.hash)?.groups?.['device']
  if (found === undefined) return undefined
  history.replaceState(null, '', location.pathname + location.search)
  const bytes = fromBase64Url(found)
  const asked = sessionStorage.getItem(ASKED)
  sessionStorage.removeItem(ASKED)
  return { bytes, asked: readParcel(bytes).person === asked }
}

/** Where the person goes first: where they wanted to, else their first screen. */
function firstPlace(person: Person): string {
  const wanted = new URLSearchParams(location.search).get('to')
  if (wanted !== null && /^\/[a-z]+(?:\/[0-9a-f-]{36})?$/u.test(wanted)) return wanted
  const [first] = placesOf(person.roles)
  return first === undefined ? '/inbox' : pathOf(first)
}

/** The first screen: choose a person (exercise), or hand over a device file. */
export function SignInScreen(): ReactNode {
  const { say, pick, lang, setLang } = useWords()
  const [state, setState] = useState<{ list?: Listed; kept?: readonly string[]; error?: unknown; able?: boolean }>({})
  const [going, setGoing] = useState<string>()
  const [notice, setNotice] = useState<
    'sign-in/device-missing' | 'sign-in/device-wrong' | 'sign-in/device-unasked' | 'sign-in/ended' | undefined
  >(new URLSearchParams(location.search).has('ended') ? 'sign-in/ended' : undefined)

  const choose = async (person: Person, devices: string | undefined): Promise<void> => {
    setGoing(person.id)
    const device = await deviceOf(person.id)
    if (device !== undefined) return beginSignIn(person.id, person.issuer, device, firstPlace(person))
    if (devices === undefined) {
      setGoing(undefined)
      setNotice('sign-in/device-missing')
      return
    }
    fetchDevice(person, devices)
  }

  // The demonstration hands devices out beside the nodes: a node never has a person's keys.
  const fetchDevice = (person: Person, devices: string): void => {
    setGoing(person.id)
    sessionStorage.setItem(ASKED, person.id)
    location.assign(`${devices}/device?person=${encodeURIComponent(person.id)}&at=${encodeURIComponent(location.origin)}`)
  }

  const keep = async (bytes: Uint8Array, list: Listed): Promise<void> => {
    const device = await keepDevice(readParcel(bytes))
    const person = list.people.find(({ id }) => id === device.person)
    if (person === undefined) return setNotice('sign-in/device-wrong')
    await putDevice(device)
    await choose(person, list.devices)
  }

  useEffect(() => {
    let gone = false
    const begin = async (): Promise<void> => {
      const parcel = takeParcel()
      const [list, kept, able] = await Promise.all([readPeople(), keptPersons(), canSignHere()])
      if (gone) return
      setState({ list, kept, able })
      if (parcel?.asked === false) setNotice('sign-in/device-unasked')
      else if (parcel !== undefined && able) await keep(parcel.bytes, list)
    }
    begin().catch((error: unknown) => {
      setGoing(undefined)
      if (!gone) setState((before) => ({ ...before, error }))
    })
    return () => {
      gone = true
    }
    // oxlint-disable-next-line exhaustive-deps -- once, when the page opens
  }, [])

  const { list, kept, error, able } = state
  return (
    <main className="sign-in">
      <p className="specimen specimen-alone">{say('frame/exercise')}</p>
      <div className="sign-in-head">
        <div>
          {list?.nation === undefined ? null : <p className="sign-in-nation">{say('sign-in/nation', { nation: pick(list.nation) })}</p>}
          <h1>{say('sign-in/title')}</h1>
        </div>
        <button
          type="button"
          className="button button-quiet"
          lang={lang === 'ja' ? 'en' : 'ja'}
          aria-label={say('frame/language-name')}
          onClick={() => setLang(lang === 'ja' ? 'en' : 'ja')}
        >
          {say('frame/language')}
        </button>
      </div>
      <p>{say('sign-in/how')}</p>
      {notice === undefined ? null : (
        <p role="alert" className="notice">
          {say(notice)}
        </p>
      )}
      {able === false ? (
        <p role="alert" className="notice">
          {say('sign-in/browser')}
        </p>
      ) : null}
      {error === undefined ? null : <Problem error={error} again={() => location.reload()} />}
      {list === undefined && error === undefined ? <Skeleton rows={5} /> : null}
      {going === undefined ? null : <p role="status">{say('sign-in/going')}</p>}
      {list === undefined ? null : (
        <ul className="people" aria-label={say('sign-in/people')}>
          {list.people.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                className="person"
                disabled={going !== undefined || able === false}
                onClick={() =>
                  void choose(person, list.devices).catch((cause: unknown) => {
                    setGoing(undefined)
                    setState({ ...state, error: cause })
                  })
                }
              >
                <span className="person-name">{pick(person.names)}</span>
                <span className="person-roles">
                  {person.roles
                    .map((role) => `role/${role}`)
                    .map((key) => (isScreenKey(key) ? say(key) : key))
                    .join(lang === 'ja' ? '・' : ', ')}
                </span>
                <span className="person-device">
                  {say(kept?.includes(person.id) === true ? 'sign-in/has-device' : 'sign-in/no-device')}
                </span>
              </button>
              {list.devices !== undefined && kept?.includes(person.id) === true ? (
                <button
                  type="button"
                  className="button button-quiet"
                  disabled={going !== undefined || able === false}
                  aria-label={say('sign-in/device-anew-of', { person: pick(person.names) })}
                  onClick={() => list.devices !== undefined && fetchDevice(person, list.devices)}
                >
                  {say('sign-in/device-anew')}
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <p className="sign-in-why">{say('sign-in/device-why')}</p>
      <label className="button button-second file-button">
        {say('sign-in/device-file')}
        <input
          type="file"
          accept="application/json,.json"
          onChange={(event) => {
            const [file] = event.target.files ?? []
            if (file === undefined || list === undefined) return
            void file
              .arrayBuffer()
              .then((bytes) => keep(new Uint8Array(bytes), list))
              .catch(() => setNotice('sign-in/device-wrong'))
          }}
        />
      </label>
      <p className="sign-in-small">{say('frame/exercise-long')}</p>
    </main>
  )
}

/** Where the provider sends the browser back: ends the code flow and goes on. */
export function SignedInScreen(): ReactNode {
  const { say } = useWords()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    finishSignIn().then(
      (to) => location.replace(to),
      (cause: unknown) => setError(cause),
    )
  }, [])
  return (
    <main className="sign-in">
      <p className="specimen specimen-alone">{say('frame/exercise')}</p>
      {error === undefined ? (
        <p role="status">{say('sign-in/going')}</p>
      ) : (
        <>
          <h1>{say('sign-in/failed')}</h1>
          <Problem error={error} again={() => location.assign('/')} />
        </>
      )}
    </main>
  )
}
