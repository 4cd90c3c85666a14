/** A third nation joins by a version that all three sign, and withdraws again: in the room, by keyboard, between three real nations. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Agreement } from '@entente/agreement'
import type { Signed } from '@entente/canonical'
import type { Lang } from '@entente/words'
import type { Page } from 'playwright-core'
import { PARTS } from '../src/screens/agreement/places.ts'
import { axeFindings } from './axe.ts'
import { PATIENCE_MILLISECONDS, type Watched, tabTo, watchedBrowser, withoutBrowser } from './browser.ts'
import { RoomTabs } from './room-tabs.ts'
import { BrowserWorld } from './world.ts'

const LANGS: Readonly<Record<string, Lang>> = { mori: 'ja', kondo: 'ja' }
const patient = PATIENCE_MILLISECONDS * 3

describe('a third nation', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  let world: BrowserWorld
  let browser: Watched
  let tabs: RoomTabs
  let proposal = ''

  before(async () => {
    world = ended.use(await BrowserWorld.start({ third: true }))
    browser = ended.use(await watchedBrowser())
    tabs = await RoomTabs.open(world, browser)
  })
  after(() => ended.disposeAsync())

  /** The tab of a person, in the room of the agreement that the third nation is invited to. */
  const tabOf = (person: string): Promise<Page> =>
    tabs.of(person, LANGS[person] ?? 'en', async (tab) => {
      const which = tab.locator('.room-which select')
      await which.focus()
      await tab.keyboard.press('Home')
      while ((await which.inputValue()) !== world.data.agreement) await tab.keyboard.press('ArrowDown')
      await tab.evaluate('document.activeElement.blur()')
    })
  const eventually = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    const until = performance.now() + patient
    while (!(await holds())) {
      assert.ok(performance.now() < until, what)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }

  test('it is proposed as a party, from the file that it gave out', async () => {
    const page = await tabOf('evans')
    await page.keyboard.press('7')
    await page.locator('.pane .state-empty').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('[data-checked="sound"]').waitFor()
    await tabTo(page, page.locator('[data-field="part"]'))
    await page.keyboard.press('Home')
    for (let at = 0; at < PARTS.indexOf('parties'); at++) await page.keyboard.press('ArrowDown')
    const { body } = JSON.parse(
      await readFile(join(world.dir, 'usa', 'trust', 'agreements', 'aus-usa-0001.json'), 'utf8'),
    ) as Signed<Agreement>
    const party = body.parties.find(({ nation }) => nation === 'USA')
    const file = { name: 'usa.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(party)) }
    await page.locator('[data-field="party-file"]').setInputFiles(file)
    // The file is read in its own time; once its party is there, the text is looked at anew.
    await page.locator('.amend-form [data-field="which"] option').nth(2).waitFor({ state: 'attached' })
    await page.locator('[data-checked="sound"] [data-field="countersigningKey"]').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-proposal-state="proposed"], .amend .state-problem').first().waitFor()
    assert.deepEqual(await page.locator('.state-problem').allTextContents(), [], 'nothing against it')
    proposal = new URL(page.url()).searchParams.get('with') ?? ''
    assert.match(proposal, /^[0-9a-f]{64}$/u)
  })

  test('its negotiator reads what would change, and initials; then the others do', async () => {
    const page = await tabOf('adams')
    await page.locator(`li[data-proposal="${proposal}"]`).waitFor()
    await page.keyboard.press('p')
    await page.locator('[data-proposal-state="proposed"]').waitFor()
    await page.keyboard.press('d')
    await page.locator('[data-difference="exact"]').waitFor()
    assert.match((await page.locator('[data-statement="room/edit-parties"]').textContent()) ?? '', /United States.*two persons sign/su)
    await page.keyboard.press('5')
    await tabTo(page, page.locator('.pane .acts .button-first'))
    await page.keyboard.press('i')
    await page.locator('[data-proposal-state="initialled"]').waitFor()
    for (const person of ['mori', 'evans']) {
      await eventually(`${person} initials`, async () => (await world.told(person, ['agreement', 'initial', proposal])).exit === 0)
    }
    await page.locator('[data-proposal-state="settled"]').waitFor()
  })

  test('in force on all three once six persons have signed it, and on none before', async () => {
    const seal = async (person: string): Promise<void> =>
      eventually(`${person} seals`, async () => (await world.told(person, ['agreement', 'seal', proposal])).exit === 0)
    for (const person of ['kondo', 'hayashi', 'murray', 'doyle', 'hayes']) await seal(person)
    const page = await tabOf('adams')
    await page.locator('[data-proposal-state="sealed"]').waitFor()
    await page.locator('.room-state', { hasText: 'Version 1' }).waitFor()
    await seal('pierce')
    for (const person of ['adams', 'evans', 'mori']) {
      const tab = await tabOf(person)
      await tab.locator('.room-state-in-force', { hasText: '2' }).waitFor()
      await tab.keyboard.press('1')
      await tab.locator('.articles').waitFor()
    }
  })

  test('two of its persons sign its withdrawal in the room; both others show it, and go on without it', async () => {
    for (const person of ['hayes', 'pierce']) {
      const page = await tabOf(person)
      await page.keyboard.press('8')
      await page.locator('.pane .acts kbd', { hasText: 'w' }).waitFor()
      await page.keyboard.press('w')
      await page.locator('[data-effect="withdraw"]').waitFor()
      assert.deepEqual(await axeFindings(page), [])
      await page.keyboard.press('Control+Enter')
      await page.locator('[data-signing="waiting"]').waitFor()
      await page.keyboard.press('Control+Enter')
      await page.locator('[data-signing="done"], .pane .state-problem').waitFor()
      assert.deepEqual(await page.locator('.pane .state-problem').allTextContents(), [], person)
      if (person === 'pierce') continue
      // One person's signature is none yet: nobody else hears of it.
      const other = await tabOf('murray')
      await other.keyboard.press('8')
      await other.locator('.pane .acts').first().waitFor()
      assert.equal(await other.locator('[data-notice="withdraw"]').count(), 0)
    }
    for (const person of ['murray', 'kondo']) {
      const page = await tabOf(person)
      await page.keyboard.press('8')
      await page.locator('[data-notice="withdraw"][data-notice-state="acting"]').waitFor()
      await page.locator('.room-state-in-force').waitFor()
      await page.keyboard.press('3')
      const cell = page.locator('[data-direction="AUS JPN"] [data-cell="maritime SECRET"]')
      assert.equal(await cell.getAttribute('data-allowed'), 'give')
    }
  })

  test('no page broke the content policy, asked elsewhere, or failed', () => {
    assert.deepEqual(browser.findings, { violations: [], requests: [], faults: [] })
  })
})
