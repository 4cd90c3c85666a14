import type { ScreenKey } from '@entente/words'
import { useLayoutEffect, useSyncExternalStore } from 'react'

/** Something that a key does. */
export interface KeyAct {
  /** `j`, `g i` (one after the other), `Shift V`, `Ctrl K`, `Alt 1`, `F8`, `Enter`. */
  readonly keys: string
  readonly says: ScreenKey
  run(): void
  /** Acts on every screen. */
  readonly everywhere?: true
  /** Acts in text fields too; for anything but single letters. */
  readonly inText?: true
}

const SEQUENCE_MILLISECONDS = 1_200
const SINGLE = 'entente.single-letter-keys'

let acts: readonly KeyAct[] = []
const watchers = new Set<() => void>()
let before: { readonly key: string; readonly until: number } | undefined

function change(next: readonly KeyAct[]): void {
  acts = next
  for (const watcher of watchers) watcher()
}

/** Makes keys act as long as the component is there. A later component's act on the same keys comes first. */
export function useKeys(mine: readonly KeyAct[]): void {
  // With what is shown, not after it: who sees that something can be done and presses the key at once must not meet the act of before.
  useLayoutEffect(() => {
    change([...mine, ...acts])
    return () => change(acts.filter((act) => !mine.includes(act)))
  })
}

/** Every act that a key has now, for help and palette; each key once. */
export function useKeyActs(): readonly KeyAct[] {
  const all = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => acts,
  )
  return all.filter((act, at) => all.findIndex((other) => other.keys === act.keys) === at)
}

/** Whether single letters act (WCAG 2.1.4: they can be turned off). */
export function singleLetters(): boolean {
  return localStorage.getItem(SINGLE) !== 'off'
}

export function setSingleLetters(on: boolean): void {
  localStorage.setItem(SINGLE, on ? 'on' : 'off')
  change(acts)
}

/** What a key is called here, whatever the input method: with one that is on, browsers say `Process` and only the code tells. */
function nameOf(event: KeyboardEvent): string {
  if (event.key !== 'Process') return event.key.length === 1 ? (event.shiftKey ? event.key : event.key.toLowerCase()) : event.key
  const letter = /^Key(?<letter>[A-Z])$/u.exec(event.code)?.groups?.['letter']?.toLowerCase()
  if (letter !== undefined) return event.shiftKey ? letter.toUpperCase() : letter
  return event.code === 'Slash' ? (event.shiftKey ? '?' : '/') : event.code
}

function chordOf(event: KeyboardEvent): string {
  const name = nameOf(event)
  const held = [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '']
  const shift = event.shiftKey && (held.some((one) => one !== '') || name.length > 1 || /^[a-z]$/iu.test(name))
  // With Alt a letter may come as another character; the code names the key.
  const plain = event.altKey ? (/^(?:Key|Digit)(?<key>.)$/u.exec(event.code)?.groups?.['key'] ?? name) : name
  return [...held, shift ? 'Shift' : '', plain.length === 1 && (shift || held.some((one) => one !== '')) ? plain.toUpperCase() : plain]
    .filter((one) => one !== '')
    .join(' ')
}

function isText(target: EventTarget | null): boolean {
  const text = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]'
  return target instanceof HTMLElement && target.closest(text) !== null
}

/** A button or link takes Enter for itself. */
function takesEnter(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a[href], summary, [role="menuitem"]') !== null
}

function onKey(event: KeyboardEvent): void {
  // While an input method composes, every key is its own; 229 is how older ones say so.
  if (event.isComposing || (event.keyCode === 229 && isText(event.target))) return
  if (event.defaultPrevented || document.querySelector('[role="dialog"]') !== null) return
  const chord = chordOf(event)
  const letter = /^(?:Shift )?\S$/u.test(chord)
  const found = find(chord, letter)
  if (found === undefined) {
    if (letter && !isText(event.target)) before = { key: chord, until: event.timeStamp + SEQUENCE_MILLISECONDS }
    return
  }
  if (letter && (isText(event.target) || !singleLetters())) return
  if (isText(event.target) && found.inText !== true) return
  if (chord === 'Enter' && takesEnter(event.target)) return
  before = undefined
  event.preventDefault()
  found.run()

  function find(one: string, single: boolean): KeyAct | undefined {
    const sequence = single && before !== undefined && event.timeStamp < before.until ? `${before.key} ${one}` : undefined
    return acts.find((act) => act.keys === sequence) ?? acts.find((act) => act.keys === one)
  }
}

/** Begins listening; once a page. */
export function listenToKeys(): void {
  document.addEventListener('keydown', onKey)
}
