import { type CheckedEntry, type EvidenceEntry, readEvidence, verifyEntries } from '@entente/client'
import { useEffect, useRef, useState } from 'react'
import { useSession } from '../../frame/session-context.ts'
import type { Session } from '../../session/session.ts'
import { type Checking, type Sweep, checkEntries, checkItems, placeOf } from './checking.ts'

function checkingOf({ client }: Session, ended: () => boolean): Checking {
  return {
    async verify(entry) {
      const [checked] = await verifyEntries(client, [entry])
      return checked ?? { entry, state: 'wrong', code: 'client/entry-log' }
    },
    breathe: () => new Promise((resolve) => setTimeout(resolve, 0)),
    ended,
  }
}

/** What is known of one item's entries so far: grows while they are verified. */
export interface CheckingState {
  readonly checked: readonly CheckedEntry[]
  /** How many were verified in this round; what an earlier one came to is among `checked` too. */
  readonly done: number
  readonly running: boolean
  /** A fault of this page, not of an entry. */
  readonly error?: unknown
}

/** Verifies an item's entries as soon as they are there, and anew whenever they are others or `round` changes. */
export function useEntriesChecked(item: string, entries: readonly EvidenceEntry[] | undefined, round: number): CheckingState {
  const session = useSession()
  const [state, setState] = useState<CheckingState>({ checked: [], done: 0, running: true })
  const latest = useRef(entries)
  latest.current = entries
  const same = entries === undefined ? undefined : JSON.stringify(entries)
  const before = useRef<{ round: number; checked: readonly CheckedEntry[] }>({ round, checked: [] })
  useEffect(() => {
    if (latest.current === undefined) return undefined
    let gone = false
    // What an earlier answer came to stays until the same entry is verified anew; who asks for it sees everything from the start.
    const earlier = before.current.round === round ? before.current.checked : []
    const show = (checked: readonly CheckedEntry[], running: boolean): void => {
      if (gone) return
      const places = new Set(checked.map(({ entry }) => placeOf(entry)))
      const all = running ? [...checked, ...earlier.filter(({ entry }) => !places.has(placeOf(entry)))] : checked
      before.current = { round, checked: all }
      setState({ checked: all, done: checked.length, running })
    }
    show([], true)
    checkEntries(
      item,
      latest.current,
      checkingOf(session, () => gone),
      (checked) => show(checked, true),
    ).then(
      (checked) => show(checked, false),
      (error: unknown) => (gone ? undefined : setState({ checked: [], done: 0, running: false, error })),
    )
    return () => {
      gone = true
    }
  }, [session, item, same, round])
  return state
}

/** Verifying everything: what came of it, and how to start and to end it. */
export interface Sweeping {
  readonly sweep: Sweep | undefined
  readonly start: (items: readonly string[]) => void
  readonly stop: () => void
}

/** Verifies every entry about every item; ends when the screen is left. */
export function useSweep(): Sweeping {
  const session = useSession()
  const [sweep, setSweep] = useState<Sweep>()
  const run = useRef(0)
  useEffect(
    () => () => {
      run.current++
    },
    [],
  )
  return {
    sweep,
    start(items) {
      const mine = ++run.current
      void checkItems(
        items,
        (item) => readEvidence(session.client, item),
        checkingOf(session, () => run.current !== mine),
        (now) => {
          if (run.current === mine || (!now.running && run.current === mine + 1)) setSweep(now)
        },
      )
    },
    stop() {
      run.current++
    },
  }
}
