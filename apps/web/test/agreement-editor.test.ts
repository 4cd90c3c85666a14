/** The editor of an amendment by keyboard alone, in both languages: every part, messages at their fields, undo over a reload, the worker. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Agreement } from '@entente/agreement'
import type { Lang } from '@entente/words'
import type { Locator, Page } from 'playwright-core'
import { PARTS, type Part } from '../src/screens/agreement/places.ts'
import { PATIENCE_MILLISECONDS, type Watched, signIn, tabTo, watchedBrowser, withoutBrowser } from './browser.ts'
import { BrowserWorld } from './world.ts'

const WORKER = '**/assets/compute-worker-*'

const LOST = '[data-direction="AUS JPN"] [data-change="lost"]'
const LOST_CELLS = `[...document.querySelectorAll('${LOST}')].map((mark) => mark.closest('[data-cell]').dataset.cell)`
/** Milliseconds after a key in which everything that it leads to on the page's own thread has begun, the worker's answer too. */
const AFTERWARDS = 700

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor((of.length - 1) / 2)] ?? Number.NaN

/**
 * Types keys; for each the longest task that held the page's thread. A fixed work is timed after each on the same thread: how much
 * slower it is than at its best is what others do to the machine, and not the page.
 */
async function typed(page: Page, keys: readonly string[]): Promise<{ readonly longest: readonly number[]; readonly slower: number }> {
  await page.evaluate(`
    window.held = []
    new PerformanceObserver((list) => held.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration }))))
      .observe({ type: 'longtask' })`)
  const spans: { readonly from: number; readonly to: number }[] = []
  const works: number[] = []
  for (const key of keys) {
    const from = await page.evaluate<number>('performance.now()')
    await page.keyboard.press(key)
    await page.waitForTimeout(AFTERWARDS)
    spans.push({ from, to: await page.evaluate<number>('performance.now()') })
    works.push(
      await page.evaluate<number>(`(() => {
        const begun = performance.now()
        let sum = 0
        for (let at = 0; at < 3e7; at++) sum += at % 7
        return performance.now() - begun + sum * 0
      })()`),
    )
  }
  const held = await page.evaluate<readonly { readonly startTime: number; readonly duration: number }[]>('held')
  const longest = spans.map(({ from, to }) =>
    Math.max(0, ...held.filter(({ startTime }) => from <= startTime && startTime < to).map(({ duration }) => duration)),
  )
  return { longest, slower: median(works) / Math.min(...works) }
}

describe('editor of an amendment', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  let world: BrowserWorld
  let browser: Watched

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    await world.release('first')
    browser = ended.use(await watchedBrowser())
  })
  after(() => ended.disposeAsync())

  for (const [person, lang] of [
    ['mori', 'ja'],
    ['evans', 'en'],
  ] as const satisfies readonly (readonly [string, Lang])[]) {
    describe(lang, () => {
      let page: Page
      const field = (name: string): Locator => page.locator(`.amend-form [data-field="${name}"]`).first()
      const checked = async (state: 'sound' | 'wrong' | 'pending'): Promise<void> => page.locator(`[data-checked="${state}"]`).waitFor()
      /** Chooses with the arrow keys, as one does without a mouse. */
      const choose = async (select: Locator, index: number): Promise<void> => {
        await tabTo(page, select)
        await page.keyboard.press('Home')
        for (let at = 0; at < index; at++) await page.keyboard.press('ArrowDown')
      }
      const goTo = async (part: Part): Promise<void> => {
        await choose(field('part'), PARTS.indexOf(part))
        assert.equal(await field('part').inputValue(), part)
      }

      before(async () => {
        page = await (await browser.context({ lang })).newPage()
        page.setDefaultTimeout(PATIENCE_MILLISECONDS)
        await signIn(page, world.nodeOf(person), world.nameOf(person, lang))
        for (const key of ['g', 'a']) await page.keyboard.press(key)
        await page.locator('.articles').waitFor()
        await page.keyboard.press('7')
        await page.locator('.pane .state-empty').waitFor()
        await page.keyboard.press('Enter')
        await checked('sound')
      })

      test('what is wrong is said at its field, and the problem leads to it', async () => {
        await choose(field('ceiling'), 0)
        await checked('wrong')
        const floor = page.locator('.amend-form [data-field="floor"][aria-invalid="true"]')
        await floor.waitFor()
        const described = await floor.getAttribute('aria-describedby')
        assert.match((await page.locator(`[id="${described}"]`).textContent()) ?? '', /aus-jpn-classified/u)
        await goTo('limits')
        await tabTo(page, page.locator('[data-problem] button').first())
        await page.keyboard.press('Enter')
        await page.locator('[data-field="floor"]:focus').waitFor()
        // Nothing that is wrong is proposed.
        await page.keyboard.press('Control+Enter')
        assert.equal(await page.locator('[data-proposal-state]').count(), 0)
        await page.keyboard.press('Escape')
        await tabTo(page, page.locator('.amend-bar button').first())
        await page.keyboard.press('Control+z')
        await checked('sound')
      })

      test('a new area below another, a grant that reaches it, a term of retention: each is seen at once', async () => {
        await goTo('areas')
        await tabTo(page, page.locator('[data-act="add"]'))
        await page.keyboard.press('Enter')
        await tabTo(page, field('code'))
        await page.keyboard.press('Control+a')
        await page.keyboard.type('seabed')
        await choose(field('parent'), 1)
        await tabTo(page, field('names-ja'))
        await page.keyboard.press('Control+a')
        await page.keyboard.type('海底')
        await checked('sound')
        await goTo('provisions')
        await tabTo(page, page.locator('input[data-field="retention"]'))
        await page.keyboard.press('Space')
        await tabTo(page, field('itemDays'))
        await page.keyboard.type('30')
        await checked('sound')
        await page.locator('[data-checked="sound"] [data-live]:not([data-live="0 0 0"])').waitFor()
      })

      test('every part has its form', async () => {
        await goTo(PARTS[0])
        for (const part of PARTS) {
          assert.equal(await field('part').inputValue(), part)
          await page.locator('.amend-form .form, .amend-form .line-facts').first().waitFor()
          await page.keyboard.press('ArrowDown')
        }
      })

      test('everything can be undone, also after a reload, and done again', async () => {
        await page.reload()
        await page.locator('.amend').waitFor()
        const bar = page.locator('.amend-bar button')
        const undo = async (key: string): Promise<void> => {
          await tabTo(page, bar.first())
          await page.keyboard.press(key)
        }
        await goTo('areas')
        const areas = page.locator('[data-field="which"] option', { hasText: lang === 'ja' ? '海底' : 'area-1' })
        assert.equal(await areas.count(), 1)
        for (let steps = 0; steps < 20 && (await bar.first().getAttribute('aria-disabled')) !== 'true'; steps++) await undo('Control+z')
        assert.equal(await areas.count(), 0)
        await page.locator('[data-checked="sound"] [data-live="0 0 0"]').waitFor()
        for (let steps = 0; steps < 20 && (await bar.nth(1).getAttribute('aria-disabled')) !== 'true'; steps++)
          await undo('Control+Shift+Z')
        assert.equal(await areas.count(), 1)
        await page.locator('[data-checked="sound"] [data-live]:not([data-live="0 0 0"])').waitFor()
      })

      test('the axes are drawn at once, with their articles; regions and holdings follow when the whole difference has come', async () => {
        await tabTo(page, page.locator('.amend-bar .button-bad'))
        await page.keyboard.press('Enter')
        await page.locator('.pane .state-empty').waitFor()
        await page.keyboard.press('Enter')
        await checked('sound')
        await page.route(WORKER, () => {})
        await page.reload()
        await page.locator('.matrices[data-marks="axes"]').waitFor()
        await goTo('grants')
        await choose(field('ceiling'), 2)
        // Each level that the arrow keys pass is drawn on its way; at last only the one above the ceiling is lost.
        const below = '[data-cell]:not([data-cell$=" SECRET"]) [data-change="lost"]'
        await page.locator(`.matrices:has([data-cell$=" SECRET"] [data-change="lost"]):not(:has(${below}))`).waitFor()
        // Only the axes can have said it: the worker never began, and its answer is not there.
        await checked('pending')
        assert.equal(page.workers().length, 0)
        assert.equal(await page.locator('[data-difference], [data-marks="whole"]').count(), 0)
        await page.locator('.amend-live progress').waitFor()
        const before = await page.evaluate<readonly string[]>(LOST_CELLS)
        await tabTo(page, page.locator('[data-direction="AUS JPN"] [tabindex="0"]'))
        for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
        assert.match((await page.locator('[data-causes="lost"]').textContent()) ?? '', /aus-jpn-classified/u)
        await page.unroute(WORKER)
        await tabTo(page, field('lifeDays'))
        await page.keyboard.press('ArrowUp')
        await checked('sound')
        await page.locator('.matrices[data-marks="whole"]').waitFor()
        const group = page.locator(`[data-difference="exact"] [data-group="${lang === 'ja' ? 'we-stop-getting' : 'we-stop-giving'}"]`)
        await group.locator('[data-consequence="lost"]:not([data-held="0"])').first().waitFor()
        // The whole difference takes nothing back of what the axes said.
        assert.deepEqual(await page.evaluate(LOST_CELLS), before)
        // One stop of the tab key, and arrows from there, however long the list is.
        const stop = page.locator('.consequence-items[tabindex="0"]')
        assert.equal(await stop.count(), 1)
        await tabTo(page, stop)
        await page.keyboard.press('End')
        await page.keyboard.press('Enter')
        assert.equal(await page.locator('.consequence-items:focus').getAttribute('aria-expanded'), 'true')
        assert.equal(await stop.count(), 1)
      })

      test('typing holds the page for no longer than a twentieth of a second', async (t) => {
        await goTo('grants')
        await tabTo(page, field('lifeDays'))
        const edits = Array.from({ length: 10 }, () => 'ArrowUp')
        let lists = 0
        page.on('request', (request) => (lists += request.url().endsWith('/api/agreements/holdings') ? 1 : 0))
        const { longest, slower } = await typed(page, edits)
        const figures = `longest tasks ${longest.map(Math.round).join(' ')} ms, machine ${slower.toFixed(1)} times as slow as at its best`
        t.diagnostic(figures)
        assert.equal(longest.length, edits.length)
        assert.equal(lists, 0, 'every list is an entry: none is asked for while typing')
        assert.ok(median(longest) <= 50 * slower, figures)
        await checked('sound')
      })

      test('it is compared beside the page, and a newer text ends the comparison of an older one', async () => {
        let begun = 0
        page.on('request', (request) => (begun += /compute-worker-/u.test(request.url()) ? 1 : 0))
        await page.route(WORKER, () => {})
        const asked = page.waitForRequest(WORKER)
        await page.reload()
        await asked
        await checked('pending')
        await goTo('grants')
        await tabTo(page, field('lifeDays'))
        await page.keyboard.press('Control+a')
        // The text that is typed is there at once, whatever the comparison does.
        await page.keyboard.type('77')
        assert.equal(await field('lifeDays').inputValue(), '77')
        await page.unroute(WORKER)
        await page.keyboard.type('7')
        await checked('sound')
        assert.equal(await field('lifeDays').inputValue(), '777')
        // Each newer text had a worker of its own; of the older ones none is left.
        assert.ok(begun > 1, `${begun} workers`)
        assert.equal(page.workers().length, 1)
      })

      test('a new party comes from a file of that nation; what is none is refused', async () => {
        await goTo('parties')
        const files = page.locator('[data-field="party-file"]')
        await files.setInputFiles({ name: 'no-party.json', mimeType: 'application/json', buffer: Buffer.from('{"nation":"CAN"}') })
        await page.locator('.amend-form .state-problem code', { hasText: 'canonical/shape' }).waitFor()
        const key = { ed25519: 'A'.repeat(43), mldsa65: 'A'.repeat(2_603) }
        const names = { en: 'Canada', ja: 'カナダ' }
        const party = { nation: 'CAN', names, authority: names, authorityKey: key }
        await files.setInputFiles({ name: 'can.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(party)) })
        await page.locator('[data-field="which"] option', { hasText: names[lang] }).waitFor({ state: 'attached' })
        await checked('sound')
        // A grant to it has no tables yet: said in words, with the nation's name.
        await goTo('grants')
        await choose(page.locator('.amend-form [data-field="to"]'), 1)
        await page.locator('[data-problem="agreement/table-missing"]', { hasText: names[lang] }).first().waitFor()
      })

      test('the key of a second signatory goes and comes, from a file of that nation alone; how often checkpoints are made', async () => {
        await goTo('parties')
        const key = page.locator('.amend-form [data-field="countersigningKey"]')
        const number = (await key.getAttribute('data-key')) ?? ''
        assert.match(number, /^[0-9a-f]{64}$/u)
        await tabTo(page, key.locator('[data-act="leave-out"]'))
        await page.keyboard.press('Enter')
        await page.locator('[data-field="countersigningKey"][data-key="none"]').waitFor()
        await checked('pending')
        const { parties } = await page.evaluate<Agreement>(
          "JSON.parse(Object.entries(sessionStorage).find(([name]) => name.includes('amendment'))[1]).begun",
        )
        const [own, other] = [parties[0]!, parties.find(({ nation }) => nation === 'JPN')!]
        const give = async (party: object): Promise<void> =>
          page
            .locator('[data-field="countersigningKey-file"]')
            .setInputFiles({ name: 'party.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(party)) })
        const { countersigningKey: _, ...alone } = own
        for (const [party, code] of [
          [other, 'agreement/unknown-nation'],
          [alone, 'canonical/shape'],
        ] as const) {
          await give(party)
          await page.locator('.amend-form .state-problem code', { hasText: code }).waitFor()
        }
        // The first person's key does not make a second person.
        await give({ ...own, countersigningKey: own.authorityKey })
        await page.locator('[data-problem="agreement/duplicate"]').waitFor()
        await tabTo(page, page.locator('[data-problem="agreement/duplicate"] button'))
        await page.keyboard.press('Enter')
        await page.locator('[data-field="countersigningKey-file"]:focus').waitFor()
        await give(own)
        await page.locator(`[data-field="countersigningKey"][data-key="${number}"]`).waitFor()
        await goTo('limits')
        await choose(field('kind'), 1)
        await tabTo(page, field('milliseconds'))
        await page.keyboard.press('Control+a')
        await page.keyboard.type('4')
        await page.locator('[data-field="milliseconds"][aria-invalid="true"]').waitFor()
        await page.keyboard.type('000')
        await page.locator('[data-field="milliseconds"]:not([aria-invalid])').waitFor()
        await choose(field('kind'), 0)
        assert.equal(await field('milliseconds').count(), 0)
      })

      test('closing the tab asks first, from any screen; where the page goes by itself it does not, and the draft stays', async () => {
        const close = async (): Promise<void> => page.close({ runBeforeUnload: true })
        await tabTo(page, page.locator('.room-view').first())
        await page.keyboard.press('Enter')
        await page.locator('.articles').waitFor()
        const asked = page.waitForEvent('dialog')
        await close()
        const dialog = await asked
        assert.equal(dialog.type(), 'beforeunload')
        await dialog.dismiss()
        let others = 0
        page.on('dialog', (other) => {
          others++
          void other.accept()
        })
        await page.evaluate("location.assign('/agreement/amend')")
        await page.locator('.amend').waitFor()
        assert.equal(others, 0)
      })

      test('discarded, it is gone from the tab, which then closes unasked', async () => {
        await tabTo(page, page.locator('.amend-bar .button-bad'))
        await page.keyboard.press('Enter')
        await page.locator('.pane .state-empty').waitFor()
        assert.equal(
          await page.evaluate("Object.keys(sessionStorage).concat(Object.keys(localStorage)).some((name) => name.includes('amendment'))"),
          false,
        )
        let asked = 0
        page.on('dialog', (dialog) => {
          asked++
          void dialog.accept()
        })
        const closed = page.waitForEvent('close')
        await page.close({ runBeforeUnload: true })
        await closed
        assert.equal(asked, 0)
      })
    })
  }

  test('no page broke the content policy, asked elsewhere, or failed', () => {
    assert.deepEqual(browser.findings, { violations: [], requests: [], faults: [] })
  })
})
