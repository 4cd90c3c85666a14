import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The rules whose answer rests on how a page is painted: what can differ where only the colours changed. */
const PAINTED = ['color-contrast', 'link-in-text-block', 'target-size']

/** What axe-core finds on the page as it stands, one line each; put in through the debugger, past the page's own policy. */
export async function axeFindings(page: Page, rules: 'all' | 'painted' = 'all'): Promise<readonly string[]> {
  const only = rules === 'all' ? { type: 'tag', values: TAGS } : { type: 'rule', values: PAINTED }
  const session = await page.context().newCDPSession(page)
  const { result: there } = await session.send('Runtime.evaluate', { expression: "typeof axe === 'object'", returnByValue: true })
  if (there.value !== true) await session.send('Runtime.evaluate', { expression: axe })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, ${JSON.stringify({ runOnly: only, resultTypes: ['violations'], preload: false })})
      .then(({ violations, passes, incomplete, inapplicable }) => JSON.stringify({
        looked: passes.length + violations.length + incomplete.length + inapplicable.length,
        found: violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ': ' + failureSummary)),
      }))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  const { looked, found } = JSON.parse(String(result.value)) as { readonly looked: number; readonly found: readonly string[] }
  if (looked < (rules === 'all' ? 50 : PAINTED.length)) throw new TypeError(`axe looked by ${looked} rules`)
  return found
}
