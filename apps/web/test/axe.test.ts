/** Every state in both languages before axe, also with forced colours, with less motion, and narrow: nothing to be found, nothing cut off. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axeFindings } from './axe.ts'
import { type Watched, watchedBrowser, withoutBrowser } from './browser.ts'
import { Stage, type Stock, stocked } from './stage.ts'
import { STATES } from './states.ts'
import { BrowserWorld } from './world.ts'

const WIDE = { width: 1_280, height: 800 }
/** A screen of 1280 at 200 % (WCAG 1.4.4), and half of one. */
const NARROW = { width: 640, height: 900 }

/** Banners that are not where they always are, whatever was scrolled. Runs in the page. */
const FIND_MOVED = `[...document.querySelectorAll('.banner')]
  .map((banner) => [banner.className, banner.classList.contains('banner-top') ? banner.getBoundingClientRect().top : innerHeight - banner.getBoundingClientRect().bottom])
  .filter(([, off]) => Math.abs(off) > 1)
  .map(([name, off]) => name + ': ' + off)`

/** What goes beyond the page, or is cut off by what it stands in. Runs in the page. */
const FIND_CUT = `(() => {
  const found = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) found.push('the page: ' + scrollWidth + ' in ' + clientWidth)
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('.only-heard, [aria-hidden="true"], .skip') || element.textContent.trim() === '') continue
    const { overflowX, textOverflow } = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    if (box.width === 0 || box.height === 0) continue
    const scrolls = element.scrollWidth > element.clientWidth + 1
    if (scrolls && ['hidden', 'clip', 'auto', 'scroll'].includes(overflowX) && element.tagName !== 'PRE')
      found.push('cut off: ' + element.outerHTML.slice(0, 120))
    if (box.right > innerWidth + 1 || box.left < -1) found.push('outside: ' + element.outerHTML.slice(0, 120))
  }
  return found
})()`

describe('accessibility', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  let world: BrowserWorld
  let stock: Stock
  let browser: Watched

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    stock = await stocked(world)
    browser = ended.use(await watchedBrowser())
  })
  after(() => ended.disposeAsync())

  for (const lang of ['en', 'ja'] as const) {
    describe(lang, () => {
      let stage: Stage
      before(async () => {
        stage = new Stage({ world, stock, lang, context: await browser.context({ lang }) })
      })

      for (const { name, show, after: restore } of STATES) {
        test(name, async () => {
          let shown: Page | undefined
          try {
            const page = await show(stage)
            shown = page
            assert.deepEqual(await axeFindings(page), [], 'as it is')
            assert.deepEqual(await page.evaluate(FIND_MOVED), [], 'its banners')
            await page.emulateMedia({ forcedColors: 'active' })
            assert.deepEqual(await axeFindings(page, 'painted'), [], 'with forced colours')
            await page.emulateMedia({ forcedColors: 'none' })
            // Whoever asks for less motion gets none; the browsers of these tests ask.
            assert.equal(await page.evaluate('document.getAnimations().length'), 0, 'nothing moves')
            await page.setViewportSize(NARROW)
            assert.deepEqual(await page.evaluate<readonly string[]>(FIND_CUT), [], 'narrow')
            assert.deepEqual(await page.evaluate(FIND_MOVED), [], 'its banners, narrow')
          } finally {
            await shown?.setViewportSize(WIDE)
            await restore?.(stage)
          }
        })
      }
    })
  }

  test('no page broke its content policy, called elsewhere or had a fault', () => {
    // What the states themselves cut off is told by the console as well.
    const faults = browser.findings.faults.filter((fault) => !/net::ERR_|status of 400/u.test(fault))
    assert.deepEqual({ ...browser.findings, faults }, { violations: [], requests: [], faults: [] })
  })
})
