import type { Standing } from './course.ts'
import type { Item, Rules } from './item.ts'
import type { Asking, Decision } from './model.ts'
import { Reasons } from './reason.ts'

/** When an item was released, and how that ends. */
export interface Release {
  readonly releasedAt: number
  readonly expiresAt?: number
  readonly stopped: boolean
}

/** A permit where nothing stands against who asks, else every reason in words. */
export function decisionOf(item: Item, rules: Rules, standing: Standing, asking: Asking, release: Release): Decision {
  const reasons = new Reasons()
  const { at } = asking
  const { releasedAt, expiresAt = Infinity, stopped } = release
  if (stopped) reasons.add('decision/stopped', {})
  if (at >= expiresAt) reasons.add('decision/expired', { until: expiresAt })
  const subject = { label: item.label, releasedAt }
  let index = 0
  for (const condition of rules.conditions) {
    // What the item and its label say comes first, then how the agreements stand, then what their versions say.
    if (index++ === rules.general) reasons.takeAll(standing.reasons)
    const { life } = condition
    if (life === undefined ? condition.fails(asking) : at - releasedAt >= life) condition.say(reasons, asking, subject)
  }
  if (rules.conditions.length <= rules.general) reasons.takeAll(standing.reasons)
  const { found } = reasons
  return found === undefined ? permitOf(item, rules) : { permit: false, reasons: found }
}

function permitOf({ nation, originator, basis }: Item, { grants }: Rules): Decision {
  if (nation === originator)
    return { permit: true, articles: [], duties: [], keyControl: 'originator', mode: 'give', uses: ['act-on', 'court', 'name-source'] }
  const agreement = basis?.agreement ?? ''
  const articles = new Map(grants.map(({ grant }) => [grant.article, { agreement, article: grant.article, grant: grant.id }]))
  const duties = new Set(grants.flatMap(({ grant }) => grant.duties))
  const [released] = grants
  return {
    permit: true,
    articles: [...articles.values()],
    duties: [...duties].sort(),
    // Key control is the basis's: the shares were made as it says. Without a basis nothing gets here.
    keyControl: released?.grant.keyControl ?? 'both',
    mode: grants.every(({ grant }) => grant.mode === 'give') ? 'give' : 'show',
    uses: [...(released?.uses ?? [])].filter((use) => grants.every(({ uses }) => uses.has(use))).sort(),
  }
}
