import { type Client, type ItemLine, listItems } from '@entente/client'

export type CardLine = ItemLine & { readonly opened?: number; readonly acknowledged?: number }

export async function listCards(
  client: Client,
  q: string | undefined,
): Promise<{ readonly items: readonly CardLine[]; readonly count: number }> {
  const all = await listItems(client)
  const items = q === undefined ? all : all.filter((line) => JSON.stringify(line.card).includes(q))
  return { items, count: items.length }
}
