import type { AgreementNotice } from '@entente/agreement'
import { type NoticeWish, listHoldings, suspensionOf } from '@entente/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { ScreenKey, Values } from '@entente/words'
import { useWords } from '../../frame/language.tsx'
import { useKeys } from '../../keys/keys.ts'
import { timeText } from '../../parts/time.ts'
import { personOf } from './persons.ts'
import { useSigning } from './going.ts'
import { SigningNotice } from './signing-notice.tsx'
import type { Room } from './use-room.ts'

type Kind = AgreementNotice['notice']
const KEYS: Readonly<Record<Kind, string>> = { note: 'o', suspend: 's', resume: 'r', terminate: 'x', withdraw: 'w' }

/** Suspensions, resumptions and ends: what they do is said before they are signed. */
export function NoticesView({ room }: { readonly room: Room }): ReactNode {
  const { say, lang } = useWords()
  const names = room.names[lang]
  const { notices } = room.view
  const signatory = room.session.me.roles.includes('signatory')
  return (
    <>
      <h2>{say('room/notices')}</h2>
      {notices.length === 0 ? <p>{say('room/notices-none')}</p> : null}
      <ol className="said">
        {notices.map(({ id, state, signed: { body }, missing }) => (
          <li key={id} data-notice={body.notice} data-notice-state={state}>
            <p>
              <strong>{say(`room/event-${body.notice}`, { nation: names.nation(body.nation) })}</strong> · {say(`room/notice-${state}`)}
            </p>
            <p className="line-facts">
              {timeText(lang, body.effectiveAt)} · <code>{id.slice(0, 12)}</code>
              {missing.map(
                ({ nation, keyId }) =>
                  ` · ${say('room/waits-seal', { nation: names.nation(nation), ...personOf(room, { nation, keyId }) })}`,
              )}
            </p>
          </li>
        ))}
      </ol>
      {signatory ? <Give room={room} /> : <p className="line-facts">{say('room/for-signatories')}</p>}
    </>
  )
}

function Give({ room }: { readonly room: Room }): ReactNode {
  const { say, lang } = useWords()
  const { session, pins, view, version } = room
  const { agreement } = view
  const signing = useSigning(session, pins, room.refresh)
  const [chosen, setChosen] = useState<Kind>()
  const held = useQuery({ queryKey: ['holdings'], queryFn: () => listHoldings(session) })
  const suspension = useQuery({
    queryKey: ['suspension', agreement, view.state],
    queryFn: async () => (await suspensionOf(session, agreement)) ?? null,
  })
  // A note is given on the newest version, which may not be in force for want of it.
  const newest = view.versions.toSorted((a, b) => b.number - a.number)[0]
  const kinds: readonly Kind[] = [
    ...(newest?.signed.body.entry?.by === 'notes' ? (['note'] as const) : []),
    'suspend',
    ...(suspension.data === null || suspension.data === undefined ? [] : (['resume'] as const)),
    'terminate',
    ...(version.body.parties.length > 2 ? (['withdraw'] as const) : []),
  ]
  const names = room.names[lang]
  const survival = version.body.survival
  const effects: Values = {
    count: (held.data ?? []).filter(({ basis }) => basis?.agreement === agreement).length,
    days: version.body.termination?.noticeDays ?? 0,
    survival:
      survival === undefined
        ? names.phrase('difference/nothing')
        : names.join(survival.acts.map((act) => names.phrase(`difference/act-${act}`))),
  }
  const give = (): void => {
    if (signing.left !== undefined) signing.hurry()
    else if (chosen !== undefined && !signing.busy) {
      const of = suspension.data
      const wish: NoticeWish = {
        agreement,
        notice: chosen,
        ...(chosen === 'resume' && typeof of === 'string' ? { of } : {}),
        ...(chosen === 'note' && newest !== undefined ? { version: newest.id } : {}),
      }
      signing.put({ kind: 'notice', wish })
      setChosen(undefined)
    }
  }
  useKeys([
    ...kinds.map((kind) => ({ keys: KEYS[kind], says: giveKey(kind), run: () => setChosen(kind) })),
    { keys: 'Ctrl Enter', says: 'room/seal', run: give, inText: true },
    ...(signing.left === undefined ? [] : [{ keys: 'u', says: 'room/take-back' as const, run: signing.takeBack }]),
  ])
  return (
    <div className="room-part">
      <SigningNotice signing={signing} />
      <p>{say('room/notice-two')}</p>
      <p className="acts">
        {kinds.map((kind) => (
          <button
            key={kind}
            type="button"
            className={kind === 'note' || kind === 'resume' ? 'button button-second' : 'button button-bad'}
            aria-pressed={chosen === kind}
            onClick={() => setChosen(kind)}
          >
            {say(giveKey(kind))} <kbd>{KEYS[kind]}</kbd>
          </button>
        ))}
      </p>
      {chosen === undefined ? null : (
        <div className="notice notice-warn" role="status" data-effect={chosen}>
          <p className="state-title">{say(giveKey(chosen))}</p>
          <p>{say(`room/effect-${chosen}`, effects)}</p>
          <p className="acts">
            <button type="button" className="button button-first" onClick={give}>
              {say('room/seal')} <kbd>Ctrl Enter</kbd>
            </button>
            <button type="button" className="button button-quiet" onClick={() => setChosen(undefined)}>
              {say('frame/back')}
            </button>
          </p>
        </div>
      )}
    </div>
  )
}

function giveKey(kind: Kind): ScreenKey {
  return `room/give-${kind}`
}
