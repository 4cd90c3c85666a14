/** Every state that a screen can be in, and how a person comes to it: axe looks at each, and each is photographed. */
import { type Lang, type ScreenKey, type Values, say } from '@entente/words'
import type { BrowserContext, Page } from 'playwright-core'
import { PATIENCE_MILLISECONDS, signIn } from './browser.ts'
import { DESK, DESK_AWAY } from './desk-states.ts'
import { LEDGER } from './ledger-states.ts'
import { chart } from './picture.ts'
import { QUEUE, QUEUE_AWAY } from './queue-states.ts'
import type { BrowserWorld, Seeded, WorldReport } from './world.ts'

/** What stands in the two nations before anybody looks. */
export interface Stock {
  readonly first: Seeded
  readonly second: Seeded
  /** Drafts of the author: one in review, one that is being written, one that came back, one of which nothing may go, one with many portions. */
  readonly inReview: string
  readonly writing: string
  readonly returned: string
  readonly held: string
  readonly long: string
  readonly longInReview: string
  /** In review, written by the officer who looks at it. */
  readonly officersOwn: string
}

/** Puts into the world what the states show. */
export async function stocked(world: BrowserWorld): Promise<Stock> {
  const first = await world.release('first')
  const second = await world.release('second')
  const returned = await world.submit('fourth')
  await world.entente(world.data.story.cast.disclosureOfficer, 'report', 'review', returned, '--return', 'needs-rewrite')
  const inReview = await world.submit('first', { 'chart.png': chart() })
  const held = await world.submit(HELD)
  const longInReview = await world.submit(LONG)
  const officersOwn = await world.submit('fourth', {}, world.data.story.cast.disclosureOfficer)
  const long = await world.draft(LONG, { 'chart.png': chart() })
  return { first, second, returned, inReview, held, longInReview, officersOwn, long, writing: await world.draft('third') }
}

/** Nothing of it may go. */
const HELD: WorldReport = {
  title: { en: 'EXERCISE: how it was observed', ja: '演習：観測の方法' },
  portions: [
    {
      marking: 'SECRET//DELICATE SOURCE//AUSTEO',
      texts: [
        { lang: 'en', text: 'EXERCISE. How this was observed stays with Australian citizens.' },
        { lang: 'ja', text: '演習。観測の方法はオーストラリア国民限りとする。' },
      ],
    },
  ],
}

/** A long title, long markings, many portions, words without a place to break: what must not break a screen. */
const LONG: WorldReport = {
  title: {
    en: 'EXERCISE: weekly summary of the invented survey vessels Umineko-7 and Kamome-2 in and around the invented waters off Sango Shoal, days 1 to 7',
    ja: '演習：架空の測量船「うみねこ7」及び「かもめ2」のサンゴ礁沖並びにその周辺の架空の水域における第1日から第7日までの週間動向取りまとめ',
  },
  portions: [
    ...['OFFICIAL', 'OFFICIAL: Sensitive', 'PROTECTED//REL AUS, JPN', 'SECRET//CABINET//DELICATE SOURCE//ORCON//REL AUS, CAN, GBR, JPN, NZL, USA'].map(
      (marking, index) => ({
        marking,
        texts: [
          {
            lang: 'en',
            text: `EXERCISE, day ${index + 1}. ${'The vessel kept its course, answered calls on channel 16, and left nothing behind that could be seen. '.repeat(3)}`.trim(),
          },
          {
            lang: 'ja',
            text: `演習、第${index + 1}日。${'同船は針路を保ち、16チャンネルの呼出しに応答し、目に見えるものは何も残さなかった。'.repeat(3)}`,
          },
        ],
      }),
    ),
    {
      marking: 'SECRET//AUSTEO',
      texts: [{ lang: 'en', text: `EXERCISE. ${'0123456789abcdef'.repeat(16)} https://exercise.example/${'a-very-long-path/'.repeat(8)}` }],
    },
  ],
}

/** Where a state is shown: a language, and a tab for everybody who has signed in. */
export class Stage {
  readonly world: BrowserWorld
  readonly stock: Stock
  readonly lang: Lang
  readonly #context: BrowserContext
  readonly #tabs = new Map<string, Page>()

  constructor(own: { readonly world: BrowserWorld; readonly stock: Stock; readonly lang: Lang; readonly context: BrowserContext }) {
    this.world = own.world
    this.stock = own.stock
    this.lang = own.lang
    this.#context = own.context
  }

  say(key: ScreenKey, values?: Values): string {
    return say(this.lang, key, values)
  }

  /** The tab of somebody, newly at this path; requests go through again. */
  async at(person: string, path: string): Promise<Page> {
    let tab = this.#tabs.get(person)
    if (tab === undefined) {
      tab = await this.#context.newPage()
      tab.setDefaultTimeout(PATIENCE_MILLISECONDS)
      await signIn(tab, this.world.nodeOf(person), this.world.nameOf(person, this.lang))
      this.#tabs.set(person, tab)
    }
    await tab.unrouteAll({ behavior: 'ignoreErrors' })
    await tab.goto(`${this.world.nodeOf(person)}${path}`)
    return tab
  }

  /** The tab of somebody, as it stands. */
  async here(person: string): Promise<Page> {
    return this.#tabs.get(person) ?? this.at(person, '/')
  }

  /** A tab of nobody, at this path of a nation's node. `before` may stop requests. */
  async door(path: string, before: (page: Page) => Promise<unknown> = () => Promise.resolve()): Promise<Page> {
    const tab = this.#tabs.get('') ?? (await this.#context.newPage())
    tab.setDefaultTimeout(PATIENCE_MILLISECONDS)
    this.#tabs.set('', tab)
    await tab.unrouteAll({ behavior: 'ignoreErrors' })
    await before(tab)
    await tab.goto(`${this.world.address('JPN')}${path}`)
    return tab
  }
}

/** A state: `screen/what`. `show` leaves the page in it. */
export interface State {
  readonly name: string
  readonly show: (stage: Stage) => Promise<Page>
  /** Puts back what the state changed for others. */
  readonly after?: (stage: Stage) => Promise<void>
}

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
      const page = await stage.at('yamamoto', '/inbox')
      await page.getByText(stage.say('frame/no-place')).waitFor()
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
      await stage.world.stopNation('AUS')
      const page = await sealed(stage)
      await page.keyboard.press('Enter')
      await page.locator('.state-problem').waitFor()
      await page.locator('.link-away').waitFor()
      return page
    },
    after: (stage) => stage.world.startNation('AUS'),
  },
]

/** The partner's node goes before the first of these and comes back after the last. */
function whileAway(nation: string, states: readonly State[]): readonly State[] {
  return states.map((state, at) => ({
    name: state.name,
    async show(stage) {
      if (at === 0) await stage.world.stopNation(nation)
      return state.show(stage)
    },
    async after(stage) {
      await state.after?.(stage)
      if (at === states.length - 1) await stage.world.startNation(nation)
    },
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
  ...AWAY,
  ...whileAway('JPN', [...DESK_AWAY, ...QUEUE_AWAY]),
]
