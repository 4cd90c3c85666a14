import { type Lang, type Values, fill } from '../catalogue.ts'
import { agreementRoom } from './agreement.ts'
import { agreementWork } from './agreement-work.ts'
import { desk } from './desk.ts'
import { evidence } from './evidence.ts'
import { frame } from './frame.ts'
import { inbox } from './inbox.ts'
import { queue } from './queue.ts'
import { signIn } from './sign-in.ts'

type Screens = typeof frame &
  typeof signIn &
  typeof inbox &
  typeof desk &
  typeof queue &
  typeof evidence &
  typeof agreementRoom &
  typeof agreementWork

const screens: Screens = { ...frame, ...signIn, ...inbox, ...desk, ...queue, ...evidence, ...agreementRoom, ...agreementWork }
const texts: Readonly<Record<string, { readonly en: string; readonly ja: string }>> = screens

/** Name of a text of the screens. */
export type ScreenKey = keyof Screens

/** A text of the screens, with its values. */
export function say(lang: Lang, key: ScreenKey, values: Values = {}): string {
  return fill(lang, texts[key]?.[lang] ?? key, values)
}

/** Whether there is a text of this name: for names made of data, such as a role's. */
export function isScreenKey(key: string): key is ScreenKey {
  return Object.hasOwn(screens, key)
}

/** Every name, for the check that both languages take the same values. */
export function screenKeys(): readonly ScreenKey[] {
  return Object.keys(screens) as ScreenKey[]
}
