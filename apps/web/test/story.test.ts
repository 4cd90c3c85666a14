/** The story of `demo/world.json`, by keyboard alone, in each language: written, released, read, stopped, and proven. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Lang, type ScreenKey, type Values, say } from '@entente/words'
import type { BrowserContext, Page } from 'playwright-core'
import { PATIENCE_MILLISECONDS, isFocused, signIn, tabTo, watchedBrowser, withoutBrowser } from './browser.ts'
import { chart } from './picture.ts'
import { BrowserWorld } from './world.ts'

const ITEM = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/u
const WORD = 'EXERCISE-STORY-WORD'
const HELD_WORD = 'EXERCISE-STORY-HELD-WORD'

/** A hand that has only a keyboard: any press of a pointer in the page is a finding of its own. */
const NO_POINTER = {
  content: `document.addEventListener('pointerdown', () => window.ententeViolation('a pointer was used'), true)`,
}

for (const lang of ['en', 'ja'] as const) {
  describe(`the story by keyboard, ${lang}`, { skip: withoutBrowser() }, () => {
    test('written, reviewed, released, read, acknowledged, stopped, refused; every entry proven, the damage known', async (t) => {
      await using world = await BrowserWorld.start({ lang })
      await using browser = await watchedBrowser()
      const context = await browser.context({ lang })
      await context.addInitScript(NO_POINTER)
      const { cast, first } = world.data.story
      const story = { world, context, lang }

      const author = await tabOf(story, cast.author)
      await t.test('the author writes and marks by key, adds a file, and sends it for review', async () => {
        await author.keyboard.press('g')
        await author.keyboard.press('d')
        await author.getByRole('heading', { name: text(lang, 'desk/title'), exact: true }).waitFor()
        await author.keyboard.press('n')
        await focused(author, `input[lang="${lang}"]`)
        await author.keyboard.type(first.title[lang])
        await author.keyboard.press('Enter')
        await focused(author, '[contenteditable="true"]')
        const portions = first.portions.map(({ marking, texts }) => ({
          marking,
          text: filled(texts.find((one) => one.lang === lang)?.text ?? ''),
        }))
        for (const [index, portion] of portions.entries()) {
          if (index > 0) await author.keyboard.press('Enter')
          await author.keyboard.insertText(portion.text)
          await mark(author, portion.marking)
        }
        const chooser = author.waitForEvent('filechooser')
        await author.keyboard.press('Alt+f')
        await (await chooser).setFiles({ name: 'chart.png', mimeType: 'image/png', buffer: chart() })
        await author.getByText('chart.png').first().waitFor()
        await author.keyboard.press('F8')
        await mark(author, 'SECRET//REL AUS, JPN')
        await author.keyboard.press('Control+Enter')
        await author.getByText(text(lang, 'desk/sent')).waitFor()
      })

      const officer = await tabOf(story, cast.disclosureOfficer)
      let given = ''
      await t.test('the officer sees what goes and what stays, approves, and it is sealed here', async () => {
        await officer.keyboard.press('g')
        await officer.keyboard.press('q')
        await officer.locator('.line-button').first().waitFor()
        await officer.keyboard.press('j')
        await officer.getByRole('heading', { level: 2, name: first.title[lang] }).waitFor()
        await officer.getByText(text(lang, 'queue/goes-count', { count: 3 })).waitFor()
        await officer.getByText(text(lang, 'queue/stays-count', { count: 1 })).waitFor()
        await officer.keyboard.press('t')
        await officer.getByText(WORD).first().waitFor()
        assert.equal(await officer.locator('.review-page').getByText(HELD_WORD).count(), 0)
        await officer.keyboard.press('t')
        await officer.keyboard.press('a')
        await officer.getByText(text(lang, 'queue/approving')).waitFor()
        await officer.keyboard.press('a')
        const released = officer.locator('[data-decided="released"]').first()
        await released.waitFor()
        const partner = released.locator('li', { hasText: text(lang, 'ledger/to', { nation: nation(world, 'JPN', lang) }) })
        given = ITEM.exec((await partner.textContent()) ?? '')?.[0] ?? ''
        assert.match(given, ITEM)
      })

      const reader = await tabOf(story, cast.firstReader)
      await t.test('the analyst opens it and acknowledges; what was held is not there', async () => {
        await world.arrived(cast.firstReader, given)
        await reader.reload()
        await reader.locator(`#line-${given}`).waitFor()
        await reader.keyboard.press('j')
        await reader.locator('.sealed').waitFor()
        await reader.keyboard.press('Enter')
        await reader.locator('[data-opened]').waitFor()
        const whole = (await reader.locator('[data-opened]').textContent()) ?? ''
        assert.ok(whole.includes(WORD) && whole.includes('chart.png'), whole)
        assert.ok(!whole.includes(HELD_WORD))
        assert.equal(await reader.locator('.portion').count(), 3)
        await reader.keyboard.press('a')
        await reader.getByText(text(lang, 'reader/acknowledged')).waitFor()
      })

      await t.test('the officer stops it with a reason; the outbox is hurried', async () => {
        await officer.keyboard.press('g')
        await officer.keyboard.press('l')
        await officer.locator(`#line-${given}`).waitFor()
        for (let lines = await officer.locator('.line-button').count(); lines > 0; lines--) {
          if (officer.url().includes(given)) break
          await officer.keyboard.press('j')
          await officer.waitForURL(ITEM)
        }
        await officer.locator(`[data-item="${given}"]`).waitFor()
        await officer
          .getByRole('button', { name: text(lang, 'ledger/revoke'), exact: false })
          .first()
          .waitFor()
        await officer.keyboard.press('r')
        await officer.locator('.stop-choose').waitFor()
        await officer.keyboard.press('1')
        await officer.locator('[data-stop="waiting"]').waitFor()
        await tabTo(officer, officer.getByRole('button', { name: text(lang, 'ledger/revoke-now') }))
        await officer.keyboard.press('Enter')
        await officer.locator('[data-stop="done"]').waitFor()
      })

      await t.test('the analyst is refused from then on, as if there were nothing', async () => {
        await reader.reload()
        await reader.locator('.state-absent, .sealed').first().waitFor()
        if ((await reader.locator('.sealed').count()) > 0) {
          await reader.keyboard.press('Enter')
          await reader.locator('.state-absent').waitFor()
        }
        assert.equal(await reader.getByText(WORD).count(), 0)
        const shown = await reader.locator('.state-absent').textContent()
        assert.ok(shown?.includes(text(lang, 'reader/absent')), shown ?? '')
      })

      const security = await tabOf(story, cast.securityOfficer)
      await t.test('the security officer sees who did what, verifies everything in the browser, and knows the damage', async () => {
        await security.keyboard.press('g')
        await security.keyboard.press('l')
        await security.keyboard.press('/')
        await focused(security, 'input[type="search"]')
        await security.keyboard.insertText(given)
        await security.keyboard.press('Enter')
        await security.locator(`[data-item="${given}"] table[data-verified="done"]`).waitFor()
        for (const act of ['release', 'open', 'joined', 'stop']) {
          await security.locator(`tr[data-act="${act}"][data-proof="proven"]`).first().waitFor()
        }
        await security.keyboard.press('Shift+V')
        await security.locator('[data-sweep="good"]').waitFor()
        assert.equal(await security.locator('tr[data-proof="wrong"]').count(), 0)
        await security.keyboard.press('d')
        const damage = security.locator('[data-damage="assessed"]')
        await damage.waitFor()
        await damage.getByText(text(lang, 'outcome/acknowledged')).first().waitFor()
      })

      await t.test('no page broke its content policy, called elsewhere, had a fault or needed a pointer', () => {
        assert.deepEqual(browser.findings, { violations: [], requests: [], faults: [] })
      })
    })
  })
}

function text(lang: Lang, key: ScreenKey, values?: Values): string {
  return say(lang, key, values)
}

function filled(template: string): string {
  return template.replace('{canary}', WORD).replace('{held-canary}', HELD_WORD)
}

function nation(world: BrowserWorld, code: string, lang: Lang): string {
  return world.data.nations.find((one) => one.nation === code)?.names[lang] ?? code
}

/** Somebody's tab, signed in with the keyboard. */
async function tabOf(
  { world, context, lang }: { readonly world: BrowserWorld; readonly context: BrowserContext; readonly lang: Lang },
  person: string,
): Promise<Page> {
  const tab = await context.newPage()
  tab.setDefaultTimeout(PATIENCE_MILLISECONDS)
  await signIn(tab, world.nodeOf(person), world.nameOf(person, lang))
  return tab
}

/** Waits until the focus is there. */
async function focused(page: Page, selector: string): Promise<void> {
  await page.waitForFunction(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`)
}

/** Marks the portion at which the text is, as it is written: Alt M, the marking, Enter. */
async function mark(page: Page, marking: string): Promise<void> {
  const wrong = page.locator('.desk-typed + .desk-wrong')
  await page.keyboard.press('Alt+m')
  await focused(page, '.desk-typed input')
  await page.keyboard.insertText(marking)
  await page.keyboard.press('Enter')
  assert.equal(await wrong.count(), 0, marking)
  await focused(page, '[contenteditable="true"]')
  assert.equal(await isFocused(page.locator('[contenteditable="true"]')), true)
}
