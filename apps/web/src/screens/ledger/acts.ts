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

/** Somebody who did what an entry records, as the entry names them; the nation where it names nobody. */
export interface Actor {
  /** `key`: an officer whose signing key the entry names. */
  readonly kind: 'officer' | 'key' | 'person' | 'author' | 'reader' | 'nation'
  readonly name: string
}

const NAMED: readonly (readonly [string, Actor['kind']])[] = [
  ['officer', 'officer'],
  ['person', 'person'],
  ['author', 'author'],
  ['pseudonym', 'reader'],
]

/** Who stands in an entry: in a log that a partner may be shown, nobody by name. What a reader's device said has no name at all. */
export function actorsOf(fields: ProvenEntry['fields']): readonly Actor[] {
  const actors = NAMED.flatMap(([field, kind]): readonly Actor[] => {
    const name = fields[field]
    if (typeof name !== 'string' || name === '') return []
    return [{ kind: kind === 'officer' && /^[0-9a-f]{64}$/u.test(name) ? 'key' : kind, name }]
  })
  return actors.length === 0 && fields['act'] !== 'joined' ? [{ kind: 'nation', name: '' }] : actors
}
