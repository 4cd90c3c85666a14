/** Every state in both languages before axe, also with forced colours, and narrow: nothing to be found, nothing cut off. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Watched, watchedBrowser, withoutBrowser } from './browser.ts'
import { STATES, Stage, type Stock, stocked } from './states.ts'
import { BrowserWorld } from './world.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const WIDE = { width: 1_280, height: 800 }
/** A screen of 1280 at 200 % (WCAG 1.4.4), and half of one. */
const NARROW = { width: 640, height: 900 }

interface Finding {
  readonly rule: string
  readonly where: readonly string[]
}

/** What axe says, as rules and places. Runs in the page. */
const RUN_AXE = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ rule: id, where: nodes.map(({ html }) => html.slice(0, 200)) })))`

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
  let axe: string

  before(async () => {
    axe = await readFile(AXE, 'utf8')
    world = ended.use(await BrowserWorld.start())
    stock = await stocked(world)
    browser = ended.use(await watchedBrowser())
  })
  after(() => ended.disposeAsync())

  const findings = async (page: Page): Promise<readonly Finding[]> => {
    await page.evaluate(`window.axe === undefined ? (0, eval)(${JSON.stringify(axe)}) && undefined : undefined`)
    return page.evaluate<readonly Finding[]>(RUN_AXE)
  }

  for (const lang of ['en', 'ja'] as const) {
    describe(lang, () => {
      let stage: Stage
      before(async () => {
        stage = new Stage({ world, stock, lang, context: await browser.context({ lang, bypassCSP: true }) })
      })

      for (const { name, show, after: restore } of STATES) {
        test(name, async () => {
          try {
            const page = await show(stage)
            assert.deepEqual(await findings(page), [], 'as it is')
            await page.emulateMedia({ forcedColors: 'active' })
            assert.deepEqual(await findings(page), [], 'with forced colours')
            await page.emulateMedia({ forcedColors: 'none' })
            await page.setViewportSize(NARROW)
            assert.deepEqual(await page.evaluate<readonly string[]>(FIND_CUT), [], 'narrow')
            await page.setViewportSize(WIDE)
          } finally {
            await restore?.(stage)
          }
        })
      }
    })
  }
})
