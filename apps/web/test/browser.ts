import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type Locator, type Page, chromium } from 'playwright-core'

/** A Chromium that calls nobody on its own account. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-prefers-reduced-motion',
]
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** As text: it runs in the page, not here. */
const TELL_VIOLATIONS = {
  content: `document.addEventListener('securitypolicyviolation', (event) =>
    window.ententeViolation([event.violatedDirective, event.blockedURI, event.sourceFile + ':' + event.lineNumber, event.sample].join(' ')))`,
}

/** Where a Chromium is; undefined where there is none, and the tests that need one say so. */
export function chromiumPath(): string | undefined {
  return process.env['ENTENTE_CHROMIUM'] ?? PLACES.find((path) => existsSync(path))
}

/** For a test's `skip`: why it cannot run here, false where it can. Where `CI` is set, absence is a failure and no reason. */
export function withoutBrowser(): string | false {
  return chromiumPath() === undefined && process.env['CI'] !== 'true' ? 'there is no Chromium (ENTENTE_CHROMIUM names one)' : false
}

/** What went wrong on pages: reports of the content policy, requests to elsewhere, faults of scripts. */
export interface Findings {
  readonly violations: string[]
  readonly requests: string[]
  readonly faults: string[]
}

/** A browser with what it found. */
export interface Watched extends AsyncDisposable {
  readonly browser: Browser
  readonly findings: Findings
  /** A new profile: its own devices, its own language. */
  context(options: { readonly lang: 'en' | 'ja'; readonly width?: number; readonly height?: number }): Promise<BrowserContext>
}

/** Starts a browser of which every page is watched. Anything but loopback counts as a finding. */
export async function watchedBrowser(): Promise<Watched> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new TypeError('there is no Chromium')
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS })
  const findings: Findings = { violations: [], requests: [], faults: [] }
  return {
    browser,
    findings,
    async context({ lang, width = 1_280, height = 800 }) {
      const context = await browser.newContext({
        locale: lang === 'ja' ? 'ja-JP' : 'en-AU',
        timezoneId: lang === 'ja' ? 'Asia/Tokyo' : 'Australia/Sydney',
        viewport: { width, height },
        reducedMotion: 'reduce',
        permissions: ['clipboard-read', 'clipboard-write'],
        acceptDownloads: true,
      })
      await context.exposeFunction('ententeViolation', (text: string) => findings.violations.push(text))
      await context.addInitScript(TELL_VIOLATIONS)
      context.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url())
        if (protocol === 'blob:' || protocol === 'data:') return
        if (!hostname.endsWith('.localhost')) findings.requests.push(request.url())
      })
      context.on('weberror', (error) => findings.faults.push(String(error.error())))
      // The console tells of answers that a page may get and shows in its own words: refused, absent, partner away.
      context.on('console', (message) => {
        if (message.type() === 'error' && !/status of (?:40[134]|503)/u.test(message.text())) findings.faults.push(message.text())
      })
      return context
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
    },
  }
}

/** Signs a person in at a node by choosing them with the keyboard: Tab until their name has the focus, then Enter. */
export async function signIn(page: Page, node: string, name: string): Promise<void> {
  await page.goto(node)
  await tabTo(page, page.locator('.person', { hasText: name }))
  await page.keyboard.press('Enter')
  await page.locator('.who-name').waitFor({ timeout: PATIENCE_MILLISECONDS })
}

/** As long as a page may take for what asks both nations; far more than it needs on a machine that is busy. */
export const PATIENCE_MILLISECONDS = 20_000
const MOST_TABS = 80

/** Presses Tab until the element has the focus: what a person without a mouse does. Throws where Tab never comes to it. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor({ timeout: PATIENCE_MILLISECONDS })
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if (await isFocused(wanted)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not come to ${String(wanted)}`)
}

/** Whether the element, or something inside it, has the focus. */
export async function isFocused(wanted: Locator): Promise<boolean> {
  return (await wanted.and(wanted.page().locator(':focus, :focus-within')).count()) > 0
}

/** A key while a Japanese input method composes: the browser calls it `Process`, 229, and only its code tells which it was. */
export async function composingKey(page: Page, code: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  for (const type of ['rawKeyDown', 'keyUp'] as const) {
    await session.send('Input.dispatchKeyEvent', { type, key: 'Process', code, windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 })
  }
  await session.detach()
}

/** Begins a composition in the focused field, as an input method does: `text` stands there and is not yet decided. */
export async function compose(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  await session.detach()
}
