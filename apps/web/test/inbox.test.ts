/** What a reader does, in a real browser between two real nations: sign in, list, search, open, keep, acknowledge. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type ScreenKey, type Values, say } from '@entente/words'
import type { BrowserContext, Download, Locator, Page } from 'playwright-core'
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
import { BrowserWorld, type Seeded } from './world.ts'

const NOWHERE = '00000000-0000-4000-8000-000000000000'

describe('inbox', { skip: withoutBrowser() }, () => {
  const ended = new AsyncDisposableStack()
  let world: BrowserWorld
  let browser: Watched
  let context: BrowserContext
  let page: Page
  let first: Seeded

  before(async () => {
    world = ended.use(await BrowserWorld.start())
    first = await world.release('first')
    await world.release('second')
    browser = ended.use(await watchedBrowser())
    context = await browser.context({ lang: 'en' })
    page = await context.newPage()
  })
  after(() => ended.disposeAsync())

  const patient = { timeout: PATIENCE_MILLISECONDS }
  const en = (key: ScreenKey, values?: Values): string => say('en', key, values)
  const person = async (id: string, inContext = context): Promise<Page> => {
    const tab = await inContext.newPage()
    await signIn(tab, world.nodeOf(id), world.nameOf(id, 'en'))
    return tab
  }
  const heading = (): Locator => page.locator('h2.reader-title')
  const lineOf = (item: string): Locator => page.locator(`#line-${item}`)

  test('persons are chosen with the keyboard; two tabs of one browser are two people, also after a reload', async () => {
    await signIn(page, world.nodeOf('sato'), world.nameOf('sato', 'en'))
    const other = await person('tanaka')
    await Promise.all([page.reload(), other.reload()])
    assert.equal(await page.locator('.who-name').textContent(patient), world.nameOf('sato', 'en'))
    assert.equal(await other.locator('.who-name').textContent(patient), world.nameOf('tanaka', 'en'))
    await other.close()
  })

  test("a link that brings somebody's device for which nobody asked is refused, and leaves the address", async () => {
    const parcel = await world.parcelOf('tanaka')
    const tab = await (await browser.context({ lang: 'en' })).newPage()
    await tab.goto(`${world.nodeOf('tanaka')}/#device=${parcel}`)
    await tab.getByText(en('sign-in/device-unasked')).waitFor(patient)
    assert.ok(!tab.url().includes('#'))
    assert.equal(await tab.getByText(en('sign-in/has-device')).count(), 0)
    await tab.context().close()
  })

  test('every screen says that it is an exercise', async () => {
    assert.equal(await page.locator('.banner-top .specimen').textContent(), en('frame/exercise'))
    const door = await context.newPage()
    await door.goto(world.address('AUS'))
    await door.getByText(en('frame/exercise'), { exact: true }).waitFor(patient)
    await door.getByText(en('frame/exercise-long')).waitFor(patient)
    await door.close()
  })

  test('j and k move and stop at the ends; what is chosen is the address', async () => {
    await page.keyboard.press('j')
    await heading().waitFor(patient)
    const chosen = (): string => new URL(page.url()).pathname.split('/')[2] ?? ''
    const ids = await Promise.all((await page.locator('.line-button').all()).map((line) => line.getAttribute('id')))
    const [upper = '', lower = ''] = ids.map((id) => id?.slice('line-'.length))
    assert.equal(chosen(), upper)
    await page.keyboard.press('j')
    await page.waitForURL(`**/inbox/${lower}`)
    await page.keyboard.press('j')
    assert.equal(chosen(), lower)
    await page.keyboard.press('k')
    await page.waitForURL(`**/inbox/${upper}`)
    await page.keyboard.press('k')
    assert.equal(chosen(), upper)
    assert.equal(await page.locator('.line-button[aria-current="true"]').getAttribute('id'), `line-${upper}`)
  })

  test('while an input method is on, letters act by their code outside of fields', async () => {
    const from = page.url()
    await composingKey(page, 'KeyJ')
    await page.waitForFunction(`location.href !== ${JSON.stringify(from)}`)
    await composingKey(page, 'KeyK')
    await page.waitForURL(from)
  })

  test('Enter opens: the browser decrypts what the node never has, every portion with its mark, the banner at top and bottom', async () => {
    const answers: Promise<string>[] = []
    page.on('response', (response) => answers.push(response.text().catch(() => '')))
    await page.goto(`${world.nodeOf('sato')}/inbox/${first.given}`)
    await heading().waitFor(patient)
    await page.keyboard.press('Enter')
    const report = page.locator('[data-opened]')
    await report.waitFor(patient)
    const texts = await report.locator('.passage').allTextContents()
    assert.ok(
      texts.some((text) => text.startsWith('(O:S)') && text.includes('left the invented port')),
      texts.join('\n'),
    )
    assert.ok(texts.some((text) => text.startsWith('(S//REL AUS, JPN)') && text.includes('EXERCISE-WORD')))
    const whole = await page.locator('body').textContent()
    assert.doesNotMatch(whole ?? '', /AUSTEO|EXERCISE-HELD-WORD/u)
    for (const place of ['top', 'bottom'] as const) {
      const banner = page.getByRole('region', { name: en(`frame/banner-${place}`) })
      assert.match((await banner.textContent()) ?? '', /AUS.*SECRET\/\/REL AUS, JPN/u)
    }
    const read = await Promise.all(answers)
    assert.ok(read.length > 5)
    assert.ok(read.every((text) => !text.includes('EXERCISE-WORD')))
    page.removeAllListeners('response')
  })

  test('why it can be read: clearance, need to know, the article with its text; and the entries that prove it', async () => {
    const reasons = await page.locator('.why li').allTextContents()
    assert.equal(reasons.length, 3)
    assert.match(reasons[0] ?? '', /clearance/iu)
    assert.match(reasons[1] ?? '', /Maritime/u)
    assert.match(reasons[2] ?? '', /Article .+ permits opening \(entry \d+/u)
    await tabTo(page, page.locator('.why summary').first())
    await page.keyboard.press('Enter')
    assert.ok(((await page.locator('.why details[open] p').textContent()) ?? '').length > 40)
    assert.ok((await page.locator('.proofs li').count()) > 0)
  })

  test('n, p and c: portion by portion, and a citation carries its mark', async () => {
    await page.locator('.portion').first().click()
    await page.keyboard.press('n')
    await page.keyboard.press('c')
    await page.getByText(en('reader/cited')).waitFor(patient)
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    assert.match(copied, /^\(S\/\/REL AUS, JPN\) EXERCISE\. It slowed/mu)
    await page.keyboard.press('p')
    assert.equal(await isFocused(page.locator('.portion').first()), true)
  })

  test('a file is shown, and is saved with its label', async () => {
    await tabTo(page, page.getByRole('button', { name: en('reader/file-show') }))
    await page.keyboard.press('Enter')
    const image = page.locator('img.file-image')
    await image.waitFor(patient)
    await page.waitForFunction(`document.querySelector('img.file-image').naturalWidth === 640`)
    const downloads: Download[] = []
    page.on('download', (download) => downloads.push(download))
    await tabTo(page, page.getByRole('button', { name: en('reader/file-save') }))
    await page.keyboard.press('Enter')
    await page.getByText(en('reader/file-saved')).waitFor(patient)
    while (downloads.length < 2) await page.waitForEvent('download', patient)
    page.removeAllListeners('download')
    const saved = new Map(
      await Promise.all(downloads.map(async (one) => [one.suggestedFilename(), await readFile(await one.path())] as const)),
    )
    assert.deepEqual([...saved.keys()].sort(), ['chart.png', 'chart.png.label.xml'])
    assert.deepEqual(saved.get('chart.png'), chart())
    assert.match(saved.get('chart.png.label.xml')?.toString() ?? '', /ConfidentialityLabel[\s\S]*SECRET/u)
  })

  test('the container is saved sealed; the command line finds nothing wrong with it and no text in it', async () => {
    const download = page.waitForEvent('download', patient)
    await page.locator('h2').first().click()
    await page.keyboard.press('s')
    const path = join(world.dir, 'saved.tdf')
    await (await download).saveAs(path)
    await page.getByText(en('reader/container-saved')).waitFor(patient)
    const { exit, err } = await world.told('sato', ['container', 'inspect', path])
    assert.equal(exit, 0, err)
    assert.ok(!(await readFile(path)).includes('EXERCISE-WORD'))
    const opened = await world.told('sato', ['container', 'open', path])
    assert.equal(opened.exit, 0, opened.err)
    assert.ok(opened.out.includes('EXERCISE-WORD'))
  })

  test('a acknowledges: the originator has the entry, and the list says that it was opened', async () => {
    await page.keyboard.press('a')
    await page.getByText(en('reader/acknowledged')).waitFor(patient)
    const { entries } = await world.entente<{ entries: readonly { outcome?: string; state: string }[] }>(
      'singh',
      'report',
      'evidence',
      first.given,
    )
    assert.equal(entries.find(({ outcome }) => outcome === 'acknowledged')?.state, 'proven', JSON.stringify(entries))
    await lineOf(first.given).getByText(en('inbox/opened')).waitFor(patient)
  })

  test('/ searches the cards: what fits stays, the address says what was asked, nothing that fits is said', async () => {
    const box = page.getByRole('searchbox', { name: en('inbox/search') })
    await page.locator('h1').click()
    await page.keyboard.press('/')
    assert.equal(await isFocused(box), true)
    assert.equal(await box.inputValue(), '')
    await page.keyboard.type('Umineko-7')
    await page.keyboard.press('Enter')
    await page.getByText(en('inbox/count-found', { count: 1 })).waitFor(patient)
    assert.equal(new URL(page.url()).searchParams.get('q'), 'Umineko-7')
    assert.equal(await page.locator('.line-button').count(), 1)
    await box.fill('EXERCISE-WORD')
    await page.keyboard.press('Enter')
    await page.getByText(en('inbox/none-found')).waitFor(patient)
    await box.fill('')
    await page.keyboard.press('Escape')
    await lineOf(first.given).waitFor(patient)
  })

  test('an input method composes in the search box: no key is a command, Enter decides the word and asks nothing', async () => {
    const box = page.getByRole('searchbox', { name: en('inbox/search') })
    await page.locator('h1').click()
    await page.keyboard.press('/')
    const asked = page.url()
    await compose(page, 'うみねこ')
    for (const code of ['KeyJ', 'KeyG', 'KeyI', 'KeyA', 'Slash', 'Enter', 'Escape']) await composingKey(page, code)
    assert.equal(page.url(), asked)
    assert.equal(await isFocused(box), true)
    await page.keyboard.insertText('うみねこ')
    assert.equal(await box.inputValue(), 'うみねこ')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.searchParams.get('q') === 'うみねこ')
    await lineOf(first.given).waitFor(patient)
    await box.fill('')
    await page.keyboard.press('Escape')
  })

  test('? shows the keys of this screen and of every screen; Escape gives the page back', async () => {
    await page.locator('h1').click()
    await page.keyboard.press('?')
    const help = page.getByRole('dialog')
    await help.waitFor(patient)
    for (const key of ['j', 'k', '/', 'g i', 'Ctrl K']) await help.getByText(key, { exact: true }).waitFor(patient)
    await page.keyboard.press('Escape')
    await help.waitFor({ ...patient, state: 'hidden' })
  })

  test('Ctrl K finds an act by its name and does it; while an input method composes, Enter and Escape do nothing there', async () => {
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: en('frame/palette') })
    await palette.waitFor(patient)
    await compose(page, 'けんさく')
    for (const code of ['Enter', 'Escape', 'KeyJ']) await composingKey(page, code)
    assert.equal(await palette.isVisible(), true)
    await page.keyboard.insertText('けんさく')
    await palette.getByText(en('frame/palette-empty')).waitFor(patient)
    await palette.getByRole('searchbox').fill('search titles')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await palette.waitFor({ ...patient, state: 'hidden' })
    const box = page.getByRole('searchbox', { name: en('inbox/search') })
    for (let tries = 0; tries < 20 && !(await isFocused(box)); tries++) await page.waitForTimeout(50)
    assert.equal(await isFocused(box), true)
    await page.keyboard.press('Escape')
  })

  test('the language changes on every text of the page, and stays', async () => {
    await tabTo(page, page.getByRole('button', { name: en('frame/language-name') }))
    await page.keyboard.press('Enter')
    const japanese = page.getByRole('heading', { name: say('ja', 'inbox/title'), exact: true })
    await japanese.waitFor(patient)
    assert.equal(await page.locator('html').getAttribute('lang'), 'ja')
    await page.reload()
    await japanese.waitFor(patient)
    await page.getByText(world.nameOf('sato', 'ja')).waitFor(patient)
    await tabTo(page, page.getByRole('button', { name: say('ja', 'frame/language-name') }))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: en('inbox/title'), exact: true }).waitFor(patient)
  })

  test('who may list nothing is told what will come; what does not exist and what may not be read look the same', async () => {
    const reader = await person('suzuki-r')
    await reader.getByText(en('inbox/empty')).waitFor(patient)
    const shown = async (item: string): Promise<string> => {
      await reader.goto(`${world.nodeOf('suzuki-r')}/inbox/${item}`)
      await reader.locator('.state-absent').waitFor(patient)
      const html = await reader.locator('#content').innerHTML()
      return html.replaceAll(/\d{4}-\d{2}-\d{2}.\d{2}:\d{2}Z?/gu, 'TIME').replaceAll(item, 'ITEM')
    }
    const refused = await shown(first.given)
    assert.equal(await shown(NOWHERE), refused)
    assert.match(refused, /client\/absent/u)
    await reader.close()
  })

  test('the partner goes: the page says since when and what still works, opening says why not; when it is back, it opens', async () => {
    await world.stopNation('AUS')
    const away = page.locator('.links').getByText('Australia has not answered since')
    await page.goto(`${world.nodeOf('sato')}/inbox/${first.given}`)
    await heading().waitFor(patient)
    await page.keyboard.press('Enter')
    const problem = page.locator('.state-problem')
    await problem.waitFor(patient)
    assert.match((await problem.textContent()) ?? '', /node\/partner-unreachable/u)
    await away.waitFor(patient)
    await world.startNation('AUS')
    await tabTo(page, problem.getByRole('button', { name: en('frame/again') }))
    await page.keyboard.press('Enter')
    await page.locator('[data-opened]').waitFor(patient)
    await away.waitFor({ ...patient, state: 'hidden' })
  })

  test('no page broke its content policy, called elsewhere or had a fault', () => {
    assert.deepEqual(browser.findings, { violations: [], requests: [], faults: [] })
  })
})
