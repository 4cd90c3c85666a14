/** What the picker offers: what this author may use, and what the chosen readers' side can hold. */
import { PERSON_DECIDES, equivalentMarking } from '@entente/agreement'
import { partnersIn } from '@entente/exchange'
import type { Bilingual, MarkingPolicy } from '@entente/label'
import { receivedMarking } from '@entente/label'
import { agreementNow } from '../../parts/names.ts'
import type { Session } from '../../session/session.ts'
import type { Term } from './marks.ts'

/** Codes of the classifications that the author's own clearance opens. What is not classified is everybody's. */
export function levelsOf({ me }: Session, policy: MarkingPolicy): ReadonlySet<string> {
  const opened = policy.clearances.find(({ code }) => code === me.clearance?.level)?.classifications ?? []
  return new Set(
    policy.classifications
      .filter(({ code, unmarkedRelease }) => unmarkedRelease === 'neutral' || opened.includes(code))
      .map(({ code }) => code),
  )
}

/**
 * How a partner marks what it is given at a classification of the own policy, by the tables in force now; `person-decides`
 * where no table has a row, undefined for a nation with which no agreement is in force.
 */
export function heldIn(
  session: Session,
  nation: string,
  classification: string,
  own: MarkingPolicy,
): Bilingual | 'person-decides' | undefined {
  const agreements = between(session, nation)
  const theirs = [...session.client.pins.policies.values()].find((policy) => policy.nation === nation)
  if (agreements.length === 0 || theirs === undefined) return undefined
  const code = agreements
    .map((body) => equivalentMarking(body, own.nation, nation, classification, session.client.now()))
    .find((found) => found !== PERSON_DECIDES)
  return code === undefined ? PERSON_DECIDES : receivedMarking(theirs, own.nationNames, code)
}

/** Whether some grant to a nation bears a caveat. A rule on persons is the label's own to weigh. */
export function bears(session: Session, nation: string, term: Term): boolean {
  if (term.kind === 'person') return true
  const { me } = session
  return between(session, nation).some(({ grants }) =>
    grants.some(
      ({ from, to, categories }) =>
        from === me.nation && (to === nation || to === 'members') && categories.includes(`${term.tag}/${term.code}`),
    ),
  )
}

function between(session: Session, nation: string) {
  return [...session.client.pins.trust.agreements.keys()].flatMap((agreement) => {
    const body = agreementNow(session, agreement)
    return body !== undefined && partnersIn(body, session.me.nation).includes(nation) ? [body] : []
  })
}
