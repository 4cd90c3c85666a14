/** Parts of an agreement that are lists, by their member. */
export const LISTS = [
  'grants',
  'prohibitions',
  'delegations',
  'invariants',
  'equivalence',
  'areas',
  'successions',
  'articles',
  'clocks',
  'parties',
  'basis',
] as const
export type List = (typeof LISTS)[number]
export const PARTS = [...LISTS, 'provisions', 'limits', 'dates'] as const
export type Part = (typeof PARTS)[number]

/** What the editor shows: a part, and of a list which one. */
export interface Place {
  readonly part: Part
  readonly index: number
}

/** Where in the editor a problem's path leads. */
export function placeOf(where: string): Place {
  const [head = '', index = ''] = where.split('/')
  const list = LISTS.find((one) => one === head)
  if (list !== undefined) return { part: list, index: /^\d+$/u.test(index) ? Number(index) : 0 }
  if (head === 'rules') return { part: 'grants', index: 0 }
  if (['survival', 'retention', 'entry', 'amendment', 'suspension', 'termination', 'thirdParty'].includes(head))
    return { part: 'provisions', index: 0 }
  return { part: ['limits', 'pseudonymLife', 'rosterMinimum', 'compromiseHours', 'witness'].includes(head) ? 'limits' : 'dates', index: 0 }
}
