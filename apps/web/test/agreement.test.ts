/** An amendment from the editor to in force, by keyboard alone, in both languages, between two real nations: and what it changes is true. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Lang } from '@entente/words'
import type { Page } from 'playwright-core'
import { type Watched, composingKey, tabTo, watchedBrowser, withoutBrowser } from './browser.ts'
import { RoomTabs } from './room-tabs.ts'
import { BrowserWorld, type WorldReport } from './world.ts'

const CAVEAT = 'caveat/DELICATE-SOURCE'

/** Nothing of it may go before the amendment, and all of it after. */
const DELICATE: WorldReport = {
  title: { en: 'EXERCISE: from a delicate source', ja: '演習：機微な情報源による報告' },
  portions: [
    {
      marking: 'SECRET//DELICATE SOURCE//REL AUS, JPN',
      texts: [
        { lang: 'en', text: 'EXERCISE. From a delicate source.' },
        { lang: 'ja', text: '演習。機微な情報源による。' },
      ],
    },
  ],
}

describe('agreement room', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  let world: BrowserWorld
  let browser: Watched
  let tabs: RoomTabs
  let draft = ''

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    browser = ended.use(await watchedBrowser())
    tabs = await RoomTabs.open(world, browser)
    draft = await world.submit(DELICATE)
  })
  after(() => ended.disposeAsync())

  const tabOf = (person: string, lang: Lang): Promise<Page> => tabs.of(person, lang)
  const releases = async (): Promise<number> => (await world.told('walker', ['report', 'release', draft, '--to', 'JPN'])).exit
  const here = async (page: Page): Promise<void> => {
    await page.locator('li[data-proposal]').first().waitFor()
    await page.keyboard.press('p')
    await page.locator('[data-proposal-state]').waitFor()
  }

  test('before it, the report may not go', async () => {
    assert.notEqual(await releases(), 0)
  })

  test('a negotiator drafts it, sees at once what it would change, and proposes it', async () => {
    const page = await tabOf('mori', 'ja')
    // With an input method on, the browser says `Process`, and only the code tells the key.
    await composingKey(page, 'KeyT')
    await page.locator('.timeline').waitFor()
    await page.keyboard.press('7')
    await page.locator('.pane .state-empty').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.amend').waitFor()
    await tabTo(page, page.locator(`[data-field="categories"] [data-value="${CAVEAT}"]`))
    await page.keyboard.press('Space')
    await page.locator('[data-live]:not([data-live="0 0 0"])').waitFor()
    await page.locator('[data-checked="sound"]').waitFor()
    assert.equal(await page.locator('[data-proof="refuted"]').count(), 0)
    // Undone and done again.
    await page.keyboard.press('Control+z')
    await page.locator('[data-live="0 0 0"]').waitFor()
    await page.keyboard.press('Control+Shift+Z')
    await page.locator('[data-checked="sound"] [data-live]:not([data-live="0 0 0"])').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-proposal-state="proposed"]').waitFor()
  })

  test('the other nation’s negotiator reads exactly what it would give and get, comments, and initials', async () => {
    const page = await tabOf('evans', 'en')
    await here(page)
    await page.keyboard.press('d')
    await page.locator('[data-difference="exact"]').waitFor()
    const given = page.locator('[data-group="we-give"]')
    const regions = await given.locator('[data-consequence="gained"]').allTextContents()
    assert.ok(regions.length >= 1)
    for (const region of regions) assert.match(region, /DELICATE SOURCE/u)
    assert.match((await given.textContent()) ?? '', /from Australia to Japan.*every area.*DELICATE SOURCE.*article 5 permits it/su)
    for (const group of ['we-get', 'we-stop-giving', 'we-stop-getting'])
      assert.equal(await page.locator(`[data-group="${group}"] [data-consequence]`).count(), 0)
    // The matrix says the same: from Australia, at the levels of the grant, and nowhere else.
    const gained = page.locator('[data-change="gained"]')
    const areas = await page.locator('[data-direction="AUS JPN"] tbody tr').count()
    assert.equal(await gained.count(), areas * 2)
    assert.equal(await page.locator('[data-direction="JPN AUS"] [data-change]').count(), 0)
    assert.equal(await page.locator('[data-change="lost"]').count(), 0)
    await page.keyboard.press('5')
    await page.locator('[data-proposal-state]').waitFor()
    await page.keyboard.press('c')
    await page.keyboard.type('EXERCISE: agreed, d i p are letters here')
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-said="comment"]').waitFor()
    await tabTo(page, page.locator('.acts .button-first'))
    await page.keyboard.press('i')
    await page.locator('[data-proposal-state="initialled"]').waitFor()
  })

  test('the first nation reads the comment and initials: the text is settled', async () => {
    const page = await tabOf('mori', 'ja')
    await page.getByText('EXERCISE: agreed').waitFor()
    await page.locator('[data-proposal-state="initialled"]').waitFor()
    await page.keyboard.press('i')
    await page.locator('[data-proposal-state="settled"]').waitFor()
    assert.notEqual(await releases(), 0)
  })

  for (const [person, lang] of [
    ['kondo', 'ja'],
    ['murray', 'en'],
    ['hayashi', 'ja'],
    ['doyle', 'en'],
  ] as const) {
    test(`${person} reads it back, compares number and bytes, and seals`, async () => {
      const page = await tabOf(person, lang)
      await here(page)
      await page.locator('[data-ceremony="open"]').waitFor()
      await page.locator('[data-read-back="whole"]').waitFor()
      await page.locator('[data-bytes="same"]').waitFor()
      const id = new URL(page.url()).searchParams.get('with')
      assert.equal((await page.locator('.group').allTextContents()).join(''), id)
      const sealedBefore = await page.locator('[data-seal="sealed"]').count()
      // Nothing is signed before it was said that it was read.
      await page.keyboard.press('Control+Enter')
      assert.equal(await page.locator('[data-signing]').count(), 0)
      await tabTo(page, page.locator('.ceremony .check input'))
      await page.keyboard.press('Space')
      await page.keyboard.press('Control+Enter')
      await page.locator('[data-signing="waiting"]').waitFor()
      await page.keyboard.press('u')
      await page.locator('[data-signing="taken-back"]').waitFor()
      await page.keyboard.press('Control+Enter')
      await page.locator('[data-signing="waiting"]').waitFor()
      await page.keyboard.press('Control+Enter')
      await page.locator('[data-signing="done"]').waitFor()
      await page.locator('[data-ceremony="done"]').waitFor()
      assert.ok((await page.locator('[data-seal="sealed"]').count()) > sealedBefore)
    })
  }

  test('it is in force at both, and what the room said is what can be released', async () => {
    for (const person of ['mori', 'evans']) await tabs.opened(person).locator('[data-proposal-state="in-force"]').waitFor()
    const page = tabs.opened('evans')
    await page.keyboard.press('4')
    // The page may still compare with the version before, until it asks again which one is in force.
    await page.locator('[data-difference="exact"]:not(:has([data-consequence]))').waitFor()
    const cell = page.locator('[data-direction="AUS JPN"] [data-cell="maritime SECRET"]')
    await page.keyboard.press('3')
    await cell.waitFor()
    assert.equal(await cell.getAttribute('data-allowed'), 'give')
    await tabTo(page, page.locator('[data-direction="AUS JPN"] [tabindex="0"]'))
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
    assert.match((await page.locator('.cell-detail').textContent()) ?? '', /DELICATE SOURCE/u)
    assert.equal(await releases(), 0)
  })

  test('time travel: before the amendment the room says what held then', async () => {
    const page = tabs.opened('mori')
    await page.keyboard.press('t')
    await page.locator('.event').first().waitFor()
    const events = await page.locator('.event').count()
    for (let at = 1; at < events; at++) await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.locator('.room-then').waitFor()
    await page.locator('.room-state', { hasText: '第 1 版' }).waitFor()
    await page.keyboard.press('n')
    await page.locator('.room-then').waitFor({ state: 'detached' })
    await page.locator('.room-state', { hasText: '第 2 版' }).waitFor()
  })

  test('a suspension says what it does before it is signed, needs both persons, and then nothing may pass', async () => {
    for (const person of ['kondo', 'hayashi']) {
      const page = tabs.opened(person)
      await page.keyboard.press('8')
      await page.locator('.pane .acts').first().waitFor()
      await page.keyboard.press('s')
      await page.locator('[data-effect="suspend"]').waitFor()
      await page.keyboard.press('Control+Enter')
      await page.locator('[data-signing="waiting"]').waitFor()
      await page.keyboard.press('Control+Enter')
      await page.locator('[data-signing="done"]').waitFor()
    }
    const page = tabs.opened('kondo')
    await page.locator('.room-state-suspended').waitFor()
    await page.keyboard.press('3')
    await page.locator('.matrix').first().waitFor()
    assert.equal(await page.locator('[data-allowed]:not([data-allowed="not"])').count(), 0)
  })

  test('no page broke the content policy, asked elsewhere, or failed', () => {
    assert.deepEqual(browser.findings, { violations: [], requests: [], faults: [] })
  })
})
