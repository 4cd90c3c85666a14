/** States of the agreement room. */
import type { Page } from 'playwright-core'
import type { Stage, State } from './stage.ts'

async function room(stage: Stage, person: string, path: string, ready: string): Promise<Page> {
  const page = await stage.at(person, `/agreement${path}`)
  await page.locator(ready).first().waitFor()
  return page
}

export const AGREEMENT: readonly State[] = [
  {
    name: 'agreement/loading',
    async show(stage) {
      const tab = await room(stage, 'mori', '', '.articles')
      await tab.route('**/api/agreements*', () => {})
      await tab.reload()
      await tab.locator('.list .skeleton').waitFor()
      return tab
    },
  },
  {
    name: 'agreement/node-away',
    async show(stage) {
      const tab = await room(stage, 'mori', '', '.articles')
      await tab.route('**/api/agreements*', (route) => route.abort())
      await tab.reload()
      await tab.locator('.pane .state-problem').waitFor()
      return tab
    },
  },
  {
    name: 'agreement/refused',
    async show(stage) {
      const tab = await room(stage, 'mori', '', '.articles')
      await tab.route('**/api/agreements*', (route) => route.fulfill({ status: 404, json: { code: 'node/absent' } }))
      await tab.reload()
      await tab.locator('.pane .state-absent').waitFor()
      return tab
    },
  },
  {
    name: 'agreement/empty',
    async show(stage) {
      const tab = await room(stage, 'mori', '', '.articles')
      await tab.route(/\/api\/agreements(?:\?.*)?$/u, (route) => route.fulfill({ json: { at: 1, agreements: [] } }))
      await tab.reload()
      await tab.getByText(stage.say('room/empty')).waitFor()
      return tab
    },
  },
  { name: 'agreement/articles', show: (stage) => room(stage, 'mori', '', '.articles') },
  {
    name: 'agreement/rules',
    async show(stage) {
      const page = await room(stage, 'mori', '/articles?article=5', '.rules')
      return page
    },
  },
  {
    name: 'agreement/examples',
    async show(stage) {
      const page = await room(stage, 'evans', '/articles?article=5', '.rules')
      await page.keyboard.press('e')
      await page.locator('.example-no').first().scrollIntoViewIfNeeded()
      return page
    },
  },
  { name: 'agreement/tables', show: (stage) => room(stage, 'mori', '/tables', '.equivalence') },
  {
    name: 'agreement/matrix',
    async show(stage) {
      const page = await room(stage, 'mori', '/matrix', '.matrix')
      await page.locator('[data-cell="maritime PROTECTED"]').first().focus()
      return page
    },
  },
  { name: 'agreement/reader', show: (stage) => room(stage, 'sato', '/matrix', '.matrix') },
  { name: 'agreement/timeline', show: (stage) => room(stage, 'mori', '/timeline', '.timeline') },
]
