import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Agreement,
  type AgreementNotice,
  agreementId,
  completeSpecimen,
  readAgreementTemplate,
  signAgreement,
  signNotice,
} from '@entente/agreement'
import { type HybridSigner, type Json, canonicalText, utf8 } from '@entente/canonical'
import { authority } from '../../../packages/agreement/test/specimen.ts'
import { SCHEMA } from '@entente/cedar'
import { nodeCrypto } from '@entente/crypto-node'
import type { Question } from '@entente/decision'
import { ROOT } from '#src/data.ts'
import { main } from '#src/main.ts'

const START = 1_775_001_600
const signers: Record<string, HybridSigner> = {}
let folder = ''
let body: Agreement
let version = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entente-decide-'))
  const template = readAgreementTemplate(await readFile(join(ROOT, 'agreements/jpn-aus/agreement.json')))
  for (const [index, nation] of ['AUS', 'JPN'].entries()) signers[nation] = await authority(index + 1)
  const authorityKeys = Object.fromEntries(Object.entries(signers).map(([nation, { publicKey }]) => [nation, publicKey]))
  body = completeSpecimen(template, { authorityKeys, inForceFrom: START })
  version = agreementId(nodeCrypto, body)
  const signed = await signAgreement(nodeCrypto, body, ...Object.values(signers))
  await writeFile(join(folder, 'signed.json'), canonicalText(signed as unknown as Json))
  await writeFile(join(folder, 'body.json'), canonicalText(body as unknown as Json))
})

after(() => rm(folder, { recursive: true }))

async function entente(
  args: readonly string[],
  lines: readonly string[] = [],
): Promise<{ exit: number; out: readonly string[]; err: string }> {
  let [out, err] = ['', '']
  const exit = await main(args, {
    stdin: (async function* () {
      yield utf8(lines.join('\n'))
    })(),
    stdout: { isTTY: false, write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()) },
    stderr: { write: (text) => void (err += text) },
    env: {},
  })
  return { exit, out: out.split('\n').filter((line) => line !== ''), err }
}

function question(more: Partial<Question> = {}): string {
  const asked: Question = {
    act: 'open',
    person: {
      nation: 'JPN',
      pseudonym: 'p',
      clearance: 'TEKIKAKU-TOKUTEI',
      citizenships: ['JPN'],
      areas: ['maritime'],
      purpose: 'assessment',
      suspended: false,
      briefings: [],
    },
    item: {
      originator: 'AUS',
      basis: { agreement: 'jpn-aus', version, article: '5', grant: 'aus-jpn-classified' },
      label: {
        policy: 'EXERCISE-AUS',
        classification: 'SECRET',
        categories: [],
        personRules: [],
        originators: [{ nation: 'AUS', releasableTo: ['AUS', 'JPN'] }],
        created: START,
      },
      area: 'maritime-shipping',
      releasedAt: START + 10,
      stopped: false,
    },
    purpose: 'assessment',
    at: START + 1_000,
    ...more,
  }
  return canonicalText(asked as unknown as Json)
}

interface Told {
  readonly ok: boolean
  readonly permit?: boolean
  readonly code?: string
  readonly articles?: readonly { readonly article: string }[]
  readonly keyControl?: string
  readonly reasons?: readonly {
    readonly code: string
    readonly article?: string
    readonly sentence: string
    readonly nearestSentence?: string
  }[]
}

test('questions in, answers out: a permit with what goes with it, every reason in both languages, and a bad line goes by', async () => {
  const lines = [question(), '{"act":"burn"}', '', question({ act: 'print' })]
  const [english, japanese] = await Promise.all(
    ['en', 'ja'].map((lang) =>
      entente(['agreement', 'decide', '--agreement', join(folder, 'signed.json'), '--nation', 'aus', '--lang', lang], lines),
    ),
  )
  const told = (english?.out ?? []).map((line) => JSON.parse(line) as Told)
  assert.equal(english?.exit, 1)
  assert.equal(told.length, 3)
  assert.deepEqual([told[0]?.ok, told[0]?.permit, told[0]?.articles?.[0]?.article, told[0]?.keyControl], [true, true, '5', 'both'])
  assert.deepEqual([told[1]?.ok, told[1]?.code], [false, 'canonical/shape'])
  assert.deepEqual([told[2]?.permit, told[2]?.reasons?.map(({ code }) => code)], [false, ['decision/act-not-granted']])
  assert.match(told[2]?.reasons?.[0]?.nearestSentence ?? '', /./u)
  assert.match(japanese?.out[2] ?? '', /第 5 条/u)
})

test('what is permitted ends with 0; a notice acts, and one on another version is refused', async () => {
  const args = ['agreement', 'decide', '--agreement', join(folder, 'body.json'), '--nation', 'AUS']
  assert.equal((await entente(args, [question()])).exit, 0)
  const suspend = async (of: string): Promise<string> => {
    const notice: AgreementNotice = {
      agreement: 'jpn-aus',
      realm: 'exercise',
      version: of,
      nation: 'JPN',
      notice: 'suspend',
      at: START,
      effectiveAt: START,
    }
    const path = join(folder, `notices-${of.slice(0, 4)}`)
    await writeFile(path, `${canonicalText((await signNotice(nodeCrypto, notice, signers['JPN'] as HybridSigner)) as unknown as Json)}\n`)
    return path
  }
  const suspended = await entente([...args, '--notices', await suspend(version)], [question()])
  assert.deepEqual(
    (JSON.parse(suspended.out[0] ?? '') as Told).reasons?.map(({ code }) => code),
    ['decision/agreement-suspended'],
  )
  const other = await entente([...args, '--notices', await suspend('0'.repeat(64))], [question()])
  assert.equal(other.exit, 3)
})

test('a signature that does not hold, and a command line that is not whole', async () => {
  const forged = {
    body: { ...body, compromiseHours: 48 },
    signatures: (JSON.parse(await readFile(join(folder, 'signed.json'), 'utf8')) as { signatures: Json }).signatures,
  }
  await writeFile(join(folder, 'forged.json'), canonicalText(forged as unknown as Json))
  assert.equal(
    (await entente(['agreement', 'decide', '--agreement', join(folder, 'forged.json'), '--nation', 'AUS'], [question()])).exit,
    3,
  )
  assert.equal((await entente(['agreement', 'decide', '--agreement', join(folder, 'body.json')], [question()])).exit, 2)
})

test('an agreement as Cedar: on standard output, and into new files, never over others', async () => {
  const told = JSON.parse((await entente(['agreement', 'export', 'jpn-aus', '--to', 'cedar'])).out[0] ?? '') as Record<string, string>
  assert.match(told['policies'] ?? '', /@id\("grant\/aus-jpn-classified"\)\n@article\("5"\)/u)
  assert.equal(told['schema'], SCHEMA)
  const out = join(folder, 'cedar')
  const args = ['agreement', 'export', join(folder, 'signed.json'), '--to', 'cedar', '--out', out]
  assert.equal((await entente(args)).exit, 0)
  assert.match(await readFile(join(out, 'policies.cedar'), 'utf8'), /forbid \(/u)
  assert.equal((await entente(args)).exit, 1)
  assert.equal((await entente(['agreement', 'export', 'jpn-aus', '--to', 'rego'])).exit, 2)
})
