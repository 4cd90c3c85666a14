/** A counter-proposal, an exchange of notes, a suspension that both resume from, and the end: by keyboard, each nation in its language. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { AgreementTemplate } from '@entente/agreement'
import type { Lang } from '@entente/words'
import type { Page } from 'playwright-core'
import { PARTS } from '../src/screens/agreement/places.ts'
import { axeFindings } from './axe.ts'
import { type Watched, tabTo, watchedBrowser, withoutBrowser } from './browser.ts'
import { RoomTabs } from './room-tabs.ts'
import { BrowserWorld } from './world.ts'

const TEMPLATE = new URL('../../../agreements/jpn-aus/agreement.json', import.meta.url)
const LANGS: Readonly<Record<string, Lang>> = { mori: 'ja', kondo: 'ja', hayashi: 'ja', evans: 'en', murray: 'en', doyle: 'en' }
const NAMES = { note: 'o', suspend: 's', resume: 'r', terminate: 'x' } as const

describe('counter-proposal and notices', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  let world: BrowserWorld
  let browser: Watched
  let tabs: RoomTabs
  let first = ''
  let counter = ''

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    browser = ended.use(await watchedBrowser())
    tabs = await RoomTabs.open(world, browser)
  })
  after(() => ended.disposeAsync())

  const tabOf = (person: string): Promise<Page> => tabs.of(person, LANGS[person] ?? 'en')

  /** One person's signature on a notice: what it does is read before, and it can be taken back. */
  const gives = async (person: string, kind: keyof typeof NAMES): Promise<void> => {
    const page = await tabOf(person)
    await page.keyboard.press('8')
    await page.locator('.pane .acts').first().waitFor()
    await page.keyboard.press(NAMES[kind])
    const effect = page.locator(`[data-effect="${kind}"]`)
    await effect.waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-signing="waiting"]').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-signing="done"], .pane .state-problem').waitFor()
    assert.deepEqual(await page.locator('.pane .state-problem').allTextContents(), [], `${person} ${kind}`)
  }
  const stands = async (kind: string, state: string): Promise<void> => {
    for (const person of ['kondo', 'murray']) {
      const page = await tabOf(person)
      await page.keyboard.press('8')
      await page.locator(`[data-notice="${kind}"][data-notice-state="${state}"]`).first().waitFor()
    }
  }

  test('a negotiator answers a proposal with another text, and says in it how it enters into force', async () => {
    const template = JSON.parse(await readFile(TEMPLATE, 'utf8')) as AgreementTemplate
    const grants = template.grants.map((grant) => (grant.from === 'JPN' ? { ...grant, lifeDays: 180 } : grant))
    const file = join(world.dir, 'first.json')
    await writeFile(file, JSON.stringify({ ...template, grants }))
    first = (await world.entente<{ proposal: string }>('mori', 'agreement', 'propose', file)).proposal
    const page = await tabOf('evans')
    await page.locator(`li[data-proposal="${first}"]`).waitFor()
    await page.keyboard.press('p')
    await page.locator('[data-proposal-state="proposed"]').waitFor()
    await tabTo(page, page.locator('.pane .acts .button-first'))
    await page.keyboard.press('o')
    await page.locator('.pane .state-empty').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('[data-checked="sound"]').waitFor()
    await tabTo(page, page.locator('[data-field="part"]'))
    await page.keyboard.press('Home')
    for (let at = 0; at < PARTS.indexOf('provisions'); at++) await page.keyboard.press('ArrowDown')
    await tabTo(page, page.locator('[data-field="by"]'))
    await page.keyboard.press('End')
    await page.locator('[data-checked="sound"]').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-proposal-state="proposed"] [data-said="counter"]').waitFor()
    counter = new URL(page.url()).searchParams.get('with') ?? ''
    assert.notEqual(counter, first)
  })

  test('the other reads what it changes beside who may read what, and both initial it; the first text is answered', async () => {
    const page = await tabOf('mori')
    await page.locator(`li[data-proposal="${counter}"]`).waitFor()
    await page.keyboard.press('p')
    await page.locator('[data-said="counter"]').waitFor()
    await page.keyboard.press('d')
    await page.locator('[data-difference="exact"]').waitFor()
    const other = page.locator('[data-statement="room/edit-provisions"]')
    assert.match((await other.textContent()) ?? '', /公文の交換により発効/u)
    for (const person of ['mori', 'evans']) {
      const tab = await tabOf(person)
      await tab.keyboard.press('5')
      await tab.locator('[data-said="counter"]').waitFor()
      await tabTo(tab, tab.locator('.pane .acts .button-first'))
      await tab.keyboard.press('i')
      await tab.locator('[data-proposal-state="initialled"], [data-proposal-state="settled"]').waitFor()
    }
    await page.locator('[data-proposal-state="settled"]').waitFor()
    assert.equal((await world.entente<{ state: string }>('evans', 'agreement', 'proposals', first)).state, 'answered')
  })

  test('sealed by all, it waits for the notes of both; once they are exchanged, it is in force', async () => {
    for (const person of ['kondo', 'hayashi', 'murray', 'doyle']) await world.entente(person, 'agreement', 'seal', counter)
    const page = await tabOf('mori')
    await page.locator('[data-proposal-state="held"]').waitFor()
    for (const person of ['kondo', 'hayashi', 'murray', 'doyle']) await gives(person, 'note')
    await page.locator('[data-proposal-state="in-force"]').waitFor()
    await (await tabOf('evans')).locator('[data-proposal-state="in-force"]').waitFor()
  })

  test('suspended by one nation, it is resumed only once both have said so', async () => {
    for (const person of ['murray', 'doyle']) await gives(person, 'suspend')
    await stands('suspend', 'acting')
    for (const person of ['kondo', 'murray']) await (await tabOf(person)).locator('.room-state-suspended').waitFor()
    for (const person of ['murray', 'doyle']) await gives(person, 'resume')
    await stands('suspend', 'acting')
    for (const person of ['kondo', 'hayashi']) await gives(person, 'resume')
    await stands('suspend', 'resumed')
    for (const person of ['kondo', 'murray']) await (await tabOf(person)).locator('.room-state-in-force').waitFor()
  })

  test('of two parties none withdraws: one ends it, for both and for good', async () => {
    const page = await tabOf('kondo')
    await page.keyboard.press('8')
    await page.keyboard.press('w')
    assert.equal(await page.locator('[data-effect]').count(), 0)
    for (const person of ['kondo', 'hayashi']) await gives(person, 'terminate')
    await stands('terminate', 'acting')
    for (const person of ['kondo', 'murray']) await (await tabOf(person)).locator('.room-state-ended').waitFor()
  })

  test('no page broke the content policy, asked elsewhere, or failed', () => {
    assert.deepEqual(browser.findings, { violations: [], requests: [], faults: [] })
  })
})
