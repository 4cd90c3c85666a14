/** Every state that a screen can be in, and how a person comes to it: axe looks at each, and each is photographed. */
import type { Page } from 'playwright-core'
import { AGREEMENT, AGREEMENT_AWAY } from './agreement-states.ts'
import { DESK, DESK_AWAY } from './desk-states.ts'
import { LEDGER } from './ledger-states.ts'
import { QUEUE, QUEUE_AWAY } from './queue-states.ts'
import type { Stage, State } from './stage.ts'

const NOWHERE = '00000000-0000-4000-8000-000000000000'

async function inbox(stage: Stage, person = 'sato'): Promise<Page> {
  const page = await stage.at(person, '/inbox')
  await page.getByRole('heading', { name: stage.say('inbox/title'), exact: true }).waitFor()
  await page.locator('.list-count').waitFor()
  return page
}

async function sealed(stage: Stage, person = 'sato', item = stage.stock.first.given): Promise<Page> {
  const page = await stage.at(person, `/inbox/${item}`)
  await page.locator('h2.reader-title').waitFor()
  await page.locator('.sealed .button-first').waitFor()
  return page
}

async function opened(stage: Stage): Promise<Page> {
  const page = await sealed(stage)
  await page.keyboard.press('Enter')
  await page.locator('[data-opened]').waitFor()
  return page
}

async function searched(stage: Stage, words: string): Promise<Page> {
  return stage.at('sato', `/inbox?q=${encodeURIComponent(words)}`)
}

const SIGN_IN: readonly State[] = [
  {
    name: 'sign-in/choose',
    async show(stage) {
      const page = await stage.door('/')
      await page.locator('.person').first().waitFor()
      return page
    },
  },
  {
    name: 'sign-in/ended',
    async show(stage) {
      const page = await stage.door('/?ended')
      await page.locator('.person').first().waitFor()
      return page
    },
  },
  {
    name: 'sign-in/loading',
    async show(stage) {
      const page = await stage.door('/', (tab) => tab.route('**/identity/people', () => {}))
      await page.locator('.skeleton').waitFor()
      return page
    },
  },
  {
    name: 'sign-in/node-away',
    async show(stage) {
      const page = await stage.door('/', (tab) => tab.route('**/identity/people', (route) => route.abort()))
      await page.locator('.state-problem').waitFor()
      return page
    },
  },
  {
    name: 'sign-in/failed',
    async show(stage) {
      const page = await stage.door('/signed-in')
      await page.locator('.state-problem').waitFor()
      return page
    },
  },
]

const FRAME: readonly State[] = [
  {
    name: 'frame/keys',
    async show(stage) {
      const page = await opened(stage)
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
      return page
    },
  },
  {
    name: 'frame/palette',
    async show(stage) {
      const page = await inbox(stage)
      await page.keyboard.press('Control+k')
      await page.getByRole('menuitem').first().waitFor()
      return page
    },
  },
  {
    name: 'frame/palette-empty',
    async show(stage) {
      const page = await inbox(stage)
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').getByRole('searchbox').fill('xyz')
      await page.getByText(stage.say('frame/palette-empty')).waitFor()
      return page
    },
  },
  {
    name: 'frame/no-place',
    async show(stage) {
      // Every role has a place; whoever has none has nothing.
      const page = await stage.at('yamamoto', '/agreement')
      const me = { id: 'yamamoto', names: { en: 'Yamamoto', ja: '山本' }, roles: [], nation: 'JPN', realm: 'exercise' }
      await page.route('**/api/me', (route) => route.fulfill({ json: me }))
      await page.reload()
      // What stands in backticks is code on a page.
      await page.getByText(stage.say('frame/no-place').split('`')[0] ?? '').waitFor()
      return page
    },
  },
  {
    name: 'frame/loading',
    async show(stage) {
      const tab = await inbox(stage)
      await tab.route('**/api/me', () => {})
      await tab.reload()
      await tab.locator('.skeleton').waitFor()
      return tab
    },
  },
  {
    name: 'frame/node-away',
    async show(stage) {
      const tab = await inbox(stage)
      await tab.route('**/api/me', (route) => route.abort())
      await tab.reload()
      await tab.locator('.state-problem').waitFor()
      return tab
    },
  },
  {
    name: 'frame/not-found',
    async show(stage) {
      const page = await stage.door('/inbox/a/b')
      await page.getByText(stage.say('frame/not-found')).waitFor()
      return page
    },
  },
]

const INBOX: readonly State[] = [
  {
    name: 'inbox/loading',
    async show(stage) {
      const tab = await inbox(stage)
      await tab.route('**/api/items*', () => {})
      await tab.reload()
      await tab.locator('.list .skeleton').waitFor()
      return tab
    },
  },
  { name: 'inbox/list', show: (stage) => inbox(stage) },
  { name: 'inbox/own-nation', show: (stage) => inbox(stage, 'morgan') },
  {
    name: 'inbox/empty',
    async show(stage) {
      const page = await inbox(stage, 'suzuki-r')
      await page.getByText(stage.say('inbox/empty')).waitFor()
      return page
    },
  },
  {
    name: 'inbox/found',
    async show(stage) {
      const page = await searched(stage, 'level:secret うみねこ')
      await page.locator('.line-button').first().waitFor()
      return page
    },
  },
  {
    name: 'inbox/none-found',
    async show(stage) {
      const page = await searched(stage, 'kamome')
      await page.getByText(stage.say('inbox/none-found')).waitFor()
      return page
    },
  },
  {
    name: 'inbox/search-wrong',
    async show(stage) {
      const page = await searched(stage, 'since:yesterday')
      await page.locator('.state-problem').waitFor()
      return page
    },
  },
  {
    name: 'inbox/node-away',
    async show(stage) {
      const page = await inbox(stage)
      await page.route('**/api/items*', (route) => route.abort())
      await page.keyboard.press('/')
      await page.keyboard.type('x')
      await page.keyboard.press('Enter')
      await page.locator('.state-problem').waitFor()
      return page
    },
  },
  { name: 'reader/sealed', show: (stage) => sealed(stage) },
  { name: 'reader/sealed-own', show: (stage) => sealed(stage, 'morgan', stage.stock.first.own) },
  {
    name: 'reader/opening',
    async show(stage) {
      const page = await sealed(stage)
      await page.route('**/api/items/*/container*', () => {})
      await page.keyboard.press('Enter')
      await page.locator('.steps').waitFor()
      return page
    },
  },
  { name: 'reader/opened', show: opened },
  {
    name: 'reader/opened-own',
    async show(stage) {
      const page = await sealed(stage, 'morgan', stage.stock.first.own)
      await page.keyboard.press('Enter')
      await page.locator('[data-opened]').waitFor()
      return page
    },
  },
  {
    name: 'reader/file',
    async show(stage) {
      const page = await opened(stage)
      await page.getByRole('button', { name: stage.say('reader/file-show') }).click()
      await page.locator('img.file-image').scrollIntoViewIfNeeded()
      return page
    },
  },
  {
    name: 'reader/why',
    async show(stage) {
      const page = await opened(stage)
      await page.locator('.why summary').first().click()
      await page.locator('.proofs').scrollIntoViewIfNeeded()
      return page
    },
  },
  {
    name: 'reader/acknowledged',
    async show(stage) {
      const page = await opened(stage)
      await page.keyboard.press('a')
      await page.getByText(stage.say('reader/acknowledged')).scrollIntoViewIfNeeded()
      return page
    },
  },
  {
    name: 'reader/absent',
    async show(stage) {
      const page = await stage.at('suzuki-r', `/inbox/${NOWHERE}`)
      await page.locator('.state-absent').waitFor()
      return page
    },
  },
]

/** The last one: nobody else's states stand while a nation is gone. */
const AWAY: readonly State[] = [
  {
    name: 'reader/partner-away',
    async show(stage) {
      const page = await sealed(stage)
      await page.keyboard.press('Enter')
      await page.locator('.state-problem').waitFor()
      await page.locator('.link-away').waitFor()
      return page
    },
  },
]

/** The partner's node goes before each of these and comes back after it. */
function whileAway(nation: string, states: readonly State[]): readonly State[] {
  return states.map(({ name, show }) => ({
    name,
    async show(stage) {
      await stage.world.stopNation(nation)
      return show(stage)
    },
    after: (stage) => stage.world.startNation(nation),
  }))
}

/** Every state, in the order in which they are shown. */
export const STATES: readonly State[] = [
  ...SIGN_IN,
  ...FRAME,
  ...INBOX,
  ...DESK,
  ...QUEUE,
  ...LEDGER,
  ...AGREEMENT,
  ...whileAway('AUS', AWAY),
  ...whileAway('JPN', [...DESK_AWAY, ...QUEUE_AWAY, ...AGREEMENT_AWAY]),
]
