/**
 * Photographs every state in both languages and at several widths: `npm run photograph [-- PART [LANG]]`, with PART as a part of the
 * states' names and LANG as `en` or `ja`, for that one only. The pictures and a page to leaf through them stand in `apps/web/photographs`, which is not kept.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Lang } from '@entente/words'
import { watchedBrowser } from './browser.ts'
import { Stage, stocked } from './stage.ts'
import { STATES } from './states.ts'
import { BrowserWorld } from './world.ts'

const OUT = fileURLToPath(new URL('../photographs/', import.meta.url))
const LANGS: readonly Lang[] = ['en', 'ja']
const SIZES: readonly (readonly [width: number, height: number])[] = [
  [1_280, 800],
  [1_920, 1_080],
  [640, 900],
]

const [part = '', only] = process.argv.slice(2)
const states = STATES.filter(({ name }) => name.includes(part))
const missed: string[] = []

await rm(OUT, { recursive: true, force: true })
await mkdir(OUT, { recursive: true })
{
  await using world = await BrowserWorld.start()
  const stock = await stocked(world)
  await using browser = await watchedBrowser()
  for (const lang of LANGS.filter((one) => only === undefined || one === only)) {
    const stage = new Stage({ world, stock, lang, context: await browser.context({ lang }) })
    for (const { name, show, after } of states) {
      try {
        const page = await show(stage)
        for (const [width, height] of SIZES) {
          await page.setViewportSize({ width, height })
          await page.screenshot({ path: join(OUT, pictureOf(name, lang, width)) })
        }
        const [[width, height] = [1_280, 800]] = SIZES
        await page.setViewportSize({ width, height })
      } catch (error) {
        missed.push(`${name} ${lang}: ${error instanceof Error ? error.message : String(error)}`)
      }
      await after?.(stage)
    }
  }
}
await writeFile(join(OUT, 'index.html'), leaves())
console.log(`${states.length} states: ${join(OUT, 'index.html')}`)
for (const one of missed) console.error(`not photographed: ${one}`)
process.exitCode = missed.length === 0 ? 0 : 1

function pictureOf(name: string, lang: Lang, width: number): string {
  return `${name.replace('/', '--')}.${lang}.${width}.png`
}

/** A page with every picture below its name. */
function leaves(): string {
  const pictures = states.flatMap(({ name }) => [
    `<h2 id="${name}">${name}</h2>`,
    ...SIZES.map(([width]) => {
      const both = LANGS.map((lang) => `<img src="${pictureOf(name, lang, width)}" alt="${name}, ${lang}, ${width}" loading="lazy">`)
      return `<p>${both.join('')}</p>`
    }),
  ])
  const list = states.map(({ name }) => `<a href="#${name}">${name}</a>`).join(' · ')
  const style =
    'body{font:16px sans-serif;margin:1rem}p{display:flex;gap:1rem}img{min-width:0;max-width:50%;border:1px solid #888;align-self:start}'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>EXERCISE: every state</title><style>${style}</style><p>${list}</p>${pictures.join('\n')}</html>\n`
}
