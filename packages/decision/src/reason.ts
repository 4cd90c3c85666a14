import type { MessageValues } from '@entente/canonical'
import type { NearestCode, Reason, ReasonCode } from './model.ts'

/** What would help, where the code alone says it; a stop and an expiry have no remedy but a new release. */
const NEAREST: Readonly<Record<ReasonCode, NearestCode>> = {
  'decision/no-grant': 'nearest/release-anew',
  'decision/agreement-unknown': 'nearest/amend-agreement',
  'decision/agreement-not-in-force': 'nearest/amend-agreement',
  'decision/basis-not-found': 'nearest/release-anew',
  'decision/direction': 'nearest/amend-agreement',
  'decision/area-not-covered': 'nearest/amend-agreement',
  'decision/above-ceiling': 'nearest/lower-rendition',
  'decision/below-floor': 'nearest/release-anew',
  'decision/category-not-covered': 'nearest/lower-rendition',
  'decision/act-not-granted': 'nearest/ask-originator',
  'decision/not-releasable': 'nearest/widen-mark',
  'decision/person-rule': 'nearest/lower-rendition',
  'decision/person-rule-prohibited': 'nearest/lower-rendition',
  'decision/forbidden': 'nearest/amend-agreement',
  'decision/clearance-missing': 'nearest/show-clearance',
  'decision/clearance-too-low': 'nearest/higher-clearance',
  'decision/clearance-no-equivalent': 'nearest/person-decides',
  'decision/need-to-know': 'nearest/need-to-know',
  'decision/citizenship': 'nearest/ask-originator',
  'decision/citizenship-unknown': 'nearest/show-citizenships',
  'decision/purpose': 'nearest/attest-purpose',
  'decision/suspended': 'nearest/lift-suspension',
  'decision/suspension-unknown': 'nearest/show-status',
  'decision/briefing': 'nearest/brief-person',
  'decision/expired': 'nearest/release-anew',
  'decision/stopped': 'nearest/ask-originator',
  'decision/policy-unknown': 'nearest/load-policy',
  'decision/person-decides': 'nearest/person-decides',
  'decision/not-a-member': 'nearest/amend-agreement',
  'decision/third-party': 'nearest/ask-originator',
  'decision/basis-not-in-force': 'nearest/restore-basis',
  'decision/agreement-suspended': 'nearest/resume-agreement',
  'decision/agreement-ended': 'nearest/amend-agreement',
  'decision/use-not-granted': 'nearest/ask-originator',
  'decision/organisation': 'nearest/attest-assignment',
  'decision/post': 'nearest/attest-assignment',
  'decision/facility': 'nearest/attest-assignment',
  'decision/delegation': 'nearest/delegated-office',
}

/** Where a reason stands: the rule and article of a version, or nothing for what the label or the item itself says. */
export interface Place {
  readonly rule?: string
  readonly article?: string
}

const NOWHERE: Place = {}

/** A reason as answers hold it. */
export function reasonOf(code: ReasonCode, values: MessageValues, place: Place = NOWHERE, nearest: NearestCode = NEAREST[code]): Reason {
  const { rule, article } = place
  if (rule !== undefined && article !== undefined) return { code, rule, article, values, nearest }
  if (rule !== undefined) return { code, rule, values, nearest }
  return article === undefined ? { code, values, nearest } : { code, article, values, nearest }
}

/** Collects every reason. One that differs from an earlier one in nothing but the version is not said twice. */
export class Reasons {
  readonly #list: Reason[] = []

  /** Makes a reason and takes it. */
  add(code: ReasonCode, values: MessageValues, place?: Place, nearest?: NearestCode): void {
    this.take(reasonOf(code, values, place, nearest))
  }

  /** Takes what others found, in their order. */
  takeAll(reasons: Reasons): void {
    for (const reason of reasons.#list) this.take(reason)
  }

  take(reason: Reason): void {
    for (const known of this.#list) {
      if (known.code !== reason.code || known.rule !== reason.rule || known.article !== reason.article) continue
      if (sameButVersion(known.values, reason.values)) return
    }
    this.#list.push(reason)
  }

  /** The list, if there is a first. */
  get found(): readonly [Reason, ...Reason[]] | undefined {
    return isFilled(this.#list) ? this.#list : undefined
  }

  get all(): readonly Reason[] {
    return this.#list
  }
}

function isFilled(list: readonly Reason[]): list is readonly [Reason, ...Reason[]] {
  return list.length > 0
}

function sameButVersion(a: MessageValues, b: MessageValues): boolean {
  for (const name in a) if (name !== 'version' && a[name] !== b[name]) return false
  for (const name in b) if (!(name in a)) return false
  return true
}
