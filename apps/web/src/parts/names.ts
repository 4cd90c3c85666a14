import { agreementInForce } from '@entente/exchange'
import { type Lang, isScreenKey, say } from '@entente/words'
import type { Session } from '../session/session.ts'

/** A nation's name as the marking policies have it; its code where none does. */
export function nationName({ client }: Session, nation: string, lang: Lang): string {
  for (const policy of client.pins.policies.values()) {
    if (policy.nation === nation) return policy.nationNames[lang]
    const listed = policy.releasableTo.find((one) => one.nation === nation)
    if (listed !== undefined) return listed.names[lang]
  }
  return nation
}

/** An agreement as it is in force now; undefined where none is. */
export function agreementNow({ client }: Session, agreement: string | undefined) {
  return agreement === undefined ? undefined : agreementInForce(client.pins.trust, agreement, client.now())?.body
}

/** An area's name, from the agreement under which something came, or from any that knows it. */
export function areaName(session: Session, agreement: string | undefined, area: string, lang: Lang): string {
  const names = [agreement, ...session.client.pins.trust.agreements.keys()]
    .map((name) => agreementNow(session, name)?.areas.find(({ code }) => code === area)?.names)
    .find((found) => found !== undefined)
  return names?.[lang] ?? area
}

/** Short name of an agreement: its title is a sentence. */
export function agreementName(session: Session, agreement: string, lang: Lang): string {
  const body = agreementNow(session, agreement)
  if (body === undefined) return agreement
  const parties = body.parties.map(({ names }) => names[lang])
  return lang === 'ja' ? `${parties.join('・')}取決め` : `${parties.join('–')} arrangement`
}

/** A purpose's name; its code where nobody has given it one. */
export function purposeName(lang: Lang, purpose: string): string {
  const key = `purpose/${purpose}`
  return isScreenKey(key) ? say(lang, key) : purpose
}
