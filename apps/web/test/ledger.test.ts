/** What officers do with one report's evidence, in a real browser between two real nations: verify, stop, assess, by keyboard. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { type ScreenKey, say } from '@entente/words'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { PATIENCE_MILLISECONDS, type Watched, isFocused, signIn, tabTo, watchedBrowser, withoutBrowser } from './browser.ts'
import { type EvidenceAnswer, bendEvidence } from './ledger-answers.ts'
import { BrowserWorld, type Seeded } from './world.ts'

const NOWHERE = '00000000-0000-4000-8000-000000000000'

describe('ledger', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  const patient = { timeout: PATIENCE_MILLISECONDS }
  const en = (key: ScreenKey): string => say('en', key)
  let world: BrowserWorld
  let browser: Watched
  let context: BrowserContext
  let page: Page
  let first: Seeded
  let second: Seeded

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    first = await world.release('first')
    second = await world.release('second')
    browser = ended.use(await watchedBrowser())
    context = await browser.context({ lang: 'en' })
    const reader = await person('sato')
    await openAsSato(reader)
    await reader.locator('[data-opened]').waitFor(patient)
    await reader.close()
    page = await person('singh')
  })
  after(() => ended.disposeAsync())

  const person = async (id: string): Promise<Page> => {
    const tab = await context.newPage()
    await signIn(tab, world.nodeOf(id), world.nameOf(id, 'en'))
    return tab
  }
  const openAsSato = async (tab: Page): Promise<void> => {
    await tab.goto(`${world.nodeOf('sato')}/inbox/${first.given}`)
    await tab.locator('h2.reader-title, .state-absent').first().waitFor(patient)
    await tab.keyboard.press('Enter')
  }
  /** Presses j or k until the item's line is the one that is shown. */
  const moveTo = async (item: string, key: 'j' | 'k'): Promise<void> => {
    await page.locator(`#line-${item}`).waitFor(patient)
    for (let tries = 0; tries < 6 && !page.url().endsWith(item); tries++) {
      const from = page.url()
      await page.keyboard.press(key)
      await page.waitForFunction(`location.href !== ${JSON.stringify(from)}`)
    }
    await page.locator(`[data-item="${item}"]`).waitFor(patient)
  }
  const entries = (state: string, act?: string): Locator =>
    page.locator(`.entry[data-proof="${state}"]${act === undefined ? '' : `[data-act="${act}"]`}`)
  /** Until the entries on the screen are those of the answer in hand, each looked at. */
  const verified = async (): Promise<void> => page.locator('.entries[data-verified="done"]').waitFor(patient)
  const bend = async (item: string, change: (answer: EvidenceAnswer) => void): Promise<void> =>
    bendEvidence(page, world.nodeOf('singh'), item, change)

  test('every entry about an item is proven in the browser: who released, opened and confirmed it', async () => {
    await moveTo(first.given, 'j')
    await verified()
    for (const act of ['release', 'open', 'joined']) await entries('proven', act).waitFor(patient)
    assert.equal(await entries('wrong').count(), 0)
    assert.match((await page.locator('.evidence').textContent()) ?? '', /1 opened, 0 acknowledged, 0 refused/u)
    await page.locator('[data-letter="offer"][data-state="accepted"]').waitFor(patient)
    assert.match((await page.locator('h2').textContent()) ?? '', /^Item /u, 'who is not cleared sees no title')
  })

  test('Shift V verifies every entry about every item, and says against what', async () => {
    await page.keyboard.press('Shift+V')
    const good = page.locator('[data-sweep="good"]')
    await good.waitFor(patient)
    assert.match((await good.textContent()) ?? '', /4 items/u)
  })

  test('an entry that does not hold is loud, by code, and nothing that it says is shown', async () => {
    const lies: readonly ((entry: EvidenceAnswer['entries'][number]) => void)[] = [
      (entry) => (entry.leaf = `${entry.leaf.slice(0, -8)}AAAAAAA=`),
      (entry) => (entry.act = 'refuse'),
      (entry) => (entry.proof = entry.proof?.replace(/\n[A-Za-z0-9+/]{43}=\n/u, `\n${'A'.repeat(43)}=\n`) ?? ''),
      ({ opening: { fields } }) => ((fields.find(({ name }) => name === 'serial') ?? assert.fail()).value = 2),
    ]
    for (const lie of lies) {
      await bend(first.given, ({ entries: [entry] }) => lie(entry ?? assert.fail()))
      await page.locator('[data-wrong][role="alert"]').waitFor(patient)
      assert.equal(await entries('wrong').count(), 1)
      const row = (await entries('wrong').textContent()) ?? ''
      assert.match(row, /(?:exchange\/proof-invalid|client\/entry-log|ledger\/[a-z-]+)/u)
      assert.match(row, /Nothing that this entry says is shown/u)
      assert.equal(await entries('wrong').locator('dl').count(), 0)
      await page.unrouteAll()
    }
  })

  test('one entry given twice, or one of another item, does not hold either', async () => {
    await bend(first.given, (answer) => void answer.entries.push(answer.entries[0] ?? assert.fail()))
    await entries('wrong').waitFor(patient)
    await page.unrouteAll()
    let foreign: EvidenceAnswer['entries'] = []
    await bend(second.given, (answer) => (foreign = answer.entries))
    await page.unrouteAll()
    await bend(first.given, (answer) => (answer.entries = foreign))
    assert.equal(await entries('wrong').count(), foreign.length)
    await page.unrouteAll()
  })

  test('verifying everything names what does not hold and what could not be read', async () => {
    await bend(first.given, (answer) => answer.entries.forEach((entry) => (entry.act = 'stop')))
    await page.route(`**/api/items/${first.own}/evidence`, (route) => route.abort())
    await page.keyboard.press('Shift+V')
    const bad = page.locator('[data-sweep="wrong"][role="alert"]')
    await bad.waitFor(patient)
    for (const item of [first.given, first.own]) await bad.locator(`a[href$="${item}"]`).waitFor(patient)
    await page.unrouteAll()
  })

  test('assessing the damage says who opened it, is entered, and is saved as JSON', async () => {
    await page.goto(`${world.nodeOf('singh')}/ledger/${first.given}`)
    await verified()
    await page.keyboard.press('d')
    await page.locator('[data-damage="assessed"]').waitFor(patient)
    assert.equal(await page.locator('.damage-lines > li').count(), 1)
    await entries('proven', 'damage').waitFor(patient)
    const saved = page.waitForEvent('download')
    await page.keyboard.press('s')
    const { items } = JSON.parse(await readFile(await (await saved).path(), 'utf8')) as { items: { counts: object }[] }
    assert.deepEqual(items[0]?.counts, { entered: 1, joined: 1, possible: 0 })
  })

  test('a stop waits in the outbox and is taken back: nothing happened', async () => {
    await page.keyboard.press('r')
    await page.locator('.stop-choose').waitFor(patient)
    await page.keyboard.press('4')
    await page.locator('[data-stop="waiting"]').waitFor(patient)
    assert.equal(await isFocused(page.getByRole('button', { name: en('queue/take-back') })), true)
    await page.keyboard.press('u')
    await page.locator('[data-stop="taken-back"]').waitFor(patient)
    await page.reload()
    await page.locator('.standing-live').waitFor(patient)
  })

  test('a stop is in force while the partner is away; the partner confirms it when it is back, and nobody there opens the item', async () => {
    await world.stopNation('JPN')
    await page.locator('.standing-live').waitFor(patient)
    await page.keyboard.press('r')
    await page.keyboard.press('w')
    await page.keyboard.press('4')
    await tabTo(page, page.getByRole('button', { name: en('ledger/revoke-now') }))
    await page.keyboard.press('Enter')
    await page.locator('[data-stop="done"]').waitFor(patient)
    await page.locator('.standing-stopped').waitFor(patient)
    const letter = page.locator('[data-letter="revoke"]')
    await letter.and(page.locator('[data-state="waiting"]')).getByText('has not answered since').waitFor(patient)
    await page.locator(`.line:has(#line-${first.own})`).getByText('stopped').waitFor(patient)
    await world.startNation('JPN')
    await letter.and(page.locator('[data-state="accepted"]')).waitFor({ timeout: 3 * PATIENCE_MILLISECONDS })
    await entries('proven', 'stop').waitFor(patient)
    const reader = await person('sato')
    await openAsSato(reader)
    await reader.locator('.state-absent').waitFor(patient)
    assert.equal(await reader.locator('[data-opened]').count(), 0)
    await reader.close()
  })

  test('a disclosure officer sees titles and no entries; the partner’s officer finds what came by its number; nobody else finds anything', async () => {
    const walker = await person('walker')
    await walker.goto(`${world.nodeOf('walker')}/ledger/${second.given}`)
    await walker.getByText(en('ledger/entries-role')).waitFor(patient)
    assert.equal(await walker.locator('.entries').count(), 0)
    assert.doesNotMatch((await walker.locator('h2').textContent()) ?? '', /^Item /u)
    await walker.close()

    const ito = await person('ito')
    await ito.getByText(en('ledger/empty')).waitFor(patient)
    await ito.keyboard.press('/')
    await ito.keyboard.type(second.given)
    await ito.keyboard.press('Enter')
    await ito.locator('.entry[data-act="deliver"][data-proof="proven"]').waitFor(patient)
    assert.equal(await ito.locator('#stop-title').count(), 0, 'only its originator stops it')
    await ito.keyboard.press('/')
    await ito.keyboard.press('Control+A')
    await ito.keyboard.type(NOWHERE)
    await ito.keyboard.press('Enter')
    await ito.locator('.pane .state-absent').waitFor(patient)
    await ito.close()

    const sato = await person('sato')
    await sato.goto(`${world.nodeOf('sato')}/ledger/${second.given}`)
    await sato.locator('.state-absent').waitFor(patient)
    assert.equal(await sato.locator('.evidence').count(), 0)
    await sato.close()
  })

  test('a number that is no item, but that somebody asked for: the entries, and nothing that rests on an item', async () => {
    const sato = await person('sato')
    await sato.goto(`${world.nodeOf('sato')}/inbox/${NOWHERE}`)
    await sato.locator('.state-absent').waitFor(patient)
    await sato.close()
    const ito = await person('ito')
    await ito.goto(`${world.nodeOf('ito')}/ledger/${NOWHERE}`)
    await ito.locator('.entry[data-act="refuse"][data-proof="proven"]').waitFor(patient)
    await ito.getByText(en('ledger/unknown')).waitFor(patient)
    const text = (await ito.locator('.evidence').textContent()) ?? ''
    assert.equal(text.includes(en('reader/basis-home')), false, 'no basis where nothing was given')
    assert.equal(text.includes(en('ledger/readers')), false, 'nobody can read what is not')
    assert.equal(await ito.locator('.evidence .skeleton').count(), 0, 'nothing is still to come')
    await ito.close()
  })

  test('no page broke its content policy, called elsewhere or had a fault', () => {
    const faults = browser.findings.faults.filter((fault) => !fault.includes('net::ERR_FAILED'))
    assert.deepEqual({ ...browser.findings, faults }, { violations: [], requests: [], faults: [] })
  })
})
