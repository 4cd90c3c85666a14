/** What an author does, in a real browser at a real node, without a mouse: write, mark, see who could read it, send. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type ScreenKey, type Values, say } from '@entente/words'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { axeFindings } from './axe.ts'
import {
  PATIENCE_MILLISECONDS,
  type Watched,
  compose,
  composingKey,
  isFocused,
  signIn,
  tabTo,
  watchedBrowser,
  withoutBrowser,
} from './browser.ts'
import { chart } from './picture.ts'
import { BrowserWorld } from './world.ts'

describe('drafting desk', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  let world: BrowserWorld
  let browser: Watched
  let context: BrowserContext
  let page: Page
  let picture: string

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    picture = join(world.dir, 'chart.png')
    await writeFile(picture, chart())
    browser = ended.use(await watchedBrowser())
    context = await browser.context({ lang: 'en' })
    page = await context.newPage()
    await signIn(page, world.nodeOf('chen'), world.nameOf('chen', 'en'))
  })
  after(() => ended.disposeAsync())

  const patient = { timeout: PATIENCE_MILLISECONDS }
  const en = (key: ScreenKey, values?: Values): string => say('en', key, values)
  const sheet = (): Locator => page.locator('.desk-text')
  const lines = (): Locator => page.locator('.line-button')
  const heard = (text: string): Promise<void> => page.getByRole('status').getByText(text).first().waitFor(patient)
  const saved = (): Promise<void> =>
    page
      .locator('.desk-acts')
      .getByText(/^saved /u)
      .waitFor(patient)
  const banner = async (text: string): Promise<void> =>
    page
      .getByRole('region', { name: en('frame/banner-top') })
      .getByText(text, { exact: true })
      .waitFor(patient)
  const pressed = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }
  /** Each portion: its mark, then each passage with its language, or its file's name. */
  const shown = (): Promise<readonly string[]> =>
    page.evaluate<readonly string[]>(`[...document.querySelectorAll('.desk-portion')].map((portion) => [
      portion.dataset.mark ?? portion.querySelector('.mark').textContent,
      ...[...portion.querySelectorAll('.passage')].map((one) => one.lang + ':' + one.textContent),
      ...[...portion.querySelectorAll('.file-name')].map((one) => one.textContent),
    ].join(' '))`)
  const until = async (wanted: readonly string[]): Promise<void> => {
    for (let tries = 0; tries < 40 && JSON.stringify(await shown()) !== JSON.stringify(wanted); tries++) await page.waitForTimeout(50)
    assert.deepEqual(await shown(), wanted)
  }
  const clean = async (): Promise<void> => assert.deepEqual(await axeFindings(page), [])

  const FIRST = '(S//REL AUS, JPN) en:EXERCISE. It slowed off the invented cape.'
  const SECOND = '(S) ja:別の情報源。'

  test('g d, n: no draft yet, and then one that begins in its title', async () => {
    await pressed('g', 'd')
    await page.getByText(en('desk/empty')).waitFor(patient)
    await clean()
    await pressed('n')
    await page.getByLabel(en('desk/title-en')).waitFor(patient)
    assert.equal(await isFocused(page.getByLabel(en('desk/title-en'))), true)
    await clean()
    await page.keyboard.type('EXERCISE: an invented cape')
    await pressed('Enter')
    assert.equal(await isFocused(sheet()), true)
  })

  test('Alt 4 and Alt R mark a portion; what has no mark is said; the banner is the join', async () => {
    await page.keyboard.type('EXERCISE. It slowed off the invented cape.')
    await heard(en('desk/not-saved-unmarked'))
    await page.getByRole('button', { name: en('desk/to-mark', { count: 1 }) }).waitFor(patient)
    await pressed('Alt+4')
    await banner('SECRET')
    await pressed('Alt+r')
    await banner('SECRET//REL AUS, JPN')
    await heard(en('desk/lowered', { from: '(S)', to: '(S//REL AUS, JPN)' }))
    await until([FIRST])
    await saved()
    assert.match(page.url(), /\/drafts\/[0-9a-f-]{36}$/u)
  })

  test('an input method composes in an empty portion: no key is a command, no character is lost, the language follows', async () => {
    await pressed('Enter', 'Alt+r')
    await compose(page, 'べ')
    await compose(page, 'べつの')
    for (const code of ['KeyJ', 'KeyK', 'Enter', 'Escape', 'F8', 'Slash']) await composingKey(page, code)
    assert.equal(await isFocused(sheet()), true)
    assert.equal((await shown()).length, 2)
    await page.keyboard.insertText('別の情報源。')
    await until([FIRST, SECOND])
    await banner('SECRET')
  })

  test('the very first characters of a new draft may be composed', async () => {
    await saved()
    const draft = page.url()
    await pressed('Escape', 'Escape')
    await lines().first().waitFor(patient)
    await pressed('n')
    await page.getByLabel(en('desk/title-en')).waitFor(patient)
    await pressed('Enter')
    for (const text of ['た', 'たん', 'たんかー']) await compose(page, text)
    await page.keyboard.insertText('タンカー')
    await until(['unmarked ja:タンカー'])
    await pressed('Alt+Backspace')
    await until(['unmarked ja:'])
    await pressed('Escape', 'Escape')
    await page.waitForURL('**/drafts')
    await page.goto(draft)
    await until([FIRST, SECOND])
  })

  test('the picker says how the partner will hold it, and offers no caveat that no rule lets go there', async () => {
    await pressed('k', 'k')
    const picker = page.locator('.desk-picker')
    await picker
      .getByText(en('desk/held-in', { nation: 'Japan', level: 'Provided by Australia' }).slice(0, -1))
      .first()
      .waitFor(patient)
    assert.equal(await page.getByRole('checkbox', { name: 'CABINET' }).count(), 0)
    assert.equal(await page.getByRole('checkbox', { name: 'ORCON' }).count(), 1)
    assert.match((await picker.textContent()) ?? '', /CABINET, DELICATE SOURCE: no rule lets it go to Japan/u)
  })

  test('the mark is chosen in the picker or written; what cannot be read is said, and Escape leaves the mark as it was', async () => {
    await pressed('k', 'j', 'Enter')
    await tabTo(page, page.getByRole('checkbox', { name: 'DELICATE SOURCE' }))
    await pressed('Space')
    await banner('SECRET//DELICATE SOURCE')
    await pressed('Alt+m')
    await page.keyboard.type('(S//NOSUCH)')
    await page.locator('.desk-typed [aria-invalid="true"]').waitFor(patient)
    await clean()
    await pressed('Escape')
    assert.equal(await isFocused(sheet()), true)
    await until([FIRST, '(S//DS) ja:別の情報源。'])
    await pressed('Alt+m')
    await page.keyboard.type('(S)')
    await pressed('Enter')
    await until([FIRST, SECOND])
    await banner('SECRET')
  })

  test('pasted HTML comes as plain unmarked portions; it is not sent before each has its mark', async () => {
    await pressed('Control+End')
    // Handed to the page as it stands: what a browser's own clipboard takes away from HTML is not to be relied upon.
    await page.evaluate(`(() => {
      const data = new DataTransfer()
      data.setData('text/html', '<p>One <b onclick="alert(1)">bold</b><img src="x" onerror="alert(1)"></p><script>alert(1)</scr' + 'ipt><style>p{}</style>')
      data.setData('text/plain', 'One bold')
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })()`)
    await until([FIRST, SECOND, 'unmarked en:One bold'])
    await page.evaluate(`navigator.clipboard.writeText('二つ目')`)
    await pressed('Control+v')
    await until([FIRST, SECOND, 'unmarked en:One bold', 'unmarked ja:二つ目'])
    await heard(en('desk/pasted', { count: 1 }))
    await pressed('Control+Enter')
    await heard(en('desk/cannot-send-unmarked', { count: 2 }))
    await clean()
    await pressed('F8', 'Alt+1', 'F8', 'Alt+1', 'F8')
    await heard(en('desk/all-marked'))
    await until([FIRST, SECOND, '(O) en:One bold', '(O) ja:二つ目'])
  })

  test('portions are moved and deleted by key; Ctrl Z brings back each', async () => {
    await pressed('Alt+ArrowUp')
    await until([FIRST, SECOND, '(O) ja:二つ目', '(O) en:One bold'])
    await pressed('Alt+Backspace')
    await heard(en('desk/deleted', { number: 3 }))
    await until([FIRST, SECOND, '(O) en:One bold'])
    await pressed('Control+z', 'Control+z')
    await until([FIRST, SECOND, '(O) en:One bold', '(O) ja:二つ目'])
    await pressed('Alt+Backspace', 'Alt+Backspace')
    await until([FIRST, SECOND])
  })

  test('a file is a portion: with a mark of its own, sent with the draft, never replaced by a letter or a composition', async () => {
    const chooser = page.waitForEvent('filechooser')
    await pressed('Alt+f')
    await (await chooser).setFiles(picture)
    await until([FIRST, SECOND, 'unmarked chart.png'])
    await page.keyboard.type('k')
    await composingKey(page, 'KeyK')
    await compose(page, 'かい')
    await page.keyboard.insertText('海')
    await until([FIRST, SECOND, 'unmarked chart.png', 'unmarked ja:海'])
    await pressed('Alt+Backspace', 'Alt+4', 'Alt+r')
    await until([FIRST, SECOND, '(S//REL AUS, JPN) chart.png'])
    await page.locator('.file-facts').getByText(en('desk/file-sent')).waitFor(patient)
    await clean()
  })

  test('who could read it: what goes and what stays, and the text as Japan would see it', async () => {
    await saved()
    const outcomes = page.locator('.desk-outcomes > li')
    await outcomes.nth(2).waitFor(patient)
    assert.deepEqual(
      (await outcomes.locator('.desk-fate').allTextContents()).map((text) => text.trim()),
      [en('desk/goes'), en('desk/stays'), en('desk/goes')],
    )
    await pressed('Alt+t')
    const seen = page.getByRole('article', { name: en('desk/tear-line', { nation: 'Japan' }) })
    await seen.waitFor(patient)
    assert.equal(await isFocused(seen), true)
    const text = (await seen.textContent()) ?? ''
    assert.match(text, /It slowed off the invented cape/u)
    assert.match(text, /chart\.png/u)
    assert.doesNotMatch(text, /別の情報源/u)
    await clean()
    // Marks cannot be changed where they are not seen.
    await pressed('Alt+1', 'Alt+t')
    await until([FIRST, SECOND, '(S//REL AUS, JPN) chart.png'])
    assert.equal(await isFocused(sheet()), true)
  })

  test('Escape leaves the text, then j and k move; after a reload the draft is as it was', async () => {
    await pressed('Escape')
    assert.equal(await isFocused(sheet()), false)
    await pressed('k')
    await page.locator('.desk-outline [aria-current="true"]', { hasText: '別の情報源' }).waitFor(patient)
    await page.reload()
    await sheet().waitFor(patient)
    await until([FIRST, SECOND, '(S//REL AUS, JPN) chart.png'])
    assert.equal(await page.getByLabel(en('desk/title-en')).inputValue(), 'EXERCISE: an invented cape')
  })

  test('sent, taken back, sent again; what the officer returns is seen with its reason, without a reload', async () => {
    await pressed('Control+Enter')
    await heard(en('desk/sent'))
    await clean()
    await pressed('u')
    await heard(en('desk/taken-back'))
    await pressed('Control+Enter')
    await heard(en('desk/sent'))
    const draft = page.url().split('/').at(-1) ?? ''
    await world.entente('walker', 'report', 'review', draft, '--return', 'wrong-marking', '--reason', 'EXERCISE: look at two')
    await heard('EXERCISE: look at two')
    await clean()
    await pressed('Enter')
    await page.keyboard.type('.')
    await saved()
  })

  test('in Japanese, in forced colours, at twice the size: nothing that axe finds, nothing cut off', async () => {
    await pressed('Escape')
    await tabTo(page, page.getByRole('button', { name: en('frame/language-name') }))
    await pressed('Enter')
    await page.getByText(say('ja', 'desk/readers')).waitFor(patient)
    await clean()
    await page.emulateMedia({ forcedColors: 'active' })
    await clean()
    await page.emulateMedia({ forcedColors: 'none' })
    await page.setViewportSize({ width: 640, height: 400 })
    await clean()
    const [wide, there] = await page.evaluate<readonly [number, number]>('[document.querySelector("#content").scrollWidth, innerWidth]')
    assert.ok(wide <= there, `${wide} of ${there}`)
    await page.setViewportSize({ width: 1_280, height: 800 })
    await tabTo(page, page.getByRole('button', { name: say('ja', 'frame/language-name') }))
    await pressed('Enter')
    await page.getByText(en('desk/readers')).waitFor(patient)
  })

  test('x discards after ten seconds in which u keeps it', async () => {
    await page.goto(`${world.nodeOf('chen')}/drafts`)
    await lines().first().waitFor(patient)
    assert.equal(await lines().count(), 1)
    await pressed('x')
    await page.getByText(en('desk/discarding', { title: 'EXERCISE: an invented cape', seconds: 10 })).waitFor(patient)
    await clean()
    await pressed('u')
    await lines().first().waitFor(patient)
    await pressed('x')
    await page.getByText(en('desk/empty')).waitFor(patient)
    await page.waitForTimeout(11_000)
    await page.reload()
    await page.getByText(en('desk/empty')).waitFor(patient)
  })

  test('no page broke its content policy, called elsewhere or had a fault', () => {
    assert.deepEqual(browser.findings, { violations: [], requests: [], faults: [] })
  })
})
