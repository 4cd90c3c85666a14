import type { Agreement, Area } from './model.ts'

/**
 * Whether `ancestor` is `code` itself or stands above it in the tree. False for a code that the tree does not hold, even
 * for itself, and for a tree with a cycle above `code`.
 */
export function areaCovers(areas: readonly Area[] | Pick<Agreement, 'areas'>, ancestor: string, code: string): boolean {
  return areaAndAbove(areas, code).includes(ancestor)
}

/** The code and everything above it, nearest first; empty for a code that the tree does not hold or whose ancestry does not end. */
export function areaAndAbove(areas: readonly Area[] | Pick<Agreement, 'areas'>, code: string): readonly string[] {
  const tree = 'areas' in areas ? areas.areas : areas
  const path: string[] = []
  let at: string | undefined = code
  while (at !== undefined) {
    if (path.includes(at)) return []
    const area: Area | undefined = tree.find((candidate) => candidate.code === at)
    if (area === undefined) return []
    path.push(at)
    at = area.parent
  }
  return path
}
