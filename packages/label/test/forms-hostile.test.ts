import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  LabelError,
  type XmlElement,
  convertLabel,
  labelOf,
  namesOf,
  readClearance,
  readEss,
  readJsonLabel,
  readPolicy,
  readSpif,
  readStanag4774,
  readXep0258,
  readXml,
  syntaxOf,
  writeClearance,
  writeEssLabel,
  writeStanag4774,
  writeXep0258,
} from '@entente/label'
import { policies, readJsonFile } from './world.ts'

/** Seconds a parser: half of one; ten in CI; as many as are asked for. */
const SECONDS = Number(process.env['ENTENTE_FUZZ_SECONDS'] ?? (process.env['ENTENTE_FULL'] === '1' ? 10 : 0.5))
const LIMITS = { numRuns: 1_000_000_000, interruptAfterTimeLimit: SECONDS * 1000, markInterruptAsFailure: false } as const

const nato = readPolicy(readJsonFile('nations/nato/markings.json'))
const file = (name: string) => readFileSync(new URL(`../../../spec/vectors/label/${name}`, import.meta.url), 'utf8')
const vectors = (name: string) => readJsonFile(`spec/vectors/label/${name}.json`) as Record<string, Record<string, unknown>[]>

const PIECES = [
  '<',
  '>',
  '/',
  '&',
  '"',
  "'",
  '=',
  ' ',
  '\n',
  '&#0;',
  '&lt;',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '<!DOCTYPE a>',
  'xmlns:s=',
  'xmlns=""',
  ':',
  'é',
  '\u0000',
  '\ud800',
  '{',
  '}',
  '[',
  ']',
  ',',
  '\\',
  '0',
  '-1',
  'null',
  '〇',
  '－',
  'Only',
  'NATO',
  'Releasable to',
  'JPN',
]

/** Any unit of UTF-16, halves of pairs too. */
const unit = fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff })).map((code) => String.fromCharCode(code))

/** A text with some of its runs taken out, doubled, moved or replaced. */
function bent(originals: readonly string[]): fc.Arbitrary<string> {
  const place = fc.double({ min: 0, max: 1, noNaN: true })
  const edit = fc.record({
    from: place,
    length: fc.integer({ min: 0, max: 24 }),
    put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit, maxLength: 4 })),
    to: place,
  })
  return fc.tuple(fc.constantFrom(...originals), fc.array(edit, { maxLength: 5 })).map(([text, edits]) =>
    edits.reduce((current, { from, length, put, to }) => {
      const at = Math.floor(from * current.length)
      const run = current.slice(at, at + length)
      const without = current.slice(0, at) + put + current.slice(at + length)
      const into = Math.floor(to * without.length)
      return to < 0.5 ? without : without.slice(0, into) + run + without.slice(into)
    }, text),
  )
}

/** Runs a parser over bent texts for its time: it throws nothing but errors of ours, with a place, and some texts are read. */
function fuzz(name: string, originals: readonly string[], run: (text: string) => void): void {
  test(`${name}: whatever the text, it is read or refused with an error of ours`, (context) => {
    let [read, refused] = [0, 0]
    fc.assert(
      fc.property(bent(originals), (text) => {
        try {
          run(text)
          read++
        } catch (error) {
          assert.ok(error instanceof LabelError, String(error))
          const { at } = error.values
          assert.ok(at === undefined || (Number(at) >= 0 && Number(at) <= Math.max(text.length, 65_536)), String(at))
          for (const value of Object.values(error.values)) assert.ok(String(value).isWellFormed() && String(value).length < 600)
          refused++
        }
      }),
      LIMITS,
    )
    context.diagnostic(`${read} read, ${refused} refused`)
    assert.ok(read > 0 && refused > 0, `${read} read, ${refused} refused`)
  })
}

const texts = (all: readonly Record<string, unknown>[], member: string) => all.map((one) => String(one[member]))
const xmls = texts(vectors('forms-xml')['accept'] ?? [], 'xml')
const labels = texts(vectors('forms-stanag-4774')['accept'] ?? [], 'xml')
const clearances = ((vectors('forms-stanag-4774') as unknown as { clearances: { accept: { xml: string }[] } }).clearances.accept ?? []).map(
  ({ xml }) => xml,
)
const messages = texts(vectors('forms-message')['accept'] ?? [], 'xml')
const jsons = [
  ...(vectors('forms-message') as unknown as { json: { accept: { json: unknown }[] } }).json.accept.map(({ json }) => JSON.stringify(json)),
  JSON.stringify(syntaxOf(nato).parse('NATO SECRET', nato, { form: 'any', lenient: false, created: 1 }).label),
]
const markings = texts(vectors('forms-nato')['accept'] ?? [], 'text')

fuzz('XML', [...xmls, ...labels], (text) => void readXml(text))

fuzz('a label of STANAG 4774', labels, (text) => {
  for (const lenient of [false, true]) {
    const { value } = readStanag4774(text, { lenient })
    if (!lenient) assert.deepEqual(readStanag4774(writeStanag4774(value)).value, value)
  }
})

fuzz('a clearance', clearances, (text) => {
  const { value } = readClearance(text)
  assert.deepEqual(readClearance(writeClearance(value)).value, value)
})

fuzz('a SPIF', [file('acme-spif.xml'), file('mock-spif.xml')], (text) => void readSpif(text, { lenient: true }))

fuzz('a message', messages, (text) => {
  const { value } = readXep0258(text)
  if ([value.label, ...value.equivalents].every((one) => one?.form !== 'unknown'))
    assert.deepEqual(readXep0258(writeXep0258(value)).value, value)
})

fuzz('JSON', jsons, (text) => void readJsonLabel(text))

fuzz('a NATO marking', markings, (text) => {
  const syntax = syntaxOf(nato)
  const { label } = syntax.parse(text, nato, { form: 'any', lenient: text.length % 2 === 0, created: 1 })
  for (const form of ['banner', 'portion'] as const) {
    assert.deepEqual(syntax.parse(syntax.print(label, nato, { form }), nato, { form, lenient: false, created: 1 }).label, label)
  }
  assert.deepEqual(
    syntax.parse(syntax.print(label, nato, { form: 'banner', lang: 'fr' }), nato, { form: 'banner', lenient: false, created: 1 }).label,
    label,
  )
  const { review: _, ...same } = labelOf(namesOf(label, nato), nato)
  assert.deepEqual(same, label)
})

fuzz('form to form', [...labels, ...messages, ...jsons, 'MQYCAQQGASk='], (text) => {
  const context = { policies: [...policies, nato], created: 1, lenient: true }
  const from = text.startsWith('<s:') ? 'stanag4774' : text.startsWith('<') ? 'xep0258' : text.startsWith('{') ? 'json' : 'ess'
  for (const to of ['json', 'stanag4774', 'banner'] as const) {
    try {
      convertLabel(text, from, to, context)
    } catch (error) {
      // Some forms cannot say all of it; one that says all must be possible.
      if (!(error instanceof LabelError) || to === 'json') throw error
    }
  }
})

test('binary labels: whatever the bytes, they are read and written again, or refused with an error of ours', () => {
  const originals = (vectors('forms-ess')['accept'] ?? []).map(({ base64 }) => Uint8Array.fromBase64(String(base64)))
  const value = fc.record({ tagSetId: fc.constantFrom('1.2.3', '2.25.71120011101'), lacv: fc.bigInt({ min: 0n, max: 5_000n }).map(String) })
  const made = fc
    .record({
      classification: fc.bigInt({ min: 0n, max: 2n ** 80n }).map(String),
      values: fc.uniqueArray(value, { maxLength: 6, selector: ({ tagSetId, lacv }) => `${tagSetId} ${lacv}` }),
      kind: fc.constantFrom('restrictive', 'permissive', 'informative'),
      encoding: fc.constantFrom('bits', 'integers'),
    } as const)
    .map(({ classification, values, kind, encoding }) =>
      writeEssLabel({ classification, categories: values.map((one) => ({ ...one, kind, encoding })) }),
    )
  const edits = fc.array(fc.tuple(fc.nat(64), fc.nat(255)), { maxLength: 3 })
  let read = 0
  fc.assert(
    fc.property(fc.oneof(made, fc.constantFrom(...originals), fc.uint8Array({ maxLength: 24 })), edits, (bytes, changes) => {
      const copy = Uint8Array.from(bytes)
      for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte
      try {
        const label = readEss(copy)
        const der = writeEssLabel(label)
        assert.deepEqual(writeEssLabel(readEss(der)), der)
        read++
      } catch (error) {
        assert.ok(error instanceof LabelError, String(error))
      }
    }),
    LIMITS,
  )
  assert.ok(read > 10)
})

test('nothing takes more than linear time: long runs of what could be tried again and again', () => {
  const many = 60_000
  for (const text of ['<a ', ' b="c"', '&lt;', '<!--', ']]', '<a>', '\r\n', 'a:', '<a xmlns:b="c">', '&#', '<a b="\t']) {
    const whole = text.repeat(many / text.length)
    for (const xml of [whole, `<a>${whole}`, `<a b='${whole}`]) {
      try {
        readXml(xml)
      } catch (error) {
        assert.ok(error instanceof LabelError)
      }
    }
  }
  const syntax = syntaxOf(nato)
  for (const text of ['NATO ', 'NATO SECRET ', 'Japan, ', ' - ', 'NATO/', '(', '、']) {
    assert.throws(
      () => syntax.parse(`NATO SECRET${text.repeat(500 / text.length)}`, nato, { form: 'any', lenient: true, created: 1 }),
      LabelError,
    )
  }
})

const expat = `
import json, sys
from xml.parsers import expat
def tree(text):
    stack, top = [], []
    def start(name, attributes):
        node = [name, dict(zip(attributes[::2], attributes[1::2])), "", []]
        (stack[-1][3] if stack else top).append(node); stack.append(node)
    def end(name): stack.pop()
    def data(text):
        stack[-1][2] += text
    parser = expat.ParserCreate(None, "}")
    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    parser.Parse(text.encode("utf-8"), True)
    return top[0]
for line in sys.stdin:
    try: print(json.dumps(tree(json.loads(line))))
    except Exception as error: print(json.dumps(str(error)))
`
const python = spawnSync('python3', ['-c', 'import xml.parsers.expat']).status === 0
test('what is read, another reader (expat) reads as the same', { skip: python ? false : 'python3 is not installed' }, () => {
  const read: { text: string; tree: unknown }[] = []
  const name = (one: { namespace: string; name: string }) => (one.namespace === '' ? one.name : `${one.namespace}}${one.name}`)
  const tree = (element: XmlElement): unknown => [
    name(element),
    Object.fromEntries(element.attributes.map((one) => [name(one), one.value])),
    element.text,
    element.children.map(tree),
  ]
  const originals = [...xmls.filter((xml) => !xml.includes('1.1')), ...labels, ...messages]
  for (const text of [...originals, ...fc.sample(bent(originals), 5_000)]) {
    try {
      const found = tree(readXml(text))
      read.push({ text, tree: found })
    } catch (error) {
      assert.ok(error instanceof LabelError)
    }
  }
  const { stdout } = spawnSync('python3', ['-c', expat], {
    input: read.map(({ text }) => JSON.stringify(text)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  assert.ok(read.length > 500 && answers.length === read.length, `${read.length} were read`)
  for (const [at, { text, tree: found }] of read.entries()) assert.deepEqual(answers[at], found, JSON.stringify(text))
})
