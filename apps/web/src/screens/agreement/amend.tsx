import type { AgreementVersion } from '@entente/agreement'
import { keyIdOf } from '@entente/canonical'
import { proposeAgreement } from '@entente/client'
import type { Difference } from '@entente/difference'
import { type ReactNode, memo, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useKeys } from '../../keys/keys.ts'
import { Empty, Problem } from '../../parts/states.tsx'
import type { Checked } from './compute.ts'
import { Computing } from './computing.tsx'
import { keepDraft, keptDraft } from './draft-keep.ts'
import { type Draft, type DraftAct, beginDraft, draftAfter } from './edit.ts'
import { Editor, focusField } from './editor.tsx'
import type { FormOf } from './form.tsx'
import { Consequences, type Held, useHeld } from './consequence-list.tsx'
import { Legend, Matrices, usePairs } from './matrix-view.tsx'
import { type MatrixPair, countMarks } from './matrix.ts'
import { type TermNames, termNames } from '../../parts/terms.ts'
import { namedBy } from '../../parts/value-names.ts'
import { type Place, placeOf } from './places.ts'
import { Proofs } from './proofs.tsx'
import { sidesOf } from './sides.ts'
import { useComputed } from './use-computed.ts'
import type { Compared, Room } from './use-room.ts'

const PAUSE_MILLISECONDS = 300

/** A draft of the next version, with what it would change while it is written. It stays in this browser until it is proposed. */
export function AmendView({ room }: { readonly room: Room }): ReactNode {
  const { say } = useWords()
  const { session, view } = room
  const person = session.me.id
  const newest = newestOf(room)
  const [draft, setDraft] = useState<Draft | undefined>(() => keptDraft(person, view.agreement))
  useEffect(() => {
    keepDraft(person, view.agreement, draft)
  }, [draft])
  const answered = room.compared?.proposal
  const counters = answered !== undefined && answered.body.previous === newest.id && answered.state !== 'in-force'
  const begin = (): void => setDraft(beginDraft(newest, session.client.now(), counters ? answered : undefined))
  useKeys(draft === undefined ? [{ keys: 'Enter', says: 'room/draft-begin', run: begin }] : [])
  const stale = draft !== undefined && draft.base !== newest.id
  return (
    <>
      <h2>{say('room/amend')}</h2>
      {counters && draft !== undefined && draft.answers !== answered.id ? (
        <div className="notice notice-warn">
          <p>{say('room/draft-other', { proposal: answered.id.slice(0, 12) })}</p>
          <p className="acts">
            <button type="button" className="button button-second" onClick={begin}>
              {say('room/counter')}
            </button>
          </p>
        </div>
      ) : null}
      {draft === undefined || stale ? (
        <Empty
          act={
            <button type="button" className="button button-first" onClick={begin}>
              {say('room/draft-begin')} <kbd>Enter</kbd>
            </button>
          }
        >
          {stale
            ? say('room/draft-stale')
            : counters
              ? say('room/draft-answers', { proposal: answered.id.slice(0, 12) })
              : say('room/draft-none', { number: newest.body.version })}
        </Empty>
      ) : (
        <Drafting
          room={room}
          newest={newest}
          draft={draft}
          act={(act) => setDraft((before) => (before === undefined ? before : draftAfter(before, act)))}
          done={(proposal) => {
            keepDraft(person, view.agreement, undefined)
            setDraft(undefined)
            if (proposal !== undefined) room.go('proposal', { with: proposal })
          }}
        />
      )}
    </>
  )
}

function newestOf({ view, version }: Room): AgreementVersion {
  const newest = view.versions.toSorted((a, b) => b.number - a.number)[0]
  return newest === undefined ? version : { id: newest.id, body: newest.signed.body }
}

function Drafting(props: {
  readonly room: Room
  readonly newest: AgreementVersion
  readonly draft: Draft
  readonly act: (act: DraftAct) => void
  readonly done: (proposal?: string) => void
}): ReactNode {
  const { room, newest, draft, act, done } = props
  const { say, lang } = useWords()
  const { session, policies, pins } = room
  const { present: body } = draft
  const names = useMemo(() => termNames(lang, policies, [body]), [lang, policies, body])
  const version = useMemo(() => ({ id: 'draft', body }), [body])
  const sides = useMemo(() => sidesOf(room.side, version), [room.side, version])
  const task = { task: 'check', ...sides, draft: version, newest } as const
  const checking = useComputed(task, [sides, newest.id], PAUSE_MILLISECONDS)
  const checked = checking.answer
  // Typing goes first: the axes are compared when it was drawn, and drawn when there is time; the whole difference comes from beside.
  const drawn = useDeferredValue(useMemo(() => ({ version, ...sides }), [version, sides]))
  const pairs = usePairs(drawn.before, drawn.after)
  const exact = useDeferredValue(drawn.version === version ? checked?.exact : undefined)
  const { holdings, rosters } = useHeld(room)
  const held = useMemo(() => ({ holdings, rosters }), [holdings, rosters])
  const live = useMemo((): Live => {
    const termsOf = (of: 'en' | 'ja'): TermNames => termNames(of, policies, [drawn.version.body])
    return { room: { ...room, names: { en: termsOf('en'), ja: termsOf('ja') } }, compared: drawn, pairs, exact }
  }, [room, drawn, pairs, exact])
  const [place, setPlace] = useState<Place>({ part: 'grants', index: 0 })
  const [wanted, setWanted] = useState<string>()
  // While a new text is looked at, what was wrong with the one before it stays at its field.
  const problems = useRef<Checked['problems']>([])
  if (checked !== undefined) problems.current = checked.problems
  const form: FormOf = {
    body,
    base: newest.body,
    policies,
    names,
    problems: problems.current,
    keyId: (key) => keyIdOf(session.client.crypto, key),
    edit: (edit) => act({ act: 'edit', edit }),
  }
  useEffect(() => {
    if (wanted === undefined) return
    focusField(wanted, body)
    setWanted(undefined)
  }, [wanted])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const negotiator = session.me.roles.includes('negotiator')
  const sound =
    checked !== undefined && checked.problems.every(({ severity }) => severity !== 'error') && checked.proofs.every(({ proved }) => proved)
  const wrong =
    (checked?.problems.filter(({ severity }) => severity === 'error').length ?? 0) +
    (checked?.proofs.filter(({ proved }) => !proved).length ?? 0)
  const propose = async (): Promise<void> => {
    if (busy || !sound || !negotiator) return
    setBusy(true)
    setError(undefined)
    try {
      const client = { ...session.client, pins, negotiator: await session.officer() }
      const proposal = await proposeAgreement(client, body, draft.answers)
      room.refresh()
      done(proposal)
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  useKeys([
    { keys: 'Ctrl Z', says: 'room/undo', run: () => act({ act: 'undo' }) },
    { keys: 'Ctrl Shift Z', says: 'room/redo', run: () => act({ act: 'redo' }) },
    { keys: 'Ctrl Enter', says: 'room/propose', run: () => void propose(), inText: true },
  ])
  return (
    <div className="amend" data-checked={checked === undefined ? 'pending' : sound ? 'sound' : 'wrong'}>
      <div className="amend-bar">
        <p className="line-facts">
          {draft.answers === undefined ? null : `${say('room/draft-answers', { proposal: draft.answers.slice(0, 12) })} · `}
          {say('room/version', { number: body.version })} · {say('room/draft-kept')}
        </p>
        <LiveCounts pairs={pairs} />
        <p className={checked === undefined ? '' : sound ? 'amend-sound' : 'amend-sound amend-wrong'} role="status">
          {checked !== undefined
            ? say(sound ? 'room/amend-sound' : 'room/amend-wrong', { count: wrong })
            : checking.error === undefined
              ? say('room/computing')
              : null}
        </p>
        <p className="acts">
          <button
            type="button"
            className="button button-second"
            aria-disabled={draft.done.length === 0}
            onClick={() => act({ act: 'undo' })}
          >
            {say('room/undo')} <kbd>Ctrl Z</kbd>
          </button>
          <button
            type="button"
            className="button button-second"
            aria-disabled={draft.undone.length === 0}
            onClick={() => act({ act: 'redo' })}
          >
            {say('room/redo')} <kbd>Ctrl Shift Z</kbd>
          </button>
          <button type="button" className="button button-bad" onClick={() => done()}>
            {say('room/discard')}
          </button>
          {negotiator ? (
            <button type="button" className="button button-first" aria-disabled={!sound || busy} onClick={() => void propose()}>
              {say('room/propose')} <kbd>Ctrl Enter</kbd>
            </button>
          ) : null}
        </p>
        {error === undefined ? null : <Problem error={error} />}
        {negotiator ? null : <p className="line-facts">{say('room/for-negotiators')}</p>}
      </div>
      <div className="amend-form">
        <Editor room={room} form={form} place={place} go={setPlace} />
      </div>
      <section className="amend-live" aria-label={say('room/live')}>
        <h3>{say('room/problems')}</h3>
        {checked === undefined ? <Computing key={draft.done.length} {...checking} /> : null}
        {checked?.problems.length === 0 ? <p className="notice notice-good">{say('room/problems-none')}</p> : null}
        <Problems
          checked={checked}
          names={names}
          go={(where) => {
            setPlace(placeOf(where))
            setWanted(where)
          }}
        />
        {checked === undefined || checked.proofs.length === 0 ? null : (
          <>
            <h3>{say('room/invariants')}</h3>
            <Proofs room={room} version={version} proofs={checked.proofs} />
          </>
        )}
        <LiveView live={live} held={held} />
      </section>
    </div>
  )
}

function Problems(props: {
  readonly checked: Checked | undefined
  readonly names: TermNames
  readonly go: (where: string) => void
}): ReactNode {
  const { checked, names, go } = props
  const { say, message } = useWords()
  return (
    <ul className="problems">
      {(checked?.problems ?? []).map(({ code, severity, where, values }) => (
        <li key={`${code} ${where}`} className={`problem-${severity}`} data-problem={code}>
          <strong>{say(`room/${severity}`)}</strong> {message(code, { ...namedBy(names, values), where })} <code>{code}</code>{' '}
          <button type="button" className="button button-quiet" onClick={() => go(where)}>
            {say('room/problem-go')}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What a draft would change: the text that it is said of, and the whole difference once that has come. */
interface Live {
  readonly room: Room
  readonly compared: Pick<Compared, 'version' | 'before' | 'after'>
  readonly pairs: readonly MatrixPair[]
  readonly exact: Difference | undefined
}

const LiveView = memo(function LiveView({ live, held }: { readonly live: Live; readonly held: Held }): ReactNode {
  const { say } = useWords()
  const { room, compared, pairs, exact } = live
  const { before, after } = compared
  return (
    <>
      <h3>{say('room/live')}</h3>
      <Legend marks />
      <Matrices room={room} before={before} after={after} pairs={pairs} exact={exact} marked />
      {exact === undefined ? null : (
        <section data-difference="exact" aria-labelledby="amend-answer">
          <h3 id="amend-answer">{say('room/answer')}</h3>
          <Consequences room={room} compared={compared} exact={exact} held={held} />
        </section>
      )}
    </>
  )
})

/** How many cells gain and lose, by the axes alone: at once, while it is typed. */
const LiveCounts = memo(function LiveCounts({ pairs }: { readonly pairs: readonly MatrixPair[] }): ReactNode {
  const { say } = useWords()
  const counts = useMemo(() => countMarks(pairs), [pairs])
  return (
    <p className="amend-counts" role="status" data-live={`${counts.gained} ${counts.lost} ${counts.changed}`}>
      {say('room/live-count', { ...counts })}
    </p>
  )
})
