import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { AgreementTemplate } from '@entente/agreement'
import { ROOT } from '#src/data.ts'
import { main } from '#src/main.ts'

let folder = ''
let amended = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entente-difference-'))
  amended = join(folder, 'amended.json')
  const template = JSON.parse(await readFile(join(ROOT, 'agreements/jpn-aus/agreement.json'), 'utf8')) as AgreementTemplate
  const prohibitions = template.prohibitions.filter((rule) => rule.id !== 'aus-cabinet')
  const grants = template.grants.map((grant) =>
    grant.id === 'aus-jpn-classified' ? { ...grant, ceiling: 'PROTECTED', categories: ['caveat/CABINET', 'caveat/ORCON'] } : grant,
  )
  await writeFile(amended, JSON.stringify({ ...template, version: 2, prohibitions, grants }))
})

after(() => rm(folder, { recursive: true }))

async function entente(terminal: boolean, ...args: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const exit = await main(args, {
    stdin: (async function* () {})(),
    stdout: { isTTY: terminal, write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()) },
    stderr: { write: (text) => void (err += text) },
    env: {},
  })
  return { exit, out, err }
}

interface Told {
  readonly gained: List
  readonly lost: List
}
interface List {
  readonly classes: number
  readonly shortest: boolean
  readonly regions: readonly {
    readonly classifications: readonly string[]
    readonly causes: readonly { readonly kind: string; readonly article: string }[]
  }[]
}

test('agreement difference: regions with articles and counts as data, and as a table in both languages', async () => {
  const { exit, out } = await entente(false, 'agreement', 'difference', 'jpn-aus', amended, '--at', '2026-11-01')
  assert.equal(exit, 0)
  const told = JSON.parse(out) as Told
  assert.deepEqual(
    told.lost.regions.map((region) => region.classifications),
    [['SECRET']],
  )
  assert.deepEqual(
    told.gained.regions.map((region) => region.classifications),
    [['PROTECTED']],
  )
  assert.deepEqual([told.gained.shortest, told.lost.shortest], [true, true])
  assert.ok(told.gained.classes > 0 && told.lost.classes > 0)
  assert.deepEqual(
    told.gained.regions[0]?.causes.map(({ kind, article }) => `${kind} ${article}`),
    ['granted 5', 'forbidden 3', 'narrower 5'],
  )
  const table = await entente(true, 'agreement', 'difference', 'jpn-aus', amended, '--lang', 'en')
  assert.match(
    table.out,
    /Becomes possible, for new releases: 1 region, and no shorter list says it\n {2}1 {2}from Australia to Japan {2}\| {2}PROTECTED/u,
  )
  assert.match(table.out, /before: article 3 forbids it \(aus-cabinet\)/u)
  const japanese = await entente(true, 'agreement', 'difference', 'jpn-aus', amended, '--lang', 'ja')
  assert.match(
    japanese.out,
    /できなくなるもの（直ちに）: 1件（これより短い一覧はない）\n {2}1 {2}オーストラリアから日本国へ {2}\| {2}SECRET/u,
  )
  const same = await entente(true, 'agreement', 'difference', 'jpn-aus', 'jpn-aus', '--lang', 'ja')
  assert.match(same.out, /双方の許可の範囲は完全に一致します/u)
})

test('agreement invariants: proved, or refuted with an example and exit code 1', async () => {
  const holds = await entente(false, 'agreement', 'invariants', 'jpn-aus')
  assert.equal(holds.exit, 0)
  const { exit, out } = await entente(false, 'agreement', 'invariants', amended)
  assert.equal(exit, 1)
  const { invariants } = JSON.parse(out) as {
    readonly invariants: readonly {
      readonly invariant: string
      readonly proved: boolean
      readonly example?: { readonly categories: readonly string[] }
    }[]
  }
  const refuted = invariants.filter((one) => !one.proved)
  assert.deepEqual(
    refuted.map((one) => one.example?.categories),
    [['caveat/CABINET']],
  )
  const shown = await entente(true, 'agreement', 'invariants', amended, '--lang', 'ja')
  assert.match(shown.out, /許可される例: オーストラリアから日本国へ、PROTECTED（保護）/u)
})

test('what cannot be compared is refused with a code', async () => {
  const usage = await entente(false, 'agreement', 'difference', 'jpn-aus')
  assert.equal(usage.exit, 2)
  assert.equal((await entente(false, 'agreement', 'difference', 'jpn-aus', amended, '--at', 'soon')).exit, 2)
  const twice = await entente(false, 'agreement', 'difference', 'jpn-aus', amended, '--with', 'jpn-aus')
  assert.equal(twice.exit, 1)
  assert.match(twice.err, /difference\/duplicate/u)
  const none = await entente(false, 'agreement', 'difference', 'jpn-aus', join(folder, 'absent.json'))
  assert.match(none.err, /cli\/file/u)
})

test('agreement difference: a clearance that opens more, or less, with no word of the agreement changed', async () => {
  const policies = join(folder, 'policies')
  const from = join(ROOT, 'nations/jpn/nation.json')
  const policy = JSON.parse(await readFile(from, 'utf8')) as { clearances: { code: string; classifications: string[] }[] }
  const clearances = policy.clearances.map((one) =>
    one.code === 'TEKIKAKU-TOKUTEI' ? { ...one, classifications: one.classifications.filter((code) => code !== 'TOKUTEI-HIMITSU') } : one,
  )
  await mkdir(join(policies, 'jpn'), { recursive: true })
  await writeFile(join(policies, 'jpn/nation.json'), JSON.stringify({ ...policy, clearances }))
  const told = async (...options: readonly string[]): Promise<Told> =>
    JSON.parse((await entente(false, 'agreement', 'difference', 'jpn-aus', 'jpn-aus', '--at', '2026-11-01', ...options)).out) as Told
  const [lost, gained, none] = [
    await told('--policies-after', policies),
    await told('--policies', policies, '--policies-after', join(ROOT, 'nations')),
    await told('--policies', policies),
  ]
  assert.ok(lost.lost.regions.length > 0)
  assert.deepEqual([lost.gained.regions.length, gained.lost.regions.length], [0, 0])
  assert.equal(gained.gained.classes, lost.lost.classes)
  assert.deepEqual([none.gained.regions.length, none.lost.regions.length], [0, 0])
  const nowhere = await entente(false, 'agreement', 'difference', 'jpn-aus', 'jpn-aus', '--policies-after', join(folder, 'nowhere'))
  assert.match(nowhere.err, /cli\/file/u)
})
