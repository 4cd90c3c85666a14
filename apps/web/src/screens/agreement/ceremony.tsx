import { agreementDomain } from '@entente/agreement'
import { type Json, keyIdOf, signingBytes, toHex } from '@entente/canonical'
import { type ProposalView, whole } from '@entente/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { authorityOf } from '../../device/parcel.ts'
import { useWords } from '../../frame/language.tsx'
import { useKeys } from '../../keys/keys.ts'
import { Problem } from '../../parts/states.tsx'
import { Computing, useDifference } from './computing.tsx'
import { ConsequenceWords } from './consequence-list.tsx'
import { consequencesOf, groupKey, headingsOf } from './consequences.ts'
import { Check } from './fields.tsx'
import { useSigning } from './going.ts'
import { Proofs } from './proofs.tsx'
import { SigningNotice } from './signing-notice.tsx'
import { useComputed } from './use-computed.ts'
import { Statements } from './statements-view.tsx'
import type { Compared, Room } from './use-room.ts'

const LANGS = ['en', 'ja'] as const

/** Signing as a nation: read back, compare the number aloud, compare the bytes, then seal. Two persons of each authority do it. */
export function Ceremony({
  room,
  compared,
  proposal,
}: {
  readonly room: Room
  readonly compared: Compared
  readonly proposal: ProposalView
}): ReactNode {
  const { say } = useWords()
  const { session, pins } = room
  const [read, setRead] = useState(false)
  const own = useOwnKey(room)
  const bytes = useBytes(room, proposal)
  const { after, version } = compared
  const proofs = useComputed({ task: 'proofs', version, policies: after.policies }, [after.policies, version])
  const signing = useSigning(session, pins, room.refresh)
  const settled = ['settled', 'sealed'].includes(proposal.state)
  const waits = proposal.missing.some(({ keyId }) => keyId === own)
  const holds = proofs.answer?.every(({ proved }) => proved) === true
  const may = settled && waits && read && bytes.data?.same === true && holds && !signing.busy
  const seal = (): void => {
    if (may) signing.put({ kind: 'seal', proposal: proposal.id })
    else if (signing.left !== undefined) signing.hurry()
  }
  useKeys([
    { keys: 'Ctrl Enter', says: 'room/seal', run: seal, inText: true },
    ...(signing.left === undefined ? [] : [{ keys: 'u', says: 'room/take-back' as const, run: signing.takeBack }]),
  ])
  return (
    <section className="room-part ceremony" aria-labelledby="room-ceremony" data-ceremony={waits ? 'open' : 'done'}>
      <h3 id="room-ceremony">{say('room/ceremony')}</h3>
      <SigningNotice signing={signing} />
      {!settled ? (
        <p className="notice">{say('room/seal-not-yet')}</p>
      ) : !waits ? (
        <p className="notice notice-good">{say('room/seal-own-done')}</p>
      ) : null}
      <h4>{say('room/ceremony-read')}</h4>
      <ReadBack room={room} compared={compared} />
      <h4>{say('room/ceremony-id')}</h4>
      <p className="groups" lang="und">
        {(proposal.id.match(/.{4}/gu) ?? []).map((group, at) => (
          <span key={`${at} ${group}`} className="group">
            {group}
          </span>
        ))}
      </p>
      <h4>{say('room/ceremony-bytes')}</h4>
      {bytes.error === null ? null : <Problem error={bytes.error} again={() => void bytes.refetch()} />}
      {bytes.data === undefined ? null : bytes.data.same ? (
        <p className="notice notice-good" data-bytes="same">
          {say('room/ceremony-same', { count: bytes.data.length })}
        </p>
      ) : (
        <p className="notice notice-bad loud" role="alert" data-bytes="other">
          {say('room/ceremony-differs')}
        </p>
      )}
      <h4>{say('room/ceremony-proofs')}</h4>
      {proofs.answer === undefined ? <Computing {...proofs} /> : <Proofs room={room} version={version} proofs={proofs.answer} />}
      {!settled || !waits ? null : (
        <>
          <Check label={say('room/ceremony-said')} value={read} change={setRead} />
          <p className="acts">
            <button type="button" className="button button-first" aria-disabled={!may} onClick={seal}>
              {say('room/seal')} <kbd>Ctrl Enter</kbd>
            </button>
          </p>
        </>
      )}
    </section>
  )
}

/** Id of the authority's key on this device. */
function useOwnKey({ session }: Room): string | undefined {
  const [id, setId] = useState<string>()
  useEffect(() => {
    let gone = false
    void authorityOf(session.device).then((signer) => {
      if (!gone && signer !== undefined) setId(keyIdOf(session.client.crypto, signer.publicKey))
    })
    return () => {
      gone = true
    }
  }, [session])
  return id
}

/** The bytes that the node says are signed, beside those of the text that this page shows. */
function useBytes({ session }: Room, { id, body }: ProposalView) {
  const { crypto, api } = session.client
  return useQuery({
    queryKey: ['signing-bytes', id],
    async queryFn() {
      const given = await whole(await api.stream(`/api/agreements/proposals/${id}/signing-bytes`))
      const own = signingBytes(agreementDomain(body.realm), body as unknown as Json)
      const same = toHex(crypto.sha256(given)) === id && toHex(given) === toHex(own)
      return { same, length: given.length }
    },
  })
}

/** Everything that changes, in both languages side by side. */
function ReadBack({ room, compared }: { readonly room: Room; readonly compared: Compared }): ReactNode {
  const { say, lang } = useWords()
  const computed = useDifference(compared)
  if (computed.answer === undefined) return <Computing {...computed} />
  const rows = consequencesOf(computed.answer, room.session.me.nation)
  return (
    <div className="read-back" data-read-back="whole">
      {rows.length === 0 ? <p>{say('room/no-change')}</p> : null}
      {headingsOf(rows).map((group) => (
        <div key={group}>
          <h5>{say(groupKey(group), { nation: room.names[lang].nation(room.session.me.nation) })}</h5>
          {rows.every((row) => row.group !== group) ? <p>{say('room/nothing')}</p> : null}
          {rows
            .filter((row) => row.group === group)
            .map((row) => (
              <div key={row.key} className="both consequence">
                {LANGS.map((one) => (
                  <ConsequenceWords key={one} row={row} lang={one} compared={compared} />
                ))}
              </div>
            ))}
        </div>
      ))}
      {(['rules', 'rest'] as const).map((part) => (
        <div key={part}>
          <h5>{say(part === 'rules' ? 'room/rules-changed' : 'room/other-changes')}</h5>
          <div className="both">
            {LANGS.map((one) => (
              <Statements key={one} room={room} compared={compared} part={part} lang={one} />
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
