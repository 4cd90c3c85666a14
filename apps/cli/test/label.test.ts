import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { main } from '../src/main.ts'

/** Runs a command; every line that it gave, as data. */
async function lines(
  args: readonly string[],
  input = '',
): Promise<{ readonly exit: number; readonly all: readonly Record<string, unknown>[]; readonly err: string }> {
  let [out, err] = ['', '']
  const exit = await main(args, {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: { isTTY: false, write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()) },
    stderr: { write: (text) => void (err += text) },
    env: {},
  })
  const all = out.split('\n').filter((line) => line !== '')
  return { exit, all: all.map((line) => JSON.parse(line) as Record<string, unknown>), err }
}

const folder = mkdtempSync(join(tmpdir(), 'entente-label-'))
function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('one marking a line, one object a line: what is refused has its code, place and the nearest', async () => {
  const { exit, all } = await lines(
    ['label', 'parse', '--scheme', 'aus', '--form', 'banner'],
    'SECRET//AUSTEO\n\nSECRET//AUSTE\nOFFICIAL//C LOBSTER\n',
  )
  assert.equal(exit, 1)
  assert.deepEqual(
    all.map(({ ok, banner, portion, code, at, nearest, rule }) => [ok, banner ?? code, portion ?? at, nearest ?? rule]),
    [
      [true, 'SECRET//AUSTEO', '(S//AUSTEO)', undefined],
      [false, 'label/unknown-caveat', 8, 'AUSTEO'],
      [false, 'label/rule', 10, 'codeword-classified'],
    ],
  )
  const japanese = await lines(['label', 'parse', '--scheme', 'aus', '--lang', 'ja', 'OFFICIAL//C LOBSTER'])
  assert.match(String(japanese.all[0]?.['message']), /^コードワードは/u)
})

test('every scheme by its name, files, and leniently what was changed', async () => {
  const written = {
    jpn: '特別防衛秘密（極秘）',
    gbr: 'SECRET - UK EYES ONLY',
    can: 'PROTECTED B',
    nzl: 'SENSITIVE//BUDGET',
    eu: 'RESTREINT UE/EU RESTRICTED',
  }
  for (const [scheme, banner] of Object.entries(written)) {
    const path = file(`${scheme}.txt`, `${banner}\n`)
    const { exit, all } = await lines(['label', 'parse', '--scheme', scheme, '--file', path])
    assert.deepEqual([exit, all[0]?.['banner']], [0, banner])
  }
  const { all } = await lines(['label', 'parse', '--scheme', 'jpn', '--lenient'], '特定秘密　日本国民限り\n')
  assert.deepEqual([all[0]?.['banner'], (all[0]?.['changes'] as unknown[] | undefined)?.length], ['特定秘密／日本国民限り', 1])
  assert.equal((await lines(['label', 'parse', '--scheme', 'atlantis'], 'x\n')).exit, 1)
  assert.notEqual((await lines(['label', 'parse', '--file', join(folder, 'none')])).exit, 0)
})

test('join, compare, access and map take what parse gave, and a person decides where no rule does', async () => {
  const parsed = async (scheme: string, ...markings: string[]) => (await lines(['label', 'parse', '--scheme', scheme, ...markings])).all
  const [rel, other] = await parsed('aus', 'SECRET//REL AUS/JPN', 'TOP SECRET//REL AUS/USA')
  const [one, two] = await parsed('jpn', '極秘', '特定秘密')
  const both = [
    [rel, other],
    [one, two],
    [rel, one],
  ]
    .map((pair) => JSON.stringify(pair))
    .join('\n')
  const joined = await lines(['label', 'join'], `${both}\n[]\nnothing\n`)
  assert.equal(joined.exit, 1)
  assert.equal(joined.all[0]?.['classification'], 'TOP-SECRET')
  assert.deepEqual(joined.all[0]?.['originators'], [{ nation: 'AUS', releasableTo: ['AUS'] }])
  assert.deepEqual(
    joined.all.slice(1).map(({ ok, code, reason }) => [ok, code, reason]),
    [
      [false, 'label/person-decides', 'levels-not-comparable'],
      [false, 'label/person-decides', 'not-in-policy'],
      [false, 'label/person-decides', 'nothing-to-join'],
      [false, 'canonical/null', undefined],
    ],
  )

  const compared = await lines(
    ['label', 'compare'],
    `${JSON.stringify([rel, rel])}\n${JSON.stringify([rel, other])}\n${JSON.stringify([one, two])}\n`,
  )
  assert.deepEqual(
    compared.all.map(({ relation }) => relation),
    ['equal', 'incomparable', 'incomparable'],
  )

  const clearance = file(
    'clearance.json',
    JSON.stringify({ policy: 'AUS', classifications: ['SECRET'], categories: [], nation: 'JPN', citizenships: ['JPN'] }),
  )
  const access = await lines(['label', 'access', '--clearance', clearance], `${JSON.stringify(rel)}\n${JSON.stringify(other)}\n`)
  assert.deepEqual(
    access.all.map(({ ok, access: may, reason }) => [ok, may ?? reason]),
    [
      [true, 'permit'],
      [false, 'classification'],
    ],
  )

  const table = {
    id: '1',
    from: 'AUS',
    to: 'JPN',
    validFrom: 0,
    classifications: [{ from: 'SECRET', to: 'TOKUTEI-HIMITSU' }, { from: 'TOP-SECRET' }],
    categories: [],
    personRules: [],
  }
  const mapped = await lines(
    ['label', 'map', '--table', file('table.json', JSON.stringify(table)), '--to', 'jpn', '--at', '2026-01-01'],
    `${JSON.stringify(rel)}\n${JSON.stringify(other)}\n`,
  )
  const alternative = mapped.all[0]?.['alternative'] as { label: { policy: string; classification: string }; table: string; at: number }
  assert.deepEqual(
    [alternative.label.policy, alternative.label.classification, alternative.table, alternative.at],
    ['JPN', 'TOKUTEI-HIMITSU', '1', 1767225600],
  )
  assert.deepEqual([mapped.all[1]?.['code'], mapped.all[1]?.['reason']], ['label/person-decides', 'no-equivalent'])
  assert.equal((await lines(['label', 'map'])).exit, 2)
  assert.equal((await lines(['label', 'access'])).exit, 2)
})
