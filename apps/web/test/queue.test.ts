/** What a disclosure officer does, in a real browser between two real nations, by keyboard alone. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ScreenKey, type Values, say } from '@entente/words'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { PATIENCE_MILLISECONDS, type Watched, isFocused, signIn, watchedBrowser, withoutBrowser } from './browser.ts'
import { BrowserWorld } from './world.ts'

const OUTBOX_MILLISECONDS = 10_000

describe('disclosure queue', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  let world: BrowserWorld
  let browser: Watched
  let context: BrowserContext
  let page: Page
  let first: string
  let second: string

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    first = await world.submit('first', { 'note.txt': 'EXERCISE: a note' })
    second = await world.submit('second')
    browser = ended.use(await watchedBrowser())
    context = await browser.context({ lang: 'en' })
    page = await context.newPage()
    await signIn(page, world.nodeOf('walker'), world.nameOf('walker', 'en'))
    await page.keyboard.press('g')
    await page.keyboard.press('q')
    await page.locator(`#line-${first}`).waitFor(patient)
  })
  after(() => ended.disposeAsync())

  const patient = { timeout: PATIENCE_MILLISECONDS }
  const en = (key: ScreenKey, values?: Values): string => say('en', key, values)
  const verdict = (): Locator => page.locator('.verdict').first()
  /** Goes to a report with j and k. */
  const choose = async (draft: string): Promise<void> => {
    for (const key of ['k', 'k', 'k', 'j', 'j', 'j']) {
      if (new URL(page.url()).pathname.endsWith(draft)) break
      const from = page.url()
      await page.keyboard.press(key)
      await page.waitForURL((url) => url.href !== from, { timeout: 500 }).catch(() => {})
    }
    assert.ok(page.url().endsWith(draft))
    await verdict().waitFor(patient)
  }
  const stateOf = async (draft: string): Promise<string> => {
    const { drafts } = await world.entente<{ drafts: readonly { id: string; state: string }[] }>('chen', 'report', 'review')
    return drafts.find(({ id }) => id === draft)?.state ?? 'gone'
  }

  test('what goes and what stays, why, and under which article; who could read it', async () => {
    await choose(first)
    assert.equal(await page.locator('.portion-goes').count(), 3)
    const stays = page.locator('.portion-stays')
    assert.equal(await stays.count(), 1)
    const held = (await stays.textContent()) ?? ''
    assert.match(held, /AUSTEO.*EXERCISE-HELD-WORD/su)
    assert.match(held, /article 3/u)
    const side = (await page.locator('.side').textContent()) ?? ''
    assert.match(side, /3 of 4 portions/u)
    assert.match(side, /arrangement, article 5/u)
    assert.match(side, /Japan: at most \d+ could read what goes/u)
    assert.ok(side.includes(world.nameOf('morgan', 'en')), side)
  })

  test('t shows what the partner would see, and nothing of what stays', async () => {
    await page.keyboard.press('t')
    const tearLine = page.locator('.tear-line')
    await tearLine.waitFor(patient)
    const text = (await tearLine.textContent()) ?? ''
    assert.match(text, /EXERCISE-WORD/u)
    assert.match(text, /note\.txt/u)
    assert.doesNotMatch(text, /AUSTEO|EXERCISE-HELD-WORD/u)
    await page.keyboard.press('t')
    await page.locator('.portion-stays').waitFor(patient)
  })

  test('nothing can be approved while the node has not said what goes', async () => {
    const away = '**/api/drafts/*/disclosure*'
    await page.route(away, (route) => route.fulfill({ status: 503 }))
    await page.reload()
    await page.locator('.side .state-problem').waitFor(patient)
    const approve = page.locator('.acts .button-first')
    assert.equal(await approve.getAttribute('aria-disabled'), 'true')
    await page.keyboard.press('a')
    assert.equal(await page.locator('.waits').count(), 0)
    await page.unroute(away)
    await page.locator('.side .state-problem button').click()
    await verdict().waitFor(patient)
    assert.equal(await approve.getAttribute('aria-disabled'), 'false')
  })

  test('an approval is taken back with u, and nothing has happened', async () => {
    await page.keyboard.press('a')
    await page.locator('.waits').waitFor(patient)
    await page.keyboard.press('u')
    await page.locator('.waits').waitFor({ ...patient, state: 'detached' })
    await page.waitForTimeout(OUTBOX_MILLISECONDS + 1_000)
    assert.equal(await stateOf(first), 'review')
    assert.equal(await page.locator('[data-decided]').count(), 0)
  })

  test('a report is sent back with one key for its reason, and its author reads why', async () => {
    await choose(second)
    await page.keyboard.press('d')
    const reasons = page.locator('.decline-reason')
    await reasons.first().waitFor(patient)
    assert.equal(await isFocused(reasons.first()), true)
    await page.keyboard.press('5')
    await page.locator('.decline textarea').waitFor(patient)
    // Letters and digits are text here, and act as nothing.
    await page.keyboard.type('EXERCISE: day 4 is not dated, ask u')
    await page.keyboard.press('Control+Enter')
    await page.locator('.waits').waitFor(patient)
    assert.equal(await stateOf(second), 'review')
    await page.keyboard.press('a')
    await page.locator('[data-decided="returned"]').waitFor(patient)
    assert.equal(await stateOf(second), 'returned')
    const author = await context.newPage()
    await signIn(author, world.nodeOf('chen'), world.nameOf('chen', 'en'))
    await author.goto(`${world.nodeOf('chen')}/drafts/${second}`)
    await author.getByText('EXERCISE: day 4 is not dated, ask u').waitFor(patient)
    await author.close()
  })

  test('an approval seals here, and the partner opens what arrives: what goes, and nothing else', async () => {
    await choose(first)
    await page.keyboard.press('a')
    await page.locator('.waits').waitFor(patient)
    await page.keyboard.press('a')
    const released = page.locator('[data-decided="released"]')
    await released.waitFor(patient)
    assert.match((await released.textContent()) ?? '', /2 renditions sealed and signed/u)
    await page.waitForURL('**/queue')
    assert.equal(await stateOf(first), 'gone')
    const item = (await released.locator('code').last().textContent()) ?? ''
    await world.arrived('sato', item)
    const reader = await context.newPage()
    await signIn(reader, world.nodeOf('sato'), world.nameOf('sato', 'en'))
    await reader.goto(`${world.nodeOf('sato')}/inbox/${item}`)
    await reader.locator('h2.reader-title').waitFor(patient)
    await reader.keyboard.press('Enter')
    await reader.locator('[data-opened]').waitFor(patient)
    const text = (await reader.locator('main').textContent()) ?? ''
    assert.match(text, /EXERCISE-WORD/u)
    assert.match(text, /note\.txt/u)
    assert.doesNotMatch(text, /AUSTEO|EXERCISE-HELD-WORD/u)
    await reader.close()
  })

  test('an empty queue says what will appear; a report that is not in review any more says so', async () => {
    await page.getByText(en('queue/empty')).waitFor(patient)
    await page.goto(`${world.nodeOf('walker')}/queue/${first}`)
    await page.getByText(en('queue/gone')).waitFor(patient)
  })

  test('no page broke the content policy, asked elsewhere, or failed', () => {
    assert.deepEqual(browser.findings, { violations: [], requests: [], faults: [] })
  })
})
