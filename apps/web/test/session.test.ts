/** A session that lasts: tokens are renewed without a word, and only the provider itself ends it. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { say } from '@entente/words'
import type { Page, Route } from 'playwright-core'
import { PATIENCE_MILLISECONDS, type Watched, signIn, watchedBrowser, withoutBrowser } from './browser.ts'
import { BrowserWorld } from './world.ts'

/** As if the access token's time were over. Runs in the page. */
const GROW_OLD = `sessionStorage.setItem('entente.tokens', JSON.stringify({ ...JSON.parse(sessionStorage.getItem('entente.tokens')), expires: 0 }))`
const TOKEN = '**/identity/**/token'

describe('session', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  const patient = { timeout: PATIENCE_MILLISECONDS }
  let world: BrowserWorld
  let browser: Watched
  let page: Page

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    browser = ended.use(await watchedBrowser())
    page = await (await browser.context({ lang: 'en' })).newPage()
    await signIn(page, world.nodeOf('sato'), world.nameOf('sato', 'en'))
  })
  after(() => ended.disposeAsync())

  const atWork = async (): Promise<void> => page.locator('.who-name').waitFor(patient)
  /** Reloads the page with a token that is over, while the provider answers so. */
  const renewed = async (answer: (route: Route) => unknown): Promise<void> => {
    await page.evaluate(GROW_OLD)
    await page.route(TOKEN, async (route) => void (await answer(route)))
    await page.reload()
  }

  test('a token that is over is renewed, once for everything that is asked meanwhile', async () => {
    let asked = 0
    await renewed((route) => {
      asked++
      return route.continue()
    })
    await atWork()
    await page.unrouteAll()
    assert.equal(asked, 1)
  })

  test('a provider that is cut off, busy, or answers nonsense ends nothing: the page says so, and goes on afterwards', async () => {
    const answers: readonly ((route: Route) => Promise<void>)[] = [
      (route) => route.abort(),
      (route) => route.fulfill({ status: 503, body: 'busy' }),
      (route) => route.fulfill({ status: 200, contentType: 'application/json', body: '{"access_to' }),
    ]
    for (const answer of answers) {
      await renewed(answer)
      await page.getByText(say('en', 'frame/node-away')).waitFor(patient)
      await page.unrouteAll()
      await page.getByRole('button', { name: say('en', 'frame/again') }).press('Enter')
      await atWork()
    }
  })

  test('a refusal ends the session, and the page says that it is over', async () => {
    await renewed((route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }))
    await page.getByText(say('en', 'sign-in/ended')).waitFor(patient)
    await page.unrouteAll()
  })

  test('where it ends in the middle of work, one key leads to signing in, and from there back', async () => {
    await signIn(page, world.nodeOf('sato'), world.nameOf('sato', 'en'))
    await page.goto(`${world.nodeOf('sato')}/inbox/00000000-0000-4000-8000-000000000000`)
    await page.locator('.state-absent').waitFor(patient)
    await page.evaluate(GROW_OLD)
    await page.route(TOKEN, (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }))
    await page.keyboard.press('/')
    await page.keyboard.type('x')
    await page.keyboard.press('Enter')
    await page
      .getByRole('button', { name: say('en', 'frame/sign-in-again') })
      .first()
      .press('Enter')
    await page.getByText(say('en', 'sign-in/ended')).waitFor(patient)
    await page.unrouteAll()
    await page.locator('.person', { hasText: world.nameOf('sato', 'en') }).press('Enter')
    await atWork()
    assert.match(page.url(), /\/inbox\/00000000/u)
  })
})
