import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds on the page as it stands, one line each; put in through the debugger, past the page's own policy. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axe })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }).then(({ violations, passes }) => JSON.stringify({
      passed: passes.length,
      found: violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ': ' + failureSummary)),
    }))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  const { passed, found } = JSON.parse(String(result.value)) as { readonly passed: number; readonly found: readonly string[] }
  if (passed === 0) throw new TypeError('axe looked at nothing')
  return found
}
