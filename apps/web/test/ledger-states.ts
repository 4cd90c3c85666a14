/** States of the screen for evidence. */
import type { Page } from 'playwright-core'
import { bendEvidence } from './ledger-answers.ts'
import type { Stage, State } from './stage.ts'

/** Numbers of no item: one for which nobody asked, and one for which readers do. */
const NOWHERE = '00000000-0000-4000-8000-000000000001'
const ASKED_FOR = '00000000-0000-4000-8000-000000000002'

async function evidence(stage: Stage, person = 'singh', item = stage.stock.first.given): Promise<Page> {
  const page = await stage.at(person, `/ledger/${item}`)
  await page.locator(`[data-item="${item}"] #entries-title`).waitFor()
  if (person !== 'walker') await page.locator('.entries[data-verified="done"]').waitFor()
  return page
}

async function choosing(stage: Stage): Promise<Page> {
  const page = await evidence(stage)
  await page.keyboard.press('r')
  await page.locator('.stop-choose').waitFor()
  return page
}

export const LEDGER: readonly State[] = [
  {
    name: 'ledger/loading',
    async show(stage) {
      const tab = await stage.at('singh', '/ledger')
      await tab.locator('.lines').waitFor()
      await tab.route('**/api/register', () => {})
      await tab.reload()
      await tab.locator('.list .skeleton').waitFor()
      return tab
    },
  },
  {
    name: 'ledger/node-away',
    async show(stage) {
      const tab = await stage.at('singh', '/ledger')
      await tab.route('**/api/register', (route) => route.abort())
      await tab.reload()
      await tab.locator('.list .state-problem').waitFor()
      return tab
    },
  },
  {
    name: 'ledger/list',
    async show(stage) {
      const page = await stage.at('singh', '/ledger')
      await page.locator('.line-button').first().waitFor()
      return page
    },
  },
  { name: 'ledger/proven', show: (stage) => evidence(stage) },
  { name: 'ledger/own', show: (stage) => evidence(stage, 'singh', stage.stock.first.own) },
  {
    name: 'ledger/fields',
    async show(stage) {
      const page = await evidence(stage)
      await page.locator('.entries summary').first().click()
      return page
    },
  },
  {
    name: 'ledger/everything',
    async show(stage) {
      const page = await evidence(stage)
      await page.keyboard.press('Shift+V')
      await page.locator('[data-sweep="good"]').waitFor()
      return page
    },
  },
  {
    name: 'ledger/wrong',
    async show(stage) {
      const page = await stage.at('singh', '/ledger')
      await bendEvidence(page, stage.world.nodeOf('singh'), stage.stock.first.given, ({ entries: [entry] }) => {
        if (entry !== undefined) entry.act = 'stop'
      })
      await page.keyboard.press('Shift+V')
      await page.locator('[data-sweep="wrong"]').waitFor()
      return page
    },
  },
  {
    name: 'ledger/unread',
    async show(stage) {
      const page = await stage.at('singh', `/ledger/${stage.stock.first.given}`)
      await page.route('**/api/items/*/evidence', (route) => route.abort())
      await page.reload()
      await page.locator('.evidence .state-problem').waitFor()
      return page
    },
  },
  {
    name: 'ledger/damage',
    async show(stage) {
      const page = await evidence(stage)
      await page.keyboard.press('Shift+D')
      await page.locator('[data-damage="assessed"] .damage').first().waitFor()
      return page
    },
  },
  { name: 'ledger/stop-choose', show: choosing },
  {
    name: 'ledger/stop-waiting',
    async show(stage) {
      const page = await choosing(stage)
      await page.keyboard.press('1')
      await page.locator('[data-stop="waiting"]').waitFor()
      return page
    },
  },
  {
    name: 'ledger/stop-taken-back',
    async show(stage) {
      const page = await choosing(stage)
      await page.keyboard.press('1')
      await page.keyboard.press('u')
      await page.locator('[data-stop="taken-back"]').waitFor()
      return page
    },
  },
  { name: 'ledger/disclosure-officer', show: (stage) => evidence(stage, 'walker') },
  {
    name: 'ledger/empty',
    async show(stage) {
      const page = await stage.at('ito', '/ledger')
      await page.getByText(stage.say('ledger/empty')).waitFor()
      return page
    },
  },
  { name: 'ledger/received', show: (stage) => evidence(stage, 'ito') },
  {
    name: 'ledger/find-wrong',
    async show(stage) {
      const page = await stage.at('ito', '/ledger')
      await page.getByText(stage.say('ledger/empty')).waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('x')
      await page.keyboard.press('Enter')
      await page.getByText(stage.say('ledger/find-wrong')).waitFor()
      return page
    },
  },
  {
    name: 'ledger/absent',
    async show(stage) {
      const page = await stage.at('ito', `/ledger/${NOWHERE}`)
      await page.locator('.pane .state-absent').waitFor()
      return page
    },
  },
  {
    name: 'ledger/unknown',
    async show(stage) {
      const reader = await stage.at('sato', `/inbox/${ASKED_FOR}`)
      await reader.locator('.state-absent').waitFor()
      const page = await evidence(stage, 'ito', ASKED_FOR)
      await page.getByText(stage.say('ledger/unknown')).waitFor()
      return page
    },
  },
  {
    name: 'ledger/refused',
    async show(stage) {
      const page = await stage.at('sato', '/ledger')
      await page.locator('.state-absent').waitFor()
      return page
    },
  },
  {
    name: 'ledger/stopped',
    async show(stage) {
      const page = await evidence(stage, 'singh', stage.stock.second.own)
      // It stays stopped: whoever comes later sees how it stands.
      if ((await page.locator('.standing-stopped').count()) === 0) {
        await page.keyboard.press('r')
        await page.keyboard.press('2')
        await page.getByRole('button', { name: stage.say('ledger/revoke-now') }).press('Enter')
        await page.locator('[data-stop="done"]').waitFor()
      }
      await page.locator('.entry[data-act="stop"][data-proof="proven"]').waitFor()
      return page
    },
  },
]
