/**
 * Sorts in place by the UTF-16 units of `keyOf`, as `sort` does, and gives the list back. What a label holds is short and mostly in
 * order: putting each in its place costs a fraction of what `sort` asks for being called.
 */
export function sortShort<Item>(items: Item[], keyOf: (item: Item) => string): Item[] {
  for (let end = 1; end < items.length; end++) {
    const item = items[end] as Item
    const key = keyOf(item)
    let at = end
    for (; at > 0 && keyOf(items[at - 1] as Item) > key; at--) items[at] = items[at - 1] as Item
    items[at] = item
  }
  return items
}

/** As `sortShort`, of texts. */
export function sortTexts(texts: string[]): string[] {
  return sortShort(texts, (text) => text)
}
