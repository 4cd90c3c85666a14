import { PERSON_DECIDES, equivalentMarking } from '@entente/agreement'
import { type Holding, listHoldings, listRosters } from '@entente/client'
import { type Difference, type RegionHoldings, holdings } from '@entente/difference'
import { type ScreenKey, type Values, say } from '@entente/words'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react'
import { useBanner } from '../../frame/frame.tsx'
import { useWords } from '../../frame/language.tsx'
import { placesOf } from '../../frame/places.ts'
import { useKeys } from '../../keys/keys.ts'
import { Mark } from '../../parts/mark.tsx'
import { type ShownMarking, highest, shownLabel } from '../../parts/marking.ts'
import { Problem, codeFor } from '../../parts/states.tsx'
import type { TermNames } from '../../parts/terms.ts'
import { timeText } from '../../parts/time.ts'
import { Readers } from '../queue/verdict.tsx'
import { type Consequence, consequencesOf, groupKey, headingsOf, wordsOf } from './consequences.ts'
import type { Compared, Room } from './use-room.ts'

/** The holdings that this person may list, and what each nation told of its readers. */
export interface Held {
  readonly holdings: UseQueryResult<readonly Holding[]>
  readonly rosters: UseQueryResult<Awaited<ReturnType<typeof listRosters>>>
}

/** Asked once by whoever stays on the screen: the node enters every list that it gives, so a draft asks for none anew while it is typed. */
export function useHeld({ session }: Room): Held {
  return {
    holdings: useQuery({ queryKey: ['holdings'], queryFn: () => listHoldings(session) }),
    rosters: useQuery({ queryKey: ['told-rosters'], queryFn: () => listRosters(session), retry: false }),
  }
}

/** What is gained, lost and changed, region by region, each with the holdings in it; `children` stand before the regions. */
export function Consequences(props: {
  readonly room: Room
  readonly compared: Pick<Compared, 'version' | 'before' | 'after'>
  readonly exact: Difference
  readonly held: Held
  /** Whether letters go from one to the next: not beside a form. */
  readonly keyed?: boolean
  readonly children?: ReactNode
}): ReactNode {
  const { room, compared, exact, keyed = false, children } = props
  const { holdings: held, rosters: told } = props.held
  const { say, lang } = useWords()
  const { session } = room
  const items = held.data ?? []
  const counted = told.error === null || codeFor(told.error) !== 'client/absent'
  const rows = useMemo(() => {
    const given = items.map(({ item, from, to, label, area, released, basis }) => ({
      id: item,
      direction: { from, to },
      label,
      area,
      releasedAt: released,
      ...(basis === undefined ? {} : { basis }),
    }))
    const now = { at: compared.after.at, areas: compared.version.body.areas }
    return consequencesOf(exact, session.me.nation, held.data === undefined ? undefined : holdings(exact, given, told.data ?? [], now))
  }, [exact, held.data, told.data])
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState(0)
  const toggle = (key: string): void => setOpen(open.has(key) ? new Set([...open].filter((one) => one !== key)) : new Set([...open, key]))
  // One stop of the tab key for the whole list: arrows go on from there, and what an office may release has nothing to open.
  const stops = rows.filter(({ kind }) => kind === 'region')
  const here = Math.min(at, stops.length - 1)
  const focus = (index: number): void => {
    const next = Math.max(0, Math.min(index, stops.length - 1))
    setAt(next)
    document.getElementById(`consequence-${stops[next]?.key ?? ''}`)?.focus()
  }
  const move = (event: KeyboardEvent): void => {
    const to = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: stops.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    focus(to)
  }
  useKeys(
    keyed
      ? [
          { keys: 'j', says: 'frame/next', run: () => focus(here + 1) },
          { keys: 'k', says: 'frame/previous', run: () => focus(here - 1) },
          { keys: 'Enter', says: 'room/items', run: () => (stops[here] === undefined ? undefined : toggle(stops[here].key)) },
        ]
      : [],
  )
  const marked = useMemo(() => new Map(items.map((one) => [one.item, markingOf(room, one)])), [held.data, room.version])
  const shown = rows.filter(({ key }) => open.has(key)).flatMap((row) => (row.kind === 'region' ? (row.held?.items ?? []) : []))
  useBanner(highest(shown.flatMap((item) => marked.get(item) ?? [])))
  return (
    <>
      <p className="line-facts">
        {say('room/exact', { classes: exact.classes.toLocaleString(lang) })} {say('room/later')}
      </p>
      {held.error === null ? null : <Problem error={held.error} again={() => void held.refetch()} />}
      {!counted || told.error === null ? null : <Problem error={told.error} again={() => void told.refetch()} />}
      {counted ? null : <p className="line-facts">{say('room/people-not-here')}</p>}
      {rows.length === 0 ? <p className="notice">{say('room/no-change')}</p> : null}
      {children}
      {headingsOf(rows).map((group) => (
        <section key={group} aria-labelledby={`group-${group}`} className="room-part" data-group={group}>
          <h3 id={`group-${group}`}>{say(groupKey(group), { nation: room.names[lang].nation(session.me.nation) })}</h3>
          {rows.every((row) => row.group !== group) ? <p>{say('room/nothing')}</p> : null}
          <ul className="consequences">
            {rows.map((row) =>
              row.group !== group ? null : (
                <Row
                  key={row.key}
                  row={row}
                  compared={compared}
                  names={room.names[lang]}
                  open={open.has(row.key)}
                  here={row === stops[here]}
                  focus={() => setAt(stops.indexOf(row))}
                  move={move}
                  toggle={() => toggle(row.key)}
                >
                  <Items room={room} row={row} items={items} marked={marked} />
                  {counted && row.kind === 'region' ? <People room={room} row={row} /> : null}
                </Row>
              ),
            )}
          </ul>
        </section>
      ))}
    </>
  )
}

function markingOf({ session, version, side }: Room, { label, from }: Holding): ShownMarking {
  const own = session.me.nation
  const equivalent = from === own ? undefined : equivalentMarking(version.body, from, own, label.classification, side.at)
  return shownLabel(session, label, equivalent === PERSON_DECIDES ? undefined : equivalent)
}

const SIGNS = { gained: '+', lost: '−', changed: '±' } as const

function Row(props: {
  readonly row: Consequence
  readonly compared: Pick<Compared, 'before' | 'after'>
  readonly names: TermNames
  readonly open: boolean
  /** Whether the tab key comes to it. */
  readonly here: boolean
  readonly focus: () => void
  readonly move: (event: KeyboardEvent) => void
  readonly toggle: () => void
  readonly children: ReactNode
}): ReactNode {
  const { row, compared, names, open, here, focus, move, toggle, children } = props
  const { say, lang } = useWords()
  const count = row.kind === 'region' ? row.held?.items.length : undefined
  const people = row.kind === 'region' ? row.held?.readers : undefined
  return (
    <li className={`consequence consequence-${row.mark}`} data-consequence={row.mark} data-held={count} data-people={people?.atMost}>
      <ConsequenceWords row={row} lang={lang} compared={compared} />
      {row.kind === 'office' ? null : (
        <button
          type="button"
          id={`consequence-${row.key}`}
          className="button button-quiet consequence-items"
          aria-expanded={open}
          tabIndex={here ? 0 : -1}
          onFocus={focus}
          onKeyDown={move}
          onClick={toggle}
        >
          {say('room/counted', { count: count ?? 0 })}
          {people === undefined
            ? null
            : ` · ${say(`room/people-${row.mark}`, { nation: names.nation(row.region.direction.to), counts: countsOf(people, names) })}`}
        </button>
      )}
      {open ? children : null}
    </li>
  )
}

/** Counts in words: cells that are too small to be told stay what they are, and are not made a number. */
function countsOf({ cells }: NonNullable<RegionHoldings['readers']>, { lang, join }: TermNames): string {
  const known = cells.reduce((sum, { count = 0 }) => sum + count, 0)
  const small = cells.filter(({ count }) => count === undefined)
  const k = Math.max(0, ...small.map(({ fewerThan = 0 }) => fewerThan))
  return join([
    ...(known > 0 || small.length === 0 ? [say(lang, 'room/people-count', { count: known })] : []),
    ...(small.length === 0 ? [] : [say(lang, 'room/people-small', { k, groups: small.length })]),
  ])
}

/** A consequence in words of one language, with the articles behind it. */
export function ConsequenceWords(props: {
  readonly row: Consequence
  readonly lang: 'en' | 'ja'
  readonly compared: Pick<Compared, 'before' | 'after'>
}): ReactNode {
  const { row, lang, compared } = props
  const said = (key: ScreenKey, values?: Values): string => say(lang, key, values)
  const { head, levels, acts, more, why } = wordsOf(row, lang, compared)
  return (
    <div lang={lang}>
      <p className="consequence-head">
        <span className={`change change-${row.mark}`}>
          {SIGNS[row.mark]}
          <span className="only-heard">{said(`room/${row.mark}`)}</span>
        </span>{' '}
        {head}
      </p>
      <ul className="rule-words">
        {[said('room/rule-levels', { levels }), said('room/rule-acts', { acts }), ...more].map((phrase) => (
          <li key={phrase}>{phrase}</li>
        ))}
      </ul>
      <p className="line-facts">{why.join(lang === 'ja' ? '、' : '; ')}</p>
    </div>
  )
}

function Items(props: {
  readonly room: Room
  readonly row: Consequence
  readonly items: readonly Holding[]
  readonly marked: ReadonlyMap<string, ShownMarking>
}): ReactNode {
  const { room, row, items, marked } = props
  const { say, lang, pick } = useWords()
  const evidence = placesOf(room.session.me.roles).some(({ to }) => to.startsWith('/ledger/'))
  const inside = row.kind === 'region' ? new Set(row.held?.items) : new Set<string>()
  const listed = items.filter(({ item }) => inside.has(item))
  if (listed.length === 0) return <p className="line-facts">{say('room/items-none')}</p>
  return (
    <ul className="held">
      {listed.map(({ item, title, area, released }) => {
        const marking = marked.get(item)
        return (
          <li key={item} data-item={item}>
            {marking === undefined ? null : <Mark marking={marking} />}{' '}
            {evidence ? (
              <Link to="/ledger/{-$item}" params={{ item }}>
                {pick(title)}
              </Link>
            ) : (
              <span className="held-title">{pick(title)}</span>
            )}{' '}
            <span className="line-facts">
              {room.names[lang].area(area)} · {timeText(lang, released)} · <code>{item.slice(0, 8)}</code>
            </span>
          </li>
        )
      })}
    </ul>
  )
}

/** Whose people stand in a region, as their nation last told its partners: counts, small ones merged, never a name. */
function People({ room, row }: { readonly room: Room; readonly row: Consequence & { readonly kind: 'region' } }): ReactNode {
  const { say, lang } = useWords()
  const { to } = row.region.direction
  const agreement = row.region.causes[0]?.agreement
  const readers = row.held?.readers
  return (
    <div className="people">
      <p className="state-title">{say(`room/whose-${row.mark}`, { nation: room.names[lang].nation(to) })}</p>
      {readers === undefined || agreement === undefined ? (
        <p>{say('queue/no-roster', { nation: room.names[lang].nation(to) })}</p>
      ) : (
        <Readers readers={readers} nation={to} agreement={agreement} />
      )}
    </div>
  )
}
