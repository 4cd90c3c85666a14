import type { Agreement } from '@entente/agreement'
import type { AttestedClaim, ClearanceAct } from '@entente/clearance'
import type { MarkingPolicy } from '@entente/label'
import type { Trust } from './trust-model.ts'

/** What an act says that nobody here knows, and what would be known. */
export interface UnknownCode {
  readonly what: string
  readonly known: readonly string[]
}

/** An act without its head. */
type Said = ClearanceAct extends infer One ? (One extends ClearanceAct ? Omit<One, 'number' | 'at' | 'by' | 'person'> : never) : never

const LISTS = { organisation: 'organisations', post: 'posts', facility: 'facilities' } as const

/**
 * What an act of the clearance office names that no policy and no agreement of this node has: it would be signed, kept, and of no use to
 * anybody (spec/clearance.md 11). Undefined where everything is known, and for whatever takes something away, which waits for no list.
 */
export function unknownIn(
  act: Said,
  { trust, policies }: { readonly trust: Trust; readonly policies: Iterable<MarkingPolicy> },
): UnknownCode | undefined {
  const all = [...policies]
  const bodies = [...trust.agreements.values()].flat().map(({ body }) => body)
  const amongst = (what: string, known: readonly string[]): UnknownCode | undefined =>
    known.includes(what) ? undefined : { what, known: [...new Set(known)].toSorted() }
  switch (act.act) {
    case 'grant':
    case 'upgrade': {
      const own = all.find(({ nation }) => nation === trust.anchors.nation)
      return amongst(act.clearance, own?.clearances.map(({ code }) => code) ?? [])
    }
    case 'brief':
      return amongst(
        act.briefing,
        all.flatMap(({ categories }) => categories.flatMap(({ tag, values }) => values.map(({ code }) => `${tag}/${code}`))),
      )
    case 'assign':
      return amongst(
        act.area,
        bodies.flatMap(({ areas }) => areas.map(({ code }) => code)),
      )
    case 'attest':
      return amongst(
        act.code,
        bodies.flatMap((body) => readBy(body, act.claim)),
      )
    case 'enrol-device':
      return amongst(act.originator, [trust.anchors.nation, ...trust.partners.keys()])
    case 'suspend':
    case 'reinstate':
    case 'withdraw':
    case 'change-citizenships':
    case 'debrief':
    case 'unassign':
    case 'retract':
    case 'retire-device':
      return undefined
    default:
      return act satisfies never
  }
}

/** Codes of organisations, posts or facilities that a rule of an agreement reads. */
function readBy({ grants, prohibitions }: Agreement, claim: AttestedClaim): readonly string[] {
  const listed = LISTS[claim]
  return [...grants.flatMap(({ person }) => person[listed] ?? []), ...prohibitions.flatMap((one) => one[`${listed}Outside`] ?? [])]
}
