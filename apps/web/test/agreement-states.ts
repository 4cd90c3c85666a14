/** States of the agreement room. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agreement, AgreementTemplate } from '@entente/agreement'
import type { APIResponse, Page, Route } from 'playwright-core'
import type { BrowserWorld } from './world.ts'
import { PARTS } from '../src/screens/agreement/places.ts'
import type { Stage, State } from './stage.ts'

async function room(stage: Stage, person: string, path: string, ready: string): Promise<Page> {
  const page = await stage.at(person, `/agreement${path}`)
  await page.locator(ready).first().waitFor()
  return page
}

const TEMPLATE = new URL('../../../agreements/jpn-aus/agreement.json', import.meta.url)
const proposed = new WeakMap<BrowserWorld, Promise<{ readonly open: string; readonly settled: string }>>()

/** Two proposals, one of which both nations have initialled; the same ones for both languages. */
async function proposals({ world }: Stage): Promise<{ readonly open: string; readonly settled: string }> {
  const known = proposed.get(world) ?? propose(world)
  proposed.set(world, known)
  return known
}

async function propose(world: BrowserWorld): Promise<{ readonly open: string; readonly settled: string }> {
  const template = JSON.parse(await readFile(TEMPLATE, 'utf8')) as AgreementTemplate
  const offer = async (person: string, name: string, change: Partial<AgreementTemplate>): Promise<string> => {
    const file = join(world.dir, `${name}.json`)
    await writeFile(file, JSON.stringify({ ...template, ...change }))
    return (await world.entente<{ proposal: string }>(person, 'agreement', 'propose', file)).proposal
  }
  const first = template.grants[0]
  if (first === undefined) throw new TypeError('no grant')
  const others = template.grants.slice(1)
  const [acts, areas] = [['list', 'open', 'print', 'show'] as const, ['air', 'cyber', 'maritime']]
  const settled = await offer('mori', 'settled', { grants: [{ ...first, acts }, ...others] })
  const open = await offer('evans', 'open', {
    grants: [{ ...first, areas, acts }, ...others.map((grant) => (grant.from === 'JPN' ? { ...grant, lifeDays: 180 } : grant))],
  })
  await world.entente(
    'evans',
    'agreement',
    'comment',
    open,
    '--article',
    '5',
    '--text',
    'EXERCISE: energy and space follow in a later version.',
  )
  for (const person of ['mori', 'evans']) {
    await known(world, person, settled)
    await world.entente(person, 'agreement', 'initial', settled)
  }
  await known(world, 'mori', open)
  await until(async () => {
    const { state } = await world.entente<{ state: string }>('mori', 'agreement', 'proposals', settled)
    return state === 'settled'
  })
  return { open, settled }
}

async function known(world: BrowserWorld, person: string, id: string): Promise<void> {
  await until(async () => (await world.told(person, ['agreement', 'proposals'])).out.includes(id))
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come to that')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

type AgreementsAnswer = { agreements: { versions: { signed: { body: Agreement } }[] }[] }

/**
 * What the node answers to a request that was held up; undefined where there is none, as the page asks on while a later state stops its
 * node. Names under `localhost` are the browser's; the system may not know them.
 */
async function fetched(route: Route): Promise<APIResponse | undefined> {
  const url = new URL(route.request().url())
  const headers = { ...(await route.request().allHeaders()), host: url.host }
  url.hostname = '127.0.0.1'
  return route.fetch({ url: String(url), headers }).catch(() => undefined)
}

/** A draft of mori's, begun anew. */
async function amending(stage: Stage): Promise<Page> {
  const page = await room(stage, 'mori', '/amend', '.pane .state-empty, .amend')
  if ((await page.locator('.amend').count()) > 0) await page.getByRole('button', { name: stage.say('room/discard') }).click()
  await page.locator('.pane .state-empty').waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.amend').waitFor()
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
  {
    name: 'agreement/compared',
    async show(stage) {
      const { open } = await proposals(stage)
      const page = await room(stage, 'mori', `/matrix?with=${open}`, '[data-change]')
      return page
    },
  },
  {
    name: 'agreement/changes',
    async show(stage) {
      const { open } = await proposals(stage)
      return room(stage, 'mori', `/changes?with=${open}`, '[data-difference="exact"] .consequence')
    },
  },
  {
    name: 'agreement/changes-items',
    async show(stage) {
      const { open } = await proposals(stage)
      const page = await room(stage, 'walker', `/changes?with=${open}`, '[data-consequence][data-people]:not([data-held="0"])')
      await page.locator('[data-consequence]:not([data-held="0"]) button').first().click()
      await page.locator('.held').first().scrollIntoViewIfNeeded()
      return page
    },
  },
  { name: 'agreement/changes-none', show: (stage) => room(stage, 'mori', '/changes', '.pane .state-empty') },
  {
    name: 'agreement/article-changed',
    async show(stage) {
      const { open } = await proposals(stage)
      return room(stage, 'mori', `/articles?article=5&with=${open}`, '.rules')
    },
  },
  {
    name: 'agreement/proposal',
    async show(stage) {
      const { open } = await proposals(stage)
      return room(stage, 'mori', `/proposal?with=${open}`, '.said > li')
    },
  },
  {
    name: 'agreement/ceremony',
    async show(stage) {
      const { settled } = await proposals(stage)
      const page = await room(stage, 'kondo', `/proposal?with=${settled}`, '[data-read-back="whole"]')
      await page.locator('[data-bytes="same"]').waitFor()
      return page
    },
  },
  {
    name: 'agreement/ceremony-number',
    async show(stage) {
      const { settled } = await proposals(stage)
      const page = await room(stage, 'murray', `/proposal?with=${settled}`, '[data-read-back="whole"]')
      await page.locator('[data-bytes="same"]').waitFor()
      await page.locator('.groups').scrollIntoViewIfNeeded()
      return page
    },
  },
  {
    name: 'agreement/seal-waiting',
    async show(stage) {
      const { settled } = await proposals(stage)
      const page = await room(stage, 'kondo', `/proposal?with=${settled}`, '[data-ceremony="open"] [data-bytes="same"]')
      await page.locator('.ceremony .check input').check()
      await page.keyboard.press('Control+Enter')
      await page.locator('[data-signing="waiting"]').waitFor()
      return page
    },
    async after(stage) {
      const page = await stage.here('kondo')
      await page.keyboard.press('u')
      await page.locator('[data-signing="taken-back"]').waitFor()
    },
  },
  { name: 'agreement/amend-none', show: (stage) => room(stage, 'evans', '/amend', '.pane .state-empty') },
  {
    name: 'agreement/amend',
    async show(stage) {
      const page = await amending(stage)
      await page.locator('[data-field="ceiling"]').selectOption('PROTECTED')
      await page.locator('[data-checked="sound"]').waitFor()
      return page
    },
  },
  // Every part of the editor, with something in it.
  ...PARTS.map((part): State => ({
    name: `agreement/amend-${part}`,
    async show(stage) {
      const page = await amending(stage)
      await page.locator('[data-field="part"]').selectOption(part)
      if (['delegations', 'successions'].includes(part)) await page.locator('[data-act="add"]').click()
      if (part === 'provisions') for (const name of ['survival', 'retention']) await page.locator(`input[data-field="${name}"]`).check()
      await page.locator('[data-checked="sound"], [data-checked="wrong"]').waitFor()
      return page
    },
  })),
  {
    name: 'agreement/amend-refuted',
    async show(stage) {
      const page = await amending(stage)
      await page.locator('[data-field="part"]').selectOption('prohibitions')
      await page.locator('[data-field="which"]').selectOption({ label: 'onward' })
      await page.locator('[data-act="remove"]').click()
      await page.locator('[data-field="part"]').selectOption('grants')
      await page.locator('[data-field="acts"] [data-value="onward-release"]').check()
      await page.locator('[data-proof="refuted"]').waitFor()
      await page.locator('.proofs-list').scrollIntoViewIfNeeded()
      return page
    },
  },
  {
    name: 'agreement/amend-problem',
    async show(stage) {
      const page = await amending(stage)
      await page.locator('[data-field="ceiling"]').selectOption('OFFICIAL')
      await page.locator('[data-problem] button').first().click()
      await page.locator('[aria-invalid]').first().waitFor()
      return page
    },
  },
  {
    name: 'agreement/amend-computing',
    async show(stage) {
      const page = await amending(stage)
      await page.route('**/assets/compute-worker-*', () => {})
      await page.reload()
      await page.locator('[data-checked="pending"] .computing').waitFor()
      return page
    },
  },
  {
    name: 'agreement/amend-not-computed',
    async show(stage) {
      const page = await amending(stage)
      await page.route('**/assets/compute-worker-*', (route) => route.abort())
      await page.reload()
      await page.locator('.amend-live .state-problem').waitFor()
      return page
    },
  },
  { name: 'agreement/notices', show: (stage) => room(stage, 'hayashi', '/notices', '.pane .acts') },
  {
    name: 'agreement/notice-effect',
    async show(stage) {
      const page = await room(stage, 'doyle', '/notices', '.pane .acts')
      await page.keyboard.press('s')
      await page.locator('[data-effect="suspend"]').waitFor()
      return page
    },
  },
  {
    name: 'agreement/notice-terminate',
    async show(stage) {
      const page = await room(stage, 'hayashi', '/notices', '.pane .acts')
      await page.keyboard.press('x')
      await page.locator('[data-effect="terminate"]').waitFor()
      return page
    },
  },
  {
    // Of an agreement of three; the two nations of these tests have none, so a third one is put into every answer on its way.
    name: 'agreement/notice-withdraw',
    async show(stage) {
      const page = await room(stage, 'doyle', '/notices', '.pane .acts')
      const path = /\/api\/agreements(?:\?.*)?$/u
      await page.route(path, async (route) => {
        const response = await fetched(route)
        if (response === undefined) return route.abort()
        const json = (await response.json()) as AgreementsAnswer
        for (const { signed } of json.agreements.flatMap(({ versions }) => versions)) {
          const [party, ...others] = signed.body.parties
          if (party !== undefined) signed.body = { ...signed.body, parties: [party, ...others, { ...party, nation: 'NZL' }] }
        }
        await route.fulfill({ response, json })
      })
      await page.reload()
      await page.locator('.pane .acts kbd', { hasText: 'w' }).waitFor()
      await page.keyboard.press('w')
      await page.locator('[data-effect="withdraw"]').waitFor()
      return page
    },
  },
  {
    name: 'agreement/then',
    async show(stage) {
      return room(stage, 'mori', `/articles?at=${Math.floor(Date.now() / 1_000) - 30}`, '.room-then')
    },
  },
]

/** While the partner's node is away: everything of the own node goes on. */
export const AGREEMENT_AWAY: readonly State[] = (
  [
    ['partner-away', 'evans', '/matrix', '.matrix'],
    ['partner-away-changes', 'evans', '/changes', '[data-difference="exact"]'],
    ['partner-away-proposal', 'evans', '/proposal', '.said > li'],
    ['partner-away-ceremony', 'murray', '/proposal', '[data-read-back="whole"]'],
    ['partner-away-timeline', 'evans', '/timeline', '.timeline'],
    ['partner-away-amend', 'evans', '/amend', '.pane .state-empty'],
    ['partner-away-notices', 'doyle', '/notices', '.pane .acts'],
  ] as const
).map(([name, person, path, ready]): State => ({
  name: `agreement/${name}`,
  async show(stage) {
    const { open } = await proposals(stage)
    const compared = ['/changes', '/proposal'].includes(path)
    const page = await room(stage, person, compared ? `${path}?with=${open}` : path, ready)
    await page.locator('.link-away').waitFor()
    return page
  },
}))
