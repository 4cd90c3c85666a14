import type { Page } from 'playwright-core'

/** A node's answer about evidence, as far as tests change it. */
export interface EvidenceAnswer {
  entries: { leaf: string; act: string; proof?: string; opening: { fields: { name: string; value: unknown }[] } }[]
}

/**
 * Takes what the node truly answers about an item from a page that asks, and from then on gives the page a changed copy; the
 * page stands at the item. `address`: of the node, without the last slash.
 */
export async function bendEvidence(page: Page, address: string, item: string, change: (answer: EvidenceAnswer) => void): Promise<void> {
  const answer = await trueAnswer(page, address, item)
  change(answer)
  await page.route(`**/api/items/${item}/evidence`, (route) => route.fulfill({ json: answer }))
  await page.reload()
  await page.locator('.entries[data-verified="done"]').waitFor()
}

/** Keeps a copy of what the page reads as a stream: the browser itself keeps none for whoever looks on. Runs in the page. */
const KEEP_EVIDENCE = `{
  const ask = window.fetch
  window.fetch = async (...given) => {
    const answer = await ask(...given)
    if (answer.ok && answer.url.endsWith('/evidence')) window.keptEvidence = await answer.clone().text()
    return answer
  }
}`

async function trueAnswer(page: Page, address: string, item: string): Promise<EvidenceAnswer> {
  await page.addInitScript({ content: KEEP_EVIDENCE })
  await page.goto(`${address}/ledger/${item}`)
  await page.locator('.entries[data-verified="done"]').waitFor()
  return JSON.parse(await page.evaluate<string>('window.keptEvidence')) as EvidenceAnswer
}
