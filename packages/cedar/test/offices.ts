// Random worlds with delegations, of which `explainRelease` and Cedar are asked the same: may this office release it?
import { type World, releaseOpinion } from '@entente/cedar'
import type { Delegation } from '@entente/agreement'
import { type Facts, type Question, type ReleaseQuestion, compile } from '@entente/decision'
import { Dice, LEVELS, NATIONS, facts, question } from '../../decision/test/worlds.ts'
import { type Asking, askable } from './engine.ts'

const OFFICES = ['DESK', 'FRONT'] as const

export interface OfficesOutcome {
  /** Portions under a grant. */
  readonly cases: number
  /** Portions that an office might release as far as delegations go. */
  readonly permits: number
  readonly disagreements: readonly {
    readonly question: ReleaseQuestion
    readonly grant: string
    readonly facts: Facts
    readonly cedar: boolean
  }[]
}

/** Asks both of `cases` portions under grants, in worlds that follow from the seed. */
export function compareOffices(cases: number, seed: number, options: Asking & { readonly questions: number }): OfficesOutcome {
  const disagreements: OfficesOutcome['disagreements'][number][] = []
  let [done, permits] = [0, 0]
  for (let world = 0; done < cases; world++) {
    const dice = new Dice(seed + world)
    const known = delegated(dice, facts(dice))
    const decider = compile(known)
    const ask = askable(known, options)
    for (let n = 0; n < options.questions && done < cases; n++) {
      const { item, person, at } = question(dice, known)
      const office = dice.chance(85) ? dice.one(OFFICES) : undefined
      const asked: ReleaseQuestion = {
        from: item.originator,
        to: person.nation,
        area: item.area,
        at,
        ...(office === undefined ? {} : { office }),
        portions: [{ id: 'portion', label: item.label }],
      }
      for (const { basis, via, portions } of decider.explainRelease(asked).options) {
        const [portion] = portions
        const mode = known.agreements.find(({ id }) => id === basis.version)?.body.grants.find(({ id }) => id === basis.grant)?.mode
        if (portion === undefined || mode === undefined) throw new Error('an option of no grant')
        const may = portion.goes || portion.reasons.every(({ code }) => code !== 'decision/delegation')
        const cedar = releaseOpinion(releaseOf(asked, item, basis, via), { ...(office === undefined ? {} : { office }), mode }, known, ask)
        done++
        if (may) permits++
        if (may !== cedar) disagreements.push({ question: asked, grant: basis.grant, facts: known, cedar })
      }
    }
  }
  return { cases: done, permits, disagreements }
}

/** The item as if it were released in this second under this basis. */
function releaseOf(
  { from, to, area, at }: ReleaseQuestion,
  { label }: Question['item'],
  basis: NonNullable<Question['item']['basis']>,
  via: string | undefined,
): Question {
  return {
    act: 'list',
    person: { nation: to, pseudonym: 'nobody' },
    item: { originator: from, basis, label, area, ...(via === undefined ? {} : { via }), releasedAt: at, stopped: false },
    purpose: 'none',
    at,
  }
}

function delegated(dice: Dice, known: Facts): Facts & World {
  const agreements = known.agreements.map((version): Facts['agreements'][number] => {
    const delegations = Array.from({ length: dice.below(5) }, (_, at) => delegation(dice, `d${at}`, version.body))
    return { ...version, body: { ...version.body, ...(delegations.length === 0 ? {} : { delegations }) } }
  })
  return { ...known, agreements }
}

function delegation(dice: Dice, id: string, { areas, inForceFrom }: Facts['agreements'][number]['body']): Delegation {
  return {
    id,
    article: '8',
    nation: dice.one(NATIONS),
    office: dice.one(OFFICES),
    ceiling: dice.one(LEVELS),
    areas: dice.some(areas, 60).map(({ code }) => code),
    modes: dice.one([['give', 'show'], ['give', 'show'], ['give'], ['show']] as const),
    ...(dice.chance(20) ? { until: inForceFrom + dice.below(20) * 86_400 } : {}),
  }
}
