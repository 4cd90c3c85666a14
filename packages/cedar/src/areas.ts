import type { Agreement } from '@entente/agreement'

type Tree = Agreement['areas']

/** The codes that the tree holds. An area whose way up does not end is none of it. */
export function heldBy(tree: Tree): readonly string[] {
  return tree.map(({ code }) => code).filter((code) => wayUp(tree, code).length > 0)
}

/** These areas with all below them, in the order of the tree. */
export function withAllBelow(tree: Tree, areas: readonly string[]): readonly string[] {
  return heldBy(tree).filter((code) => wayUp(tree, code).some((above) => areas.includes(above)))
}

/** The area and all above it, nearest first; empty where the tree does not hold it. */
export function wayUp(tree: Tree, code: string, seen: readonly string[] = []): readonly string[] {
  const area = tree.find((one) => one.code === code)
  if (area === undefined || seen.includes(code)) return []
  if (area.parent === undefined) return [code]
  const above = wayUp(tree, area.parent, [...seen, code])
  return above.length === 0 ? [] : [code, ...above]
}
