import type { Agreement, Region } from '@entente/agreement'

/** From whom, to whom, by way of whom. */
export interface Path {
  readonly from: string
  readonly to: string
  readonly via?: string
}

/** Whether a rule speaks of one leg of a path. */
export function onPath(rule: Region, { from, to, via }: Path): boolean {
  const legs = [
    [from, to],
    ...(via === undefined
      ? []
      : [
          [from, via],
          [via, to],
        ]),
  ]
  return legs.some(([start, end]) => (rule.from ?? start) === start && (rule.to ?? end) === end) && (rule.via ?? via) === via
}

/** The area and all above it in an agreement. */
export function areaPath(body: Agreement, code: string): readonly string[] {
  const area = body.areas.find((one) => one.code === code)
  if (area === undefined) return []
  return area.parent === undefined ? [code] : [code, ...areaPath(body, area.parent)]
}
