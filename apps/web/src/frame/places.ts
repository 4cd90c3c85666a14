import type { ScreenKey } from '@entente/words'

/** A screen, for whom it is there. */
export interface Place {
  readonly to: '/inbox/{-$item}' | '/drafts/{-$draft}' | '/queue/{-$draft}' | '/ledger/{-$item}' | '/agreement/{-$part}'
  readonly keys: string
  readonly says: ScreenKey
  readonly roles: readonly string[]
}

/** Whoever has a role may read what was agreed. */
const EVERY_ROLE: readonly string[] = [
  'reader',
  'author',
  'disclosure-officer',
  'security-officer',
  'clearance-officer',
  'auditor',
  'negotiator',
  'signatory',
]

const PLACES: readonly Place[] = [
  { to: '/inbox/{-$item}', keys: 'g i', says: 'frame/inbox', roles: ['reader', 'author', 'disclosure-officer'] },
  { to: '/drafts/{-$draft}', keys: 'g d', says: 'frame/drafts', roles: ['author'] },
  { to: '/queue/{-$draft}', keys: 'g q', says: 'frame/queue', roles: ['disclosure-officer'] },
  { to: '/ledger/{-$item}', keys: 'g l', says: 'frame/ledger', roles: ['disclosure-officer', 'security-officer', 'auditor'] },
  { to: '/agreement/{-$part}', keys: 'g a', says: 'frame/agreement', roles: EVERY_ROLE },
]

/** The screens of somebody with these roles, the first one first. */
export function placesOf(roles: readonly string[]): readonly Place[] {
  return PLACES.filter((place) => place.roles.some((role) => roles.includes(role)))
}

/** The path of a place, as an address. */
export function pathOf({ to }: Place): string {
  return to.slice(0, to.indexOf('/', 1))
}
