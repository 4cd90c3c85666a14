import { type Label, type MarkingPolicy, LabelError, parseMarking, printMarking, receivedMarking } from '@entente/label'
import type { Session } from '../session/session.ts'

/** A marking as it is shown: as its originator writes it, in its originator's colours. */
export interface ShownMarking {
  /** `SECRET//REL AUS, JPN`. */
  readonly text: string
  /** `S`. */
  readonly short: string
  /** Who writes like this. */
  readonly nation: string
  readonly colours: { readonly background: string; readonly text: string; readonly frame?: string }
  /** How high in the own nation's terms; what a person must decide is the highest. */
  readonly height: number
  /** The own level at which it is held, in both languages; absent for an own marking. */
  readonly equivalent?: { readonly en: string; readonly ja: string } | 'person-decides'
}

const PLAIN = { background: '#ffffff', text: '#1a1a1a', frame: '#1a1a1a' }

function policyOfNation({ client }: Session, nation: string): MarkingPolicy | undefined {
  return [...client.pins.policies.values()].find((policy) => policy.nation === nation)
}

/** The own nation's marking policy. */
export function ownPolicy(session: Session): MarkingPolicy {
  const policy = policyOfNation(session, session.me.nation)
  if (policy === undefined) throw new TypeError('the device has no policy of its own nation')
  return policy
}

/** The policy of a label; undefined for one that this device does not know. */
export function policyOf({ client }: Session, label: Label): MarkingPolicy | undefined {
  return client.pins.policies.get(label.policy)
}

/** How a label is shown. `equivalent`: code of the own classification, or `person-decides`; absent for an own label. */
export function shownLabel(session: Session, label: Label, equivalent?: string, form: 'banner' | 'portion' = 'banner'): ShownMarking {
  const policy = policyOf(session, label)
  if (policy === undefined) return { text: label.classification, short: '?', nation: '', colours: PLAIN, height: Number.MAX_SAFE_INTEGER }
  const level = policy.classifications.find(({ code }) => code === label.classification)
  const own = ownPolicy(session)
  const head = {
    text: printMarking(label, policy, { form }),
    short: level?.portion ?? '?',
    nation: policy.nation,
    colours: level?.colours ?? PLAIN,
  }
  if (policy.nation === own.nation) return { ...head, height: level?.order ?? 0 }
  const here = own.classifications.find(({ code }) => code === equivalent)
  if (here === undefined) return { ...head, height: Number.MAX_SAFE_INTEGER, equivalent: 'person-decides' }
  return { ...head, height: here.order, equivalent: receivedMarking(own, policy.nationNames, here.code) }
}

/** As `shownLabel`, of a marking that a card carries as text. One that does not parse is shown as it stands, and counts as the highest. */
export function shownText(session: Session, text: string, nation: string, equivalent?: string): ShownMarking {
  const policy = policyOfNation(session, nation)
  const unread = { text, short: '?', nation, colours: PLAIN, height: Number.MAX_SAFE_INTEGER }
  if (policy === undefined) return unread
  try {
    return shownLabel(session, parseMarking(text, { policy, form: 'banner', created: 0 }), equivalent)
  } catch (error) {
    if (!(error instanceof LabelError)) throw error
    return unread
  }
}

/** The highest of several; undefined of none. */
export function highest(markings: readonly ShownMarking[]): ShownMarking | undefined {
  return markings.reduce<ShownMarking | undefined>((top, one) => (top === undefined || one.height > top.height ? one : top), undefined)
}
