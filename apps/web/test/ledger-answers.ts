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

const MOST_TRIES = 8

async function trueAnswer(page: Page, address: string, item: string): Promise<EvidenceAnswer> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    // Nothing of the page before may still be asking.
    await page.goto('about:blank')
    const asked = page.waitForResponse((response) => response.url().endsWith(`/${item}/evidence`))
    await page.goto(`${address}/ledger/${item}`)
    // A body that the page reads as a stream is not always kept for whoever looks on.
    const answer = await (await asked).json().catch(() => undefined)
    if (answer !== undefined) return answer as EvidenceAnswer
  }
  throw new Error(`the answer about ${item} was never kept`)
}
