/** The agreement on the command line: check, show, sign by two persons, verify. */
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  type Agreement,
  type AgreementNotice,
  type AgreementTemplate,
  agreementId,
  completeSpecimen,
  readAgreementTemplate,
  readSignedAgreement,
  signNotice,
} from '@entente/agreement'
import { type HybridSigner, type Json, type Signed, canonicalText, hybridSigner, toBase64Url, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { ROOT } from '#src/data.ts'
import { main } from '#src/main.ts'

const folder = mkdtempSync(join(tmpdir(), 'entente-agreement-'))
after(() => rm(folder, { recursive: true, force: true }))

async function entente(
  args: readonly string[],
  terminal = false,
): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', '']
  const exit = await main(args, {
    stdin: (async function* () {
      yield utf8('')
    })(),
    stdout: { isTTY: terminal, write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()) },
    stderr: { write: (text) => void (err += text) },
    env: {},
  })
  return { exit, out, err }
}

interface Line {
  readonly code?: string
  readonly severity?: string
  readonly where?: string
  readonly message?: string
  readonly ok?: boolean
  readonly proved?: number
}

async function checked(...args: readonly string[]): Promise<{ readonly exit: number; readonly lines: readonly Line[] }> {
  const { exit, out } = await entente(['agreement', 'check', ...args])
  const lines = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
  return { exit, lines }
}

async function put(name: string, value: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, canonicalText(value as Json))
  return path
}

interface Person {
  readonly signer: HybridSigner
  readonly file: string
}

async function person(seed: number): Promise<Person> {
  const bytes = new Uint8Array(32).fill(seed)
  const signer = hybridSigner(await nodeCrypto.signer('Ed25519', bytes), await nodeCrypto.signer('ML-DSA-65', bytes))
  const text = toBase64Url(bytes)
  return { signer, file: await put(`key-${seed}.json`, { ed25519: text, mldsa65: text }) }
}

const [aus, jpn, second, stranger] = await Promise.all([person(1), person(2), person(3), person(4)])
const template: AgreementTemplate = readAgreementTemplate(await readFile(join(ROOT, 'agreements/jpn-aus/agreement.json')))
const START = Math.floor(Date.now() / 1000) - 1_000
const complete = completeSpecimen(template, {
  authorityKeys: { AUS: aus.signer.publicKey, JPN: jpn.signer.publicKey },
  inForceFrom: START,
})
const body: Agreement = {
  ...complete,
  parties: complete.parties.map((party) => (party.nation === 'JPN' ? { ...party, countersigningKey: second.signer.publicKey } : party)),
}
const bodyFile = await put('body.json', body)
const anchors = await put('anchors.json', {
  realm: 'exercise',
  nation: 'JPN',
  authorities: { AUS: aus.signer.publicKey, JPN: jpn.signer.publicKey },
})

async function signed(file: string, ...people: readonly Person[]): Promise<Signed<Agreement>> {
  const { exit, out, err } = await entente(['agreement', 'sign', file, ...people.flatMap(({ file: key }) => ['--key', key])])
  assert.equal(exit, 0, err + out)
  return readSignedAgreement(utf8(out))
}

test('every specimen checks, with what must never be proved; one that rests on others does not alone', async () => {
  const all = await checked(join(ROOT, 'agreements'))
  assert.equal(all.exit, 0)
  assert.ok(all.lines.length >= 10 && all.lines.every(({ ok, proved }) => ok === true && (proved ?? 0) > 0))
  const alone = await checked(join(ROOT, 'agreements/jpn-kor-usa'))
  assert.equal(alone.exit, 3)
  assert.deepEqual(
    alone.lines.map(({ code }) => code),
    ['agreement/basis-unknown', 'agreement/basis-unknown', undefined],
  )
})

test('errors and warnings, one object a line, with code, place and words in both languages; exit 3 only for errors', async () => {
  const bad = await put('bad.json', { ...body, grants: body.grants.map((grant) => ({ ...grant, article: '99' })) })
  const english = await checked(bad)
  assert.equal(english.exit, 3)
  assert.deepEqual(english.lines[0]?.code, 'agreement/unknown-article')
  assert.equal(english.lines[0]?.where, 'grants/0/article')
  const japanese = await checked(bad, '--lang', 'ja')
  assert.match(japanese.lines[0]?.message ?? '', /条項がありません/u)
  const idle = await put('idle.json', { ...body, prohibitions: [...body.prohibitions, { id: 'all', article: '4' }] })
  const warned = await checked(idle)
  assert.equal(warned.exit, 0)
  assert.deepEqual([warned.lines[0]?.code, warned.lines[0]?.severity], ['agreement/grant-forbidden', 'warning'])
  const people = await entente(['agreement', 'check', idle], true)
  assert.match(people.out, /warning: the grant aus-jpn-classified permits nothing/u)
})

test('what must never be, and can, is refuted with an example, and is not signed', async () => {
  const open = await put('open.json', {
    ...body,
    prohibitions: body.prohibitions.filter(({ id }) => id !== 'aus-eyes-only'),
  })
  const { exit, lines } = await checked(open)
  assert.equal(exit, 3)
  assert.deepEqual([lines[0]?.code, lines[0]?.where], ['cli/invariant-refuted', 'invariants/0'])
  assert.match(lines[0]?.message ?? '', /never-austeo.*AUSTEO/u)
  const refused = await entente(['agreement', 'sign', open, '--key', aus.file])
  assert.equal(refused.exit, 3)
  assert.doesNotMatch(refused.out, /signatures/u)
})

test('what is no agreement, a file that is not there, and a command without one', async () => {
  const none = await put('none.json', { agreement: 1 })
  const { exit, lines } = await checked(none, bodyFile)
  assert.equal(exit, 3)
  assert.ok(lines.some(({ code }) => code === 'cli/not-verified') && lines.some(({ ok }) => ok === true))
  assert.match((await entente(['agreement', 'check', join(folder, 'absent.json')])).err, /code: cli\/file/u)
  for (const args of [['check'], ['sign', bodyFile], ['verify', bodyFile]]) assert.equal((await entente(['agreement', ...args])).exit, 2)
})

test('three persons sign in three places, and it verifies only with all three', async () => {
  const mine = await signed(bodyFile, aus)
  const one = await put('one.json', await signed(bodyFile, jpn))
  const another = await put('another.json', await signed(bodyFile, second))
  const ours = await put('ours.json', mine)
  const whole = await entente(['agreement', 'verify', ours, one, another, '--anchors', anchors])
  assert.equal(whole.exit, 0, whole.out)
  const report = JSON.parse(whole.out) as { readonly ok: boolean; readonly now: { readonly state: string; readonly version: number } }
  assert.deepEqual([report.ok, report.now.state, report.now.version], [true, 'in-force', 1])
  const half = await entente(['agreement', 'verify', ours, one, '--anchors', anchors], true)
  assert.equal(half.exit, 3)
  assert.match(half.out, /JPN second person {2}✗ .*canonical\/signature-missing/u)
  assert.match(half.out, /AUS authority {2}✓/u)
  // Both at once, beside a signature that is there already.
  const together = await signed(ours, jpn, second)
  assert.equal(together.signatures.length, 3)
})

test('a key of nobody, a template and a file without a key sign nothing', async () => {
  assert.match((await entente(['agreement', 'sign', bodyFile, '--key', stranger.file])).err, /code: cli\/no-party-key/u)
  assert.match((await entente(['agreement', 'sign', bodyFile, '--key', anchors])).err, /code: cli\/key-file/u)
  const specimen = await entente(['agreement', 'sign', join(ROOT, 'agreements/jpn-aus/agreement.json'), '--key', aus.file])
  assert.deepEqual([specimen.exit, specimen.out], [3, ''])
})

test('tampered, of another authority, of a broken chain, unsigned: each is named', async () => {
  const good = await signed(bodyFile, aus, jpn, second)
  const whole = await put('whole.json', good)
  const tampered = await put('tampered.json', { ...good, body: { ...body, compromiseHours: 48 } })
  const verify = async (...args: readonly string[]): Promise<string> => {
    const { exit, out, err } = await entente(['agreement', 'verify', ...args])
    assert.equal(exit, 3)
    return out + err
  }
  assert.match(await verify(tampered, '--anchors', anchors), /canonical\/signature-invalid/u)
  const others = await put('others.json', {
    realm: 'exercise',
    nation: 'JPN',
    authorities: { AUS: stranger.signer.publicKey, JPN: jpn.signer.publicKey },
  })
  assert.match(await verify(whole, '--anchors', others), /agreement\/anchor/u)
  const next: Agreement = { ...body, version: 2, previous: agreementId(nodeCrypto, body), inForceFrom: START + 100 }
  const nextFile = await put('next.json', next)
  const later = await put('later.json', await signed(nextFile, aus, jpn, second))
  assert.match(await verify(later, '--anchors', anchors), /agreement\/chain-number/u)
  assert.match(await verify(bodyFile, '--anchors', anchors), /canonical\/signature-missing/u)
  const both = await entente(['agreement', 'verify', later, whole, '--anchors', anchors])
  assert.equal(both.exit, 0)
  assert.match(both.out, /"state":"in-force","version":2/u)
})

test('a notice by one person of two does not count; by both it suspends', async () => {
  const whole = await put('whole-2.json', await signed(bodyFile, aus, jpn, second))
  const at = START + 10
  const notice: AgreementNotice = {
    agreement: 'jpn-aus',
    realm: 'exercise',
    version: agreementId(nodeCrypto, body),
    nation: 'JPN',
    notice: 'suspend',
    at,
    effectiveAt: at,
  }
  const half = await put('half.json', await signNotice(nodeCrypto, notice, jpn.signer))
  const full = await put('full.json', await signNotice(nodeCrypto, notice, jpn.signer, second.signer))
  const refused = await entente(['agreement', 'verify', whole, half, '--anchors', anchors])
  assert.equal(refused.exit, 3)
  assert.match(refused.out, /"state":"in-force"/u)
  const taken = await entente(['agreement', 'verify', whole, full, '--anchors', anchors])
  assert.equal(taken.exit, 0)
  assert.match(taken.out, /"state":"suspended"/u)
  const japanese = await entente(['agreement', 'verify', whole, full, '--anchors', anchors, '--lang', 'ja'], true)
  assert.match(japanese.out, /停止中/u)
})

test('all of an agreement is shown, in either language', async () => {
  const english = await entente(['agreement', 'show', join(ROOT, 'agreements/jpn-aus/steps/3-2022.json')], true)
  const japanese = await entente(['agreement', 'show', 'jpn-kor-usa', '--lang', 'ja'], true)
  for (const part of [
    'Who may release',
    'What must never be',
    'Terms that replace older ones',
    'after the end: list, open, show',
    'maritime-aviation → maritime',
    'notice 180 days',
  ])
    assert.ok(english.out.includes(part), part)
  assert.doesNotMatch(english.out, /[ぁ-ん]/u)
  for (const part of ['開示できる部署', '決してあってはならないこと', '根拠', '中継 USA', 'jpn-usa'])
    assert.ok(japanese.out.includes(part), part)
})
