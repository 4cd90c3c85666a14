/**
 * Another implementation's tests of labels under SPIFs, run against ours: `ENTENTE_VECTORS=DIR node --conditions=entente-source
 * interop/spiffing/run.ts`, where DIR holds `spiffing/test-data`. Validity, markings in two languages, decisions, equivalences, refusals;
 * each label also through STANAG 4774 XML, its clearance through annex A's, and both through the binary form. Where we knowingly
 * differ the case says so (spec/label.md section 11.4). Last line: `N passed, N failed`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, fromUtf8, utf8 } from '@entente/canonical'
import {
  type Spif,
  type SpifClearance,
  type SpifLabel,
  type XmlElement,
  accessByClearance,
  checkSpifLabel,
  mapSpifLabel,
  namesOfSpifClearance,
  namesOfSpifLabel,
  readClearance,
  readEss,
  readSpif,
  readStanag4774,
  readXml,
  spifClearance,
  spifClearanceMarking,
  spifLabel,
  spifLabelOfEss,
  spifMarking,
  writeClearance,
  writeEss,
  writeStanag4774,
} from '@entente/label'
import { readClearance as readSurevineClearance, readLabel as readSurevineLabel } from './surevine.ts'

const counts = { passed: 0, failed: 0 }
const folder = join(process.env['ENTENTE_VECTORS'] ?? '', 'spiffing/test-data')
if (process.env['ENTENTE_VECTORS'] === undefined || !existsSync(folder)) {
  console.log('ENTENTE_VECTORS has no spiffing/test-data: skipped')
  console.log('0 passed, 0 failed')
  process.exit(0)
}

const tests = readXml(fromUtf8(file('tests.xml')))
for (const sequence of tests.children) {
  const spifs = new Map<string, Spif>()
  for (const step of sequence.children) {
    if (step.name === 'policy') policy(step, spifs)
    else testOf(step, spifs)
  }
  if (spifs.has('1.3.26.1.3.1')) contradicted(spifs)
}
notWellFormed()
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed === 0 ? 0 : 1

function file(name: string): Uint8Array {
  return readFileSync(join(folder, name))
}

function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((one) => one.name === name)?.value
}

function check(holds: boolean, what: string): void {
  if (holds) counts.passed++
  else counts.failed++
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
}

/** The code of what is thrown; empty when nothing is. */
function refusal(run: () => unknown): string {
  try {
    run()
    return ''
  } catch (error) {
    return codeOf(error)
  }
}

function same(what: string, found: string, expected: string): void {
  check(found === expected, `${what}: \`${found}\`${found === expected ? '' : `, not \`${expected}\``}`)
}

/** Two files end a tag set with another name, which their own reader does not see. No XML reader may. */
function repaired(bytes: Uint8Array): Uint8Array {
  return utf8(fromUtf8(bytes).replace('</securityCategiryTagSet>', '</securityCategoryTagSet>'))
}

function notWellFormed(): void {
  for (const name of ['food-policy.xml', 'food-policy-missi.xml']) {
    same(
      `${name} as it stands`,
      refusal(() => readSpif(file(name), { lenient: true })),
      'form/xml',
    )
  }
  same(
    'food-policy.xml, strict',
    refusal(() => readSpif(repaired(file('food-policy.xml')))),
    'form/not-this-form',
  )
  for (const name of ['tlp.xml', 'tlp-plus.xml', 'uk-demo.xml', 'nato-4774-policy.xml'])
    same(
      `${name}, strict`,
      refusal(() => readSpif(file(name))),
      '',
    )
}

/** Table 17 row 5 of ADatP-4774, which their SPIF does not allow and cannot mark as the table does. A SPIF is followed as it is. */
function contradicted(spifs: ReadonlyMap<string, Spif>): void {
  for (const name of ['nato-4774-17-5.xml', 'nato-4774-17-5.nato']) {
    const label = labelIn(name, spifs)
    same(
      `${name}, not valid under this SPIF`,
      refusal(() => checkSpifLabel(label, { obsolete: true })),
      'form/excluded',
    )
    same(name, spifMarking(label), 'NATO/EAPC CONFIDENTIAL Releasable to EAPC, ISAF')
  }
}

function policy(step: XmlElement, spifs: Map<string, Spif>): void {
  const name = attribute(step, 'spif') ?? ''
  const exception = attribute(step, 'exception')
  if (exception !== undefined) {
    check(refusal(() => readSpif(file(name), { lenient: true })) !== '', `${name} is refused`)
    // The file also has an element that SPIF does not have; without that fault its own must still be found.
    const other = utf8(fromUtf8(file(name)).replaceAll('markingCode', 'markingData'))
    same(
      `${name}: ${exception}`,
      refusal(() => readSpif(other, { lenient: true })),
      'form/spif-duplicate',
    )
    return
  }
  const { value, changes } = readSpif(repaired(file(name)), { lenient: true })
  spifs.set(value.id, value)
  check(true, `${name} is read${changes.length === 0 ? '' : `, ${changes.length} errata let pass`}`)
}

function testOf(step: XmlElement, spifs: ReadonlyMap<string, Spif>): void {
  const name = attribute(step, 'label') ?? ''
  const lang = attribute(step, 'lang')
  const at = `${name}${lang === undefined ? '' : ` (${lang})`}`
  const exception = attribute(step, 'exception')
  if (exception !== undefined) {
    check(refusal(() => labelIn(name, spifs)) !== '', `${at} is refused: ${exception}`)
    return
  }
  const label = labelIn(name, spifs)
  const options = lang === undefined ? {} : { lang }
  const valid = attribute(step, 'valid')
  // Obsolete words are allowed in a label that is only read, as they are there.
  if (valid !== undefined) same(`${at} valid`, String(refusal(() => checkSpifLabel(label, { obsolete: true })) === ''), valid)
  const marking = attribute(step, 'label-marking')
  if (marking !== undefined) same(at, spifMarking(label, options), marking)
  again(at, label)
  const target = attribute(step, 'encrypt')
  const mapped = target === undefined ? label : mapSpifLabel(label, known(spifs)(target), 'encrypt')
  const mappedMarking = attribute(step, 'encrypt-marking')
  if (mappedMarking !== undefined) same(`${at} for ${target ?? ''}`, spifMarking(mapped, options), mappedMarking)
  const clearanceName = attribute(step, 'clearance')
  if (clearanceName === undefined) return
  const clearance = readSurevineClearance(file(clearanceName), known(spifs))
  const clearanceMarking = attribute(step, 'clearance-marking')
  if (clearanceMarking !== undefined) same(clearanceName, spifClearanceMarking(clearance, options), clearanceMarking)
  const expected = attribute(step, 'acdf-result')
  if (expected !== undefined) decide(`${at} for ${clearanceName}`, mapped, clearance, expected)
}

function known(spifs: ReadonlyMap<string, Spif>): (id: string) => Spif {
  return (id) => {
    const spif = spifs.get(id)
    if (spif === undefined) throw Object.assign(new Error(`unknown policy ${id}`), { code: 'unknown-policy' })
    return spif
  }
}

function labelIn(name: string, spifs: ReadonlyMap<string, Spif>): SpifLabel {
  const bytes = file(name)
  if (name.endsWith('.ber')) {
    const ess = readEss(bytes)
    return spifLabelOfEss(known(spifs)(ess.policyId ?? ''), ess)
  }
  if (!name.endsWith('.nato')) return readSurevineLabel(bytes, known(spifs))
  // None of them has the date that the schema requires; one also writes `URL`.
  check(['form/missing', 'form/unexpected'].includes(refusal(() => readStanag4774(bytes))), `${name} is refused when read strictly`)
  const { value } = readStanag4774(bytes, { lenient: true })
  const spif = [...spifs.values()].find((one) => one.name === value.policy)
  return spifLabel(spif ?? known(spifs)(value.policyId ?? ''), value)
}

/** The same label after it was written in the XML and in the binary form. */
function again(at: string, label: SpifLabel): void {
  const xml = writeStanag4774({ ...namesOfSpifLabel(label), as: 'originator', created: 0, review: 0 })
  const { value } = readStanag4774(xml)
  check(sameLabel(spifLabel(label.spif, value), label), `${at} through STANAG 4774`)
  const ess = writeEss(label)
  check(sameLabel(spifLabelOfEss(label.spif, readEss(ess)), label), `${at} through ESS`)
}

function sameLabel(a: SpifLabel, b: SpifLabel): boolean {
  return (
    a.classification === b.classification &&
    a.values.length === b.values.length &&
    a.values.every(({ value }, index) => value === b.values[index]?.value)
  )
}

function decide(what: string, label: SpifLabel, clearance: SpifClearance, expected: string): void {
  const held = namesOfSpifClearance(clearance)
  same(what, accessByClearance(namesOfSpifLabel(label), held).permitted ? '1' : '0', expected)
  const { value } = readClearance(writeClearance(held))
  const through = namesOfSpifClearance(spifClearance(clearance.spif, value))
  same(`${what}, clearance through XML`, accessByClearance(namesOfSpifLabel(label), through).permitted ? '1' : '0', expected)
}
