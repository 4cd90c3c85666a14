/** States of the drafting desk. */
import type { Page } from 'playwright-core'
import type { Stage, State } from './stage.ts'

const AUTHOR = 'chen'
const NOWHERE = '00000000-0000-4000-8000-000000000000'

async function drafts(stage: Stage): Promise<Page> {
  const page = await stage.at(AUTHOR, '/drafts')
  await page.locator('.line-button').first().waitFor()
  return page
}

/** A draft that the node has, with what it says of who could read it. */
async function sheet(stage: Stage, draft: string): Promise<Page> {
  const page = await stage.at(AUTHOR, `/drafts/${draft}`)
  await page.locator('.desk-text').waitFor()
  await page.locator('.desk-counts').waitFor()
  return page
}

/** A page of a new draft: title, then the cursor in its first portion. */
async function begun(stage: Stage): Promise<Page> {
  const page = await drafts(stage)
  await page.keyboard.press('n')
  await page.getByLabel(stage.say(`desk/title-${stage.lang}`)).waitFor()
  return page
}

async function written(stage: Stage): Promise<Page> {
  const page = await begun(stage)
  await page.keyboard.type(stage.lang === 'ja' ? '演習：架空の岬の沖' : 'EXERCISE: off an invented cape')
  await page.keyboard.press('Enter')
  const [first, second] =
    stage.lang === 'ja'
      ? ['演習。同船は岬の沖で速力を落とした。', '演習。観測の方法は別に記す。']
      : ['EXERCISE. It slowed down off the cape.', 'EXERCISE. How it was observed is told elsewhere.']
  await page.keyboard.insertText(first ?? '')
  await page.keyboard.press('Enter')
  await page.keyboard.insertText(second ?? '')
  return page
}

/** A change of a draft that cannot be sent. */
async function changed(stage: Stage, hinder: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await sheet(stage, stage.stock.writing)
  await hinder(page)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+End')
  await page.keyboard.type('.')
  return page
}

const unanswered = (page: Page): Promise<unknown> =>
  page.route('**/api/drafts/*', (route) => (isChange(route.request()) ? undefined : route.continue()))
const cutOff = (page: Page): Promise<unknown> =>
  page.route('**/api/drafts/*', (route) => (isChange(route.request()) ? route.abort() : route.continue()))

function isChange(request: { method(): string }): boolean {
  return request.method() !== 'GET'
}

export const DESK: readonly State[] = [
  {
    name: 'desk/loading',
    async show(stage) {
      const page = await drafts(stage)
      await page.route('**/api/drafts', () => {})
      await page.reload()
      await page.locator('.list .skeleton').waitFor()
      return page
    },
  },
  {
    name: 'desk/node-away',
    async show(stage) {
      const page = await drafts(stage)
      await page.route('**/api/drafts', (route) => route.abort())
      await page.reload()
      await page.locator('.list .state-problem').waitFor()
      return page
    },
  },
  {
    name: 'desk/empty',
    async show(stage) {
      const page = await drafts(stage)
      await page.route('**/api/drafts', (route) => route.fulfill({ json: { drafts: [] } }))
      await page.reload()
      await page.getByText(stage.say('desk/empty')).waitFor()
      return page
    },
  },
  { name: 'desk/list', show: drafts },
  {
    name: 'desk/discarding',
    async show(stage) {
      const page = await drafts(stage)
      const [line] = await page.locator('.line-button', { hasText: stage.say('desk/state-draft') }).all()
      await line?.focus()
      await page.keyboard.press('x')
      await page.getByRole('button', { name: stage.say('desk/undo-discard') }).waitFor()
      return page
    },
    async after(stage) {
      const page = await stage.here(AUTHOR)
      await page.keyboard.press('u')
      await page.locator('.notice').waitFor({ state: 'detached' })
    },
  },
  {
    name: 'desk/new',
    show: begun,
  },
  {
    name: 'desk/unmarked',
    async show(stage) {
      const page = await written(stage)
      await page.keyboard.press('Control+Enter')
      await page.getByText(stage.say('desk/cannot-send-unmarked', { count: 2 })).waitFor()
      return page
    },
  },
  {
    name: 'desk/lowered',
    async show(stage) {
      const page = await written(stage)
      await page.keyboard.press('Alt+4')
      await page.keyboard.press('Alt+r')
      await page.getByText(stage.say('desk/lowered', { from: '(S)', to: '(S//REL AUS, JPN)' })).waitFor()
      return page
    },
  },
  {
    name: 'desk/mark-unread',
    async show(stage) {
      const page = await written(stage)
      await page.keyboard.press('Alt+4')
      await page.keyboard.press('Alt+m')
      await page.keyboard.type('(S//NOSUCH)')
      await page.locator('.desk-typed [aria-invalid="true"]').waitFor()
      return page
    },
  },
  {
    name: 'desk/person-decides',
    async show(stage) {
      const page = await written(stage)
      for (const mark of ['(S//ORIGIN JPN)', '(S)']) {
        await page.keyboard.press('F8')
        await page.keyboard.press('Alt+m')
        await page.keyboard.type(mark)
        await page.keyboard.press('Enter')
        await page.locator('.desk-outline .mark', { hasText: mark }).waitFor()
      }
      await page.locator('.desk-whole .desk-wrong').waitFor()
      return page
    },
  },
  { name: 'desk/written', show: (stage) => sheet(stage, stage.stock.writing) },
  { name: 'desk/long', show: (stage) => sheet(stage, stage.stock.long) },
  {
    name: 'desk/draft-loading',
    async show(stage) {
      const page = await sheet(stage, stage.stock.writing)
      await page.route('**/api/drafts/*', () => {})
      await page.reload()
      await page.locator('.pane .skeleton').waitFor()
      return page
    },
  },
  {
    name: 'desk/absent',
    async show(stage) {
      const page = await stage.at(AUTHOR, `/drafts/${NOWHERE}`)
      await page.locator('.state-absent').waitFor()
      return page
    },
  },
  {
    name: 'desk/readers-loading',
    async show(stage) {
      const page = await sheet(stage, stage.stock.writing)
      await page.route('**/api/drafts/*/disclosure*', () => {})
      await page.reload()
      await page.locator('.desk-readers .skeleton').waitFor()
      return page
    },
  },
  {
    name: 'desk/readers-away',
    async show(stage) {
      const page = await sheet(stage, stage.stock.writing)
      await page.route('**/api/drafts/*/disclosure*', (route) => route.abort())
      await page.reload()
      await page.locator('.desk-readers .state-problem').waitFor()
      return page
    },
  },
  {
    name: 'desk/tear-line',
    async show(stage) {
      const page = await sheet(stage, stage.stock.long)
      await page.keyboard.press('Alt+t')
      await page.locator('.desk-tear-banner').waitFor()
      return page
    },
  },
  {
    name: 'desk/tear-line-none',
    async show(stage) {
      const page = await sheet(stage, stage.stock.held)
      await page.keyboard.press('Alt+t')
      await page.locator('.desk-tear .notice-warn').waitFor()
      return page
    },
  },
  {
    name: 'desk/saving',
    async show(stage) {
      const page = await changed(stage, unanswered)
      await page.locator('.desk-acts').getByText(stage.say('desk/saving'), { exact: true }).waitFor()
      return page
    },
  },
  {
    name: 'desk/save-failed',
    async show(stage) {
      const page = await changed(stage, cutOff)
      await page.locator('.desk-acts .desk-wrong').waitFor()
      return page
    },
  },
  {
    name: 'desk/leave',
    async show(stage) {
      const page = await changed(stage, cutOff)
      await page.locator('.desk-acts .desk-wrong').waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.getByText(stage.say('desk/leave')).waitFor()
      return page
    },
  },
  {
    name: 'desk/in-review',
    async show(stage) {
      const page = await sheet(stage, stage.stock.inReview)
      await page.getByText(stage.say('desk/in-review')).waitFor()
      return page
    },
  },
  {
    name: 'desk/sent',
    async show(stage) {
      const page = await sheet(stage, stage.stock.writing)
      await page.keyboard.press('Control+Enter')
      await page.getByText(stage.say('desk/sent')).waitFor()
      return page
    },
    async after(stage) {
      const page = await stage.here(AUTHOR)
      await page.keyboard.press('u')
      await page.getByText(stage.say('desk/taken-back')).waitFor()
    },
  },
  {
    name: 'desk/returned',
    async show(stage) {
      const page = await sheet(stage, stage.stock.returned)
      await page.locator('.notice-warn').waitFor()
      return page
    },
  },
  {
    name: 'desk/released',
    async show(stage) {
      const draft = await stage.world.submit('third')
      const page = await sheet(stage, draft)
      const { recipient, cast } = stage.world.data.story
      await stage.world.entente(cast.disclosureOfficer, 'report', 'release', draft, '--to', recipient)
      await page.getByText(stage.say('desk/released')).waitFor()
      return page
    },
  },
]

/** While the partner's node is gone. */
export const DESK_AWAY: readonly State[] = [
  {
    name: 'desk/partner-away',
    async show(stage) {
      const page = await sheet(stage, stage.stock.writing)
      await page.locator('.link-away').waitFor()
      return page
    },
  },
]
