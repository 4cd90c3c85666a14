/**
 * Labels, a million of them: markings read and written, two labels joined, one asked whether it dominates another, and labels
 * interned (of equal ones one object is kept, found by the canonical marking). In thousands a second of processor time on one core. Beside
 * reading stands `JSON.parse` of the same label, beside every line the ratio to that: what a program pays that keeps labels as JSON.
 * The markings are the vectors of spec/vectors/label/capco.json, all that are read, in turn. `--smoke` asks for little.
 */
import { readFileSync } from 'node:fs'
import { type Label, dominates, readPolicy, rollUp, syntaxOf } from '@entente/label'
import { machineLine } from './measure/machine.ts'
import { inTurns, median } from './measure/rounds.ts'
import { digits, table } from './measure/table.ts'

/** What labels must reach (in a second, on one core). */
const WANTED = { read: 300_000, dominates: 5_000_000 } as const

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  const smoke = args.includes('--smoke')
  const count = smoke ? 20_000 : 1_000_000
  const root = new URL('../', import.meta.url)
  const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'))
  const policy = readPolicy(json('nations/usa/markings.json'))
  const vectors = json('spec/vectors/label/capco.json') as { accept: readonly { banner: string }[] }
  const syntax = syntaxOf(policy)
  const banners = vectors.accept.map(({ banner }) => banner)
  const read = (text: string): Label => syntax.parse(text, policy, { form: 'banner', lenient: false, created: 1 }).label
  const labels = banners.map(read)
  const texts = labels.map((label) => JSON.stringify(label))
  const size = labels.length
  // What is counted is printed: nothing of it can be left out as useless.
  let sum = 0
  const times = (run: (at: number) => number) => () => {
    for (let at = 0; at < count; at++) sum += run(at % size)
  }
  const contenders = {
    'JSON.parse of the label': times((at) => (JSON.parse(texts[at] ?? '') as Label).originators.length),
    'read a banner': times((at) => read(banners[at] ?? '').originators.length),
    'write a banner': times((at) => syntax.print(labels[at] as Label, policy, { form: 'banner' }).length),
    'join two': times((at) => (rollUp([labels[at] as Label, labels[(at * 7 + 3) % size] as Label], policy).ok ? 1 : 0)),
    dominates: times((at) => (dominates(labels[at] as Label, labels[(at * 7 + 3) % size] as Label, policy) ? 1 : 0)),
    intern: () => {
      const known = new Map<string, Label>()
      for (let at = 0; at < count; at++) {
        const label = labels[at % size] as Label
        const key = syntax.print(label, policy, { form: 'banner' })
        if (!known.has(key)) known.set(key, label)
      }
      sum += known.size
    },
  }
  console.log(machineLine())
  const timings = await inTurns(smoke ? 1 : 3, contenders)
  const speed = (name: keyof typeof contenders) => count / median(timings[name].cpu)
  const plain = speed('JSON.parse of the label')
  const wanted: Partial<Record<keyof typeof contenders, number>> = { 'read a banner': WANTED.read, dominates: WANTED.dominates }
  table(
    ['thousands a second', 'measured', 'wanted', 'of JSON.parse'],
    (Object.keys(contenders) as (keyof typeof contenders)[]).map((name) => {
      const least = wanted[name]
      return [name, digits(speed(name) / 1000), least === undefined ? '' : digits(least / 1000), digits(speed(name) / plain)]
    }),
  )
  console.log(`${count.toLocaleString('en-US')} labels, ${size} different, checksum ${sum}`)
  await readByScheme(root, smoke)
}

/** The other schemes, each with the banners of its vectors: one reader of layouts, and one that knows contexts. */
async function readByScheme(root: URL, smoke: boolean): Promise<void> {
  const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'))
  const { accept } = json('spec/vectors/label/schemes.json') as { accept: readonly { scheme: string; banner: string }[] }
  const nato = json('spec/vectors/label/forms-nato.json') as { accept: readonly { banner: string }[] }
  const all = [...accept, ...nato.accept.map(({ banner }) => ({ scheme: 'nato', banner }))]
  const rows: string[][] = []
  for (const scheme of [...new Set(all.map((one) => one.scheme))].sort()) {
    const policy = readPolicy(json(`nations/${scheme}/markings.json`))
    const syntax = syntaxOf(policy)
    const banners = all.filter((one) => one.scheme === scheme).map(({ banner }) => banner)
    const read = (text: string): Label => syntax.parse(text, policy, { form: 'banner', lenient: false, created: 1 }).label
    const texts = banners.map((banner) => JSON.stringify(read(banner)))
    const count = smoke ? 5_000 : 300_000
    let sum = 0
    const timings = await inTurns(smoke ? 1 : 3, {
      read() {
        for (let at = 0; at < count; at++) sum += read(banners[at % banners.length] ?? '').originators.length
      },
      plain() {
        for (let at = 0; at < count; at++) sum += (JSON.parse(texts[at % texts.length] ?? '') as Label).originators.length
      },
    })
    const [speed, plain] = [count / median(timings.read.cpu), count / median(timings.plain.cpu)]
    rows.push([`${scheme}, ${banners.length} different`, digits(speed / 1000), digits(speed / plain), String(sum)])
  }
  table(['thousands of banners a second', 'measured', 'of JSON.parse', 'checksum'], rows)
}
