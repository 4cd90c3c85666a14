import { partnersIn } from '@entente/exchange'
import { agreementNow } from '../../parts/names.ts'
import type { Session } from '../../session/session.ts'

/** The nations with which an agreement is in force now, sorted. */
export function partnersOf(session: Session): readonly string[] {
  const agreements = [...session.client.pins.trust.agreements.keys()]
  const all = agreements.flatMap((agreement) => {
    const body = agreementNow(session, agreement)
    return body === undefined ? [] : partnersIn(body, session.me.nation)
  })
  return [...new Set(all)].sort()
}

/** An area of the agreements in force, and how deep it stands in their trees. */
export interface AreaChoice {
  readonly code: string
  readonly names: { readonly en: string; readonly ja: string }
  readonly depth: number
}

/** Every area of the agreements in force, each below its parent. */
export function areasOf(session: Session): readonly AreaChoice[] {
  const choices = new Map<string, AreaChoice>()
  for (const agreement of session.client.pins.trust.agreements.keys()) {
    const areas = agreementNow(session, agreement)?.areas ?? []
    const add = (parent: string | undefined, depth: number): void => {
      for (const area of areas) {
        if (area.parent !== parent || choices.has(area.code)) continue
        choices.set(area.code, { code: area.code, names: area.names, depth })
        add(area.code, depth + 1)
      }
    }
    add(undefined, 0)
  }
  return [...choices.values()]
}
