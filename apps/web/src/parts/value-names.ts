import { type Lang, type ScreenKey, type Values, isScreenKey, say } from '@entente/words'
import type { Session } from '../session/session.ts'
import { type TermNames, termNames } from './terms.ts'

type Name = (names: TermNames, code: string) => string

const nation: Name = (names, code) => names.nation(code)
const level: Name = (names, code) => names.anyLevel(code)
const clearance: Name = (names, code) => names.anyClearance(code)
const mark: Name = (names, code) => names.mark(code)
const purpose: Name = (names, code) => names.purpose(code)

/** What the values of a reason are codes of; a value that is not here stands for itself. */
const NAMED: Readonly<Record<string, Name>> = {
  nation,
  nations: nation,
  from: nation,
  to: nation,
  via: nation,
  originator: nation,
  releasableTo: nation,
  area: (names, code) => names.area(code),
  classification: level,
  ceiling: level,
  floor: level,
  clearance,
  clearances: clearance,
  needed: clearance,
  category: mark,
  code: mark,
  kind: ({ lang }, code) => (isScreenKey(`room/kind-${code}`) ? say(lang, `room/kind-${code}` as ScreenKey) : code),
  act: (names, code) => names.phrase(`difference/act-${code}`),
  use: (names, code) => names.phrase(`difference/use-${code}`),
  purpose,
  purposes: purpose,
}

/** The values of a reason in words, where a marking policy or an agreement names them; a code without a name stays. */
export function namedValues({ client }: Session, values: Values, lang: Lang): Values {
  const bodies = [...client.pins.trust.agreements.values()].flat().map(({ body }) => body)
  return namedBy(termNames(lang, [...client.pins.policies.values()], bodies), values)
}

/** The same by names that are at hand. */
export function namedBy(names: TermNames, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const name = Object.hasOwn(NAMED, key) ? NAMED[key] : undefined
      return [key, name === undefined || typeof value !== 'string' ? value : inWords(value, (code) => name(names, code))]
    }),
  )
}

/** A value may be several words; in a list a name's own blanks do not part. */
function inWords(value: string, name: (code: string) => string): string {
  const codes = value.split(/[,\s]+/u).filter((one) => one !== '')
  return codes.length < 2 ? name(value) : codes.map((code) => name(code).replaceAll(/[,\s]+/gu, '\u00A0')).join(' ')
}
