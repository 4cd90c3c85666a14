import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { main } from '../src/main.ts'

const SPIF = fileURLToPath(new URL('../../../spec/vectors/label/acme-spif.xml', import.meta.url))

/** `args` as one line; the checkout may stand in a path with a space, so the policy's file is the word SPIF. */
async function convert(args: string, input: string): Promise<{ exit: number; all: Record<string, unknown>[]; err: string }> {
  let [out, err] = ['', '']
  const exit = await main(['label', 'convert', ...args.split(' ').map((arg) => (arg === 'SPIF' ? SPIF : arg))], {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: { isTTY: false, write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()) },
    stderr: { write: (text) => void (err += text) },
    env: {},
  })
  const all = out.split('\n').filter((line) => line !== '')
  return { exit, all: all.map((line) => JSON.parse(line) as Record<string, unknown>), err }
}

async function output(args: string, input: string): Promise<string> {
  const { exit, all } = await convert(args, `${input}\n`)
  assert.equal(exit, 0, JSON.stringify(all))
  assert.deepEqual(Object.keys(all[0] ?? {}).sort(), ['ok', 'output'])
  return String(all[0]?.['output'])
}

const slab = (information: string) =>
  `<slab:originatorConfidentialityLabel xmlns:slab="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0" ReviewDateTime="2031-01-01T00:00:00Z"><slab:ConfidentialityInformation>${information}</slab:ConfidentialityInformation><slab:CreationDateTime>2026-11-23T00:00:00Z</slab:CreationDateTime></slab:originatorConfidentialityLabel>`
const NATO = slab(
  '<slab:PolicyIdentifier URI="urn:oid:1.3.26.1.3.1">NATO</slab:PolicyIdentifier><slab:Classification>RESTRICTED</slab:Classification><slab:Category Type="PERMISSIVE" TagName="Context"><slab:GenericValue>NATO</slab:GenericValue><slab:GenericValue>Releasable</slab:GenericValue></slab:Category><slab:Category Type="PERMISSIVE" TagName="Releasable To"><slab:GenericValue>NATO</slab:GenericValue><slab:GenericValue>JPN</slab:GenericValue><slab:GenericValue>AUS</slab:GenericValue></slab:Category>',
)
const ACME = slab(
  '<slab:PolicyIdentifier>ACME</slab:PolicyIdentifier><slab:Classification>CONFIDENTIAL</slab:Classification><slab:Category Type="PERMISSIVE" TagName="Releasable To"><slab:GenericValue>PHONY</slab:GenericValue></slab:Category>',
)

test('a label in XML as a marking, in three languages, and back through JSON', async () => {
  assert.equal(await output('--from stanag4774 --to banner', NATO), 'NATO RESTRICTED Releasable to Australia, Japan')
  assert.equal(await output('--from stanag4774 --to portion', NATO), '(NR Releasable to AUS, JPN)')
  assert.equal(await output('--from stanag4774 --to banner --lang fr', NATO), 'NATO DIFFUSION RESTREINTE Communicable à Australie, Japon')
  assert.equal(await output('--from stanag4774 --to banner --lang ja', NATO), 'NATO 取扱制限（RESTRICTED） 提供先：豪州、日本')
  const json = await output('--from stanag4774 --to json', NATO)
  assert.equal(await output('--from json --to banner', json), 'NATO RESTRICTED Releasable to Australia, Japan')
  const xml = await output('--from json --to stanag4774', json)
  assert.equal(await output('--from stanag4774 --to json', xml), json)
})

test('a policy as a SPIF: markings, names, integers', async () => {
  assert.equal(await output('--from stanag4774 --to banner --policy SPIF', ACME), 'ACME CONFIDENTIAL REL TO PHONY')
  assert.equal(await output('--from stanag4774 --to banner --policy SPIF --lang fr', ACME), 'ACME CONFIDENTIEL DIFFUSION FAUX')
  const ess = await output('--from stanag4774 --to ess --policy SPIF', ACME)
  assert.equal(await output('--from ess --to banner --policy SPIF', ess), 'ACME CONFIDENTIAL REL TO PHONY')
  const names = await output('--from ess --to json --policy SPIF', ess)
  assert.equal(await output('--from json --to ess --policy SPIF', names), ess)
})

test('integers without a policy stay integers; their bytes come out in order', async () => {
  assert.equal(
    await output('--from ess --to json', 'MRUCAgD9DA9BcXVhIChvYnNvbGV0ZSk='),
    '{"categories":[],"classification":"253","privacyMark":"Aqua (obsolete)"}',
  )
  assert.equal(await output('--from ess --to ess', 'MQYGASkCAQM='), 'MQYCAQMGASk=')
  const { exit, all } = await convert('--from ess --to banner', 'MQYGASkCAQM=')
  assert.notEqual(exit, 0)
  assert.equal(all[0]?.['code'], 'form/policy-unknown')
})

test('a mail marking as a marking, as XML and as a subject', async () => {
  const header = 'VER=2025.1, NS=gov.au, SEC=SECRET, CAVEAT=RI:REL AUS/JPN, ORIGIN=a@b.com'
  assert.equal(await output('--from pspf-header --to banner', header), 'SECRET//REL AUS/JPN')
  assert.equal(await output('--from pspf-header --to pspf-subject', header), '[SEC=SECRET, CAVEAT=RI:REL AUS/JPN]')
  const xml = await output('--from pspf-header --to stanag4774', header)
  assert.equal(await output('--from stanag4774 --to pspf-header', xml), 'VER=2025.1, NS=gov.au, SEC=SECRET, CAVEAT=RI:REL AUS/JPN')
})

test('what is refused says why, where, and in which language; what a lenient reading let pass is said', async () => {
  const undated = NATO.replace(/<slab:CreationDateTime>.*<\/slab:CreationDateTime>/u, '')
  const strict = await convert('--from stanag4774 --to banner', `${undated}\n${NATO}\n`)
  assert.notEqual(strict.exit, 0)
  assert.deepEqual(
    strict.all.map(({ ok, code }) => [ok, code]),
    [
      [false, 'form/missing'],
      [true, undefined],
    ],
  )
  assert.equal(strict.all[0]?.['at'], 0)
  const japanese = await convert('--from stanag4774 --to banner --lang ja', undated)
  assert.match(String(japanese.all[0]?.['message']), /CreationDateTime がありません/u)
  const lenient = await convert('--from stanag4774 --to banner --lenient', undated)
  assert.equal(lenient.exit, 0)
  assert.deepEqual(
    ((lenient.all[0]?.['changes'] ?? []) as { code: string }[]).map(({ code }) => code),
    ['form/missing'],
  )
  const entity = await convert('--from stanag4774 --to json', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${NATO}`)
  assert.deepEqual([entity.all[0]?.['code'], entity.all[0]?.['at']], ['form/xml-forbidden', 0])
  assert.match((await convert('--from stanag4774 --to nothing', NATO)).err, /label convert/u)
  assert.match((await convert('--from stanag4774', NATO)).err, /label convert/u)
})
