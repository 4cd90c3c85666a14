import type { Lang } from '@entente/words'
import type { BrowserContext, Page } from 'playwright-core'
import { PATIENCE_MILLISECONDS, type Watched, signIn } from './browser.ts'
import type { BrowserWorld } from './world.ts'

/** A tab for everybody, signed in once, in their language; each begins in the agreement room. */
export class RoomTabs {
  readonly #world: BrowserWorld
  readonly #contexts: Readonly<Record<Lang, BrowserContext>>
  readonly #tabs = new Map<string, Page>()

  private constructor(world: BrowserWorld, contexts: Readonly<Record<Lang, BrowserContext>>) {
    this.#world = world
    this.#contexts = contexts
  }

  static async open(world: BrowserWorld, browser: Watched): Promise<RoomTabs> {
    return new RoomTabs(world, { en: await browser.context({ lang: 'en' }), ja: await browser.context({ lang: 'ja' }) })
  }

  /** The tab of somebody who has one. */
  opened(person: string): Page {
    const tab = this.#tabs.get(person)
    if (tab === undefined) throw new TypeError(`${person} never signed in`)
    return tab
  }

  /** The tab of a person; `first` is what is done in it once the room is there. */
  async of(person: string, lang: Lang, first: (tab: Page) => Promise<void> = async () => {}): Promise<Page> {
    const known = this.#tabs.get(person)
    if (known !== undefined) return known
    const tab = await this.#contexts[lang].newPage()
    tab.setDefaultTimeout(PATIENCE_MILLISECONDS * 3)
    await signIn(tab, this.#world.nodeOf(person), this.#world.nameOf(person, lang))
    for (const key of ['g', 'a']) await tab.keyboard.press(key)
    await tab.locator('.articles').waitFor()
    await first(tab)
    this.#tabs.set(person, tab)
    return tab
  }
}
