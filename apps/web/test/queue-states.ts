/** States of the disclosure queue. */
import type { Page } from 'playwright-core'
import type { Stage, State } from './stage.ts'

const OFFICER = 'walker'

async function queue(stage: Stage): Promise<Page> {
  const page = await stage.at(OFFICER, '/queue')
  await page.locator('.line-button').first().waitFor()
  return page
}

async function review(stage: Stage, draft: string): Promise<Page> {
  const page = await stage.at(OFFICER, `/queue/${draft}`)
  await page.locator('#verdict-title').waitFor()
  return page
}

/** An approval that does not wait, with what the node is asked meanwhile hindered. */
async function approved(stage: Stage, hinder: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await review(stage, stage.stock.inReview)
  await hinder(page)
  await page.keyboard.press('a')
  await page.locator('.waits').waitFor()
  await page.keyboard.press('a')
  return page
}

async function declining(stage: Stage): Promise<Page> {
  const page = await review(stage, stage.stock.inReview)
  await page.keyboard.press('d')
  await page.locator('.decline-reason').first().waitFor()
  return page
}

/** Takes back what waits, so that nothing happens after all. */
async function takenBack(stage: Stage): Promise<void> {
  const page = await stage.here(OFFICER)
  await page.keyboard.press('u')
  await page.locator('.waits').waitFor({ state: 'detached' })
}

export const QUEUE: readonly State[] = [
  {
    name: 'queue/loading',
    async show(stage) {
      const page = await queue(stage)
      await page.route('**/api/drafts', () => {})
      await page.reload()
      await page.locator('.list .skeleton').waitFor()
      return page
    },
  },
  {
    name: 'queue/node-away',
    async show(stage) {
      const page = await queue(stage)
      await page.route('**/api/drafts', (route) => route.abort())
      await page.reload()
      await page.locator('.list .state-problem').waitFor()
      return page
    },
  },
  {
    name: 'queue/empty',
    async show(stage) {
      const page = await stage.at('takahashi', '/queue')
      await page.getByText(stage.say('queue/empty')).waitFor()
      return page
    },
  },
  { name: 'queue/list', show: queue },
  { name: 'queue/difference', show: (stage) => review(stage, stage.stock.inReview) },
  { name: 'queue/long', show: (stage) => review(stage, stage.stock.longInReview) },
  {
    name: 'queue/article',
    async show(stage) {
      const page = await review(stage, stage.stock.inReview)
      await page.locator('.side .article summary').first().press('Enter')
      return page
    },
  },
  {
    name: 'queue/file',
    async show(stage) {
      const page = await review(stage, stage.stock.inReview)
      await page.getByRole('button', { name: stage.say('queue/file-load') }).press('Enter')
      await page.locator('img.file-image').scrollIntoViewIfNeeded()
      return page
    },
  },
  {
    name: 'queue/tear-line',
    async show(stage) {
      const page = await review(stage, stage.stock.inReview)
      await page.keyboard.press('t')
      await page.locator('.tear-line').waitFor()
      return page
    },
  },
  { name: 'queue/nothing-goes', show: (stage) => review(stage, stage.stock.held) },
  {
    name: 'queue/tear-line-none',
    async show(stage) {
      const page = await review(stage, stage.stock.held)
      await page.keyboard.press('t')
      await page.locator('.review-page .notice-warn').waitFor()
      return page
    },
  },
  { name: 'queue/own-report', show: (stage) => review(stage, stage.stock.officersOwn) },
  {
    name: 'queue/review-loading',
    async show(stage) {
      const page = await queue(stage)
      await page.route('**/api/drafts/*', () => {})
      await page.keyboard.press('j')
      await page.locator('.queue-pane .skeleton').waitFor()
      return page
    },
  },
  {
    name: 'queue/review-away',
    async show(stage) {
      const page = await queue(stage)
      await page.route('**/api/drafts/*', (route) => route.abort())
      await page.keyboard.press('j')
      await page.locator('.queue-pane .state-problem').waitFor()
      return page
    },
  },
  {
    name: 'queue/verdict-loading',
    async show(stage) {
      const page = await queue(stage)
      await page.route('**/api/drafts/*/disclosure*', () => {})
      await page.keyboard.press('j')
      await page.locator('.side .skeleton').waitFor()
      return page
    },
  },
  {
    name: 'queue/verdict-away',
    async show(stage) {
      const page = await queue(stage)
      await page.route('**/api/drafts/*/disclosure*', (route) => route.abort())
      await page.keyboard.press('j')
      await page.locator('.side .state-problem').waitFor()
      return page
    },
  },
  { name: 'queue/decline', show: declining },
  {
    name: 'queue/decline-words',
    async show(stage) {
      const page = await declining(stage)
      await page.keyboard.press('5')
      await page.locator('.decline textarea').fill(stage.lang === 'ja' ? '演習：日付を明記すること' : 'EXERCISE: say which day')
      return page
    },
  },
  {
    name: 'queue/waiting',
    async show(stage) {
      const page = await review(stage, stage.stock.inReview)
      await page.keyboard.press('a')
      await page.locator('.waits').waitFor()
      return page
    },
    after: takenBack,
  },
  {
    name: 'queue/waiting-return',
    async show(stage) {
      const page = await declining(stage)
      await page.keyboard.press('1')
      await page.locator('.waits').waitFor()
      return page
    },
    after: takenBack,
  },
  {
    name: 'queue/preparing',
    async show(stage) {
      const page = await approved(stage, (tab) => tab.route('**/api/drafts/*/sealing', () => {}))
      await page.getByText(stage.say('queue/preparing')).waitFor()
      return page
    },
  },
  {
    name: 'queue/sending',
    async show(stage) {
      const page = await approved(stage, (tab) => tab.route('**/api/uploads/*/complete', () => {}))
      await page.locator('.sealing progress:not([value="0"])').waitFor()
      return page
    },
  },
  {
    name: 'queue/failed',
    async show(stage) {
      const page = await approved(stage, (tab) => tab.route('**/api/releases', (route) => route.abort()))
      await page.locator('.side-failed').waitFor()
      return page
    },
  },
  {
    name: 'queue/returned',
    async show(stage) {
      const draft = await stage.world.submit('third')
      const page = await review(stage, draft)
      await page.keyboard.press('d')
      await page.locator('.decline-reason').first().waitFor()
      await page.keyboard.press('1')
      await page.locator('.waits').waitFor()
      await page.keyboard.press('a')
      await page.locator('[data-decided="returned"]').waitFor()
      return page
    },
  },
  {
    name: 'queue/released',
    async show(stage) {
      const draft = await stage.world.submit('third')
      const page = await review(stage, draft)
      await page.keyboard.press('a')
      await page.locator('.waits').waitFor()
      await page.keyboard.press('a')
      await page.locator('[data-decided="released"]').waitFor()
      return page
    },
  },
  {
    name: 'queue/gone',
    async show(stage) {
      const page = await stage.at(OFFICER, `/queue/${stage.stock.returned}`)
      await page.getByText(stage.say('queue/gone')).waitFor()
      return page
    },
  },
]

/** While the partner's node is gone. */
export const QUEUE_AWAY: readonly State[] = [
  {
    name: 'queue/partner-away',
    async show(stage) {
      const page = await review(stage, stage.stock.inReview)
      await page.locator('.recipients .notice-warn').waitFor()
      return page
    },
  },
]
