/** Where states of screens are shown: what stands in the world, a language, and a tab for everybody. */
import { type Lang, type ScreenKey, type Values, say } from '@entente/words'
import type { BrowserContext, Page } from 'playwright-core'
import { PATIENCE_MILLISECONDS, signIn } from './browser.ts'
import { chart } from './picture.ts'
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
    ...[
      'OFFICIAL',
      'OFFICIAL: Sensitive',
      'PROTECTED//REL AUS, JPN',
      'SECRET//CABINET//DELICATE SOURCE//ORCON//REL AUS, CAN, GBR, JPN, NZL, USA',
    ].map((marking, index) => ({
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
    })),
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
