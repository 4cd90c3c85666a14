import type { ProvenEntry } from '@entente/exchange'
import { type ScreenKey, isScreenKey } from '@entente/words'

/** The words for what an entry records; undefined for an act that has none. */
export function wordsOfAct({ act, outcome }: { readonly act: string; readonly outcome?: string }): ScreenKey | undefined {
  return [`act/${act}-${outcome ?? ''}`, `act/${act}`].find(isScreenKey)
}

/** The partner whose witness cosigns a log: `jpn-aus.jpn` is kept with `JPN`. */
export function partnerOfLog(log: string): string {
  return (log.split('.').at(-1) ?? '').toUpperCase()
}

/** Somebody who did what an entry records, as the entry names them. */
export interface Actor {
  readonly kind: 'officer' | 'author' | 'reader'
  readonly name: string
}

/** Who stands in an entry: in a log that a partner may be shown, nobody by name. */
export function actorsOf(fields: ProvenEntry['fields']): readonly Actor[] {
  const named: readonly [string, Actor['kind']][] = [
    ['officer', 'officer'],
    ['person', 'officer'],
    ['author', 'author'],
    ['pseudonym', 'reader'],
  ]
  return named.flatMap(([field, kind]) => {
    const name = fields[field]
    return typeof name === 'string' && name !== '' ? [{ kind, name }] : []
  })
}
