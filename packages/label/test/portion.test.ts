import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CanonicalError, readShape } from '@entente/canonical'
import {
  LabelError,
  type Portion,
  audienceOf,
  bannerOf,
  parseMarking,
  portionShape,
  printMarking,
  releasableTo,
  tearLine,
} from '@entente/label'
import { aus } from './world.ts'

const labelled = (marking: string) => parseMarking(marking, { policy: aus, form: 'portion', created: 1 })
const text = (id: string, marking: string): Portion => ({
  id,
  label: labelled(marking),
  kind: 'text',
  texts: [{ lang: 'en', text: `EXERCISE ${id}` }],
})
const file: Portion = {
  id: 'f1',
  label: labelled('O:S'),
  kind: 'file',
  name: '演習.pdf',
  mediaType: 'application/pdf',
  size: 12,
  sha256: 'ab'.repeat(32),
}
const report = [text('p1', '(S//REL AUS, JPN)'), text('p2', '(TS//AUSTEO)'), file, text('p3', '(P)')]

function counter(): () => string {
  let count = 0
  return () => `new-${++count}`
}

test('the banner of a report is the join of its portions, of its tear line the join of those that go', () => {
  const banner = (portions: readonly Portion[]) => {
    const joined = bannerOf(portions, aus)
    assert.ok(joined.ok)
    return printMarking(joined.label, aus, { form: 'banner' })
  }
  assert.equal(banner(report), 'TOP SECRET//AUSTEO')
  assert.equal(banner(tearLine(report, ({ label }) => releasableTo(label, 'JPN'), counter())), 'SECRET//REL AUS, JPN')
})

test('a tear line has new ids in order, and nothing of what stayed or of what an editor kept', () => {
  const withHistory = report.map((portion) => Object.assign({ history: ['before'] }, portion))
  const torn = tearLine(withHistory, ({ label }) => releasableTo(label, 'JPN'), counter())
  assert.deepEqual(
    torn.map(({ id }) => id),
    ['new-1', 'new-2'],
  )
  const bytes = JSON.stringify(torn)
  for (const trace of ['p1', 'p2', 'p3', 'history', 'before', 'TOP-SECRET']) assert.ok(!bytes.includes(`"${trace}"`), trace)
  for (const portion of torn) readShape(portionShape, portion, 'portion')
  assert.deepEqual(
    tearLine(report, () => false, counter()),
    [],
  )
})

test('an id that any portion had, or that was given before, is refused', () => {
  for (const used of ['p1', 'p2', 'same']) {
    assert.throws(
      () =>
        tearLine(
          report,
          () => true,
          () => used,
        ),
      (error) => error instanceof LabelError && error.code === 'label/id-not-fresh',
    )
  }
})

test('who is left: sets and person rules together; a neutral label bars nobody', () => {
  assert.deepEqual(audienceOf(labelled('S//REL AUS, JPN')), ['AUS', 'JPN'])
  assert.deepEqual(audienceOf(labelled('S//ORIGIN AUS REL AUS, JPN//ORIGIN JPN REL AUS, JPN, USA')), ['AUS', 'JPN'])
  assert.deepEqual(audienceOf(labelled('S//AUSTEO//ORIGIN JPN REL AUS, JPN')), ['AUS'])
  assert.equal(audienceOf(labelled('O')), 'neutral')
  assert.ok(releasableTo(labelled('O'), 'JPN'))
  assert.ok(!releasableTo(labelled('S'), 'JPN'))
  assert.ok(!releasableTo(labelled('S//AUSTEO//ORIGIN JPN REL AUS, JPN'), 'JPN'))
})

test('a portion has the one shape: no path, no invisible character in a file name, each language once', () => {
  for (const portion of report) assert.deepEqual(readShape(portionShape, portion, 'portion'), portion)
  const others: unknown[] = [
    ...['', '.', '..', 'a/b', 'a\\b', 'a\0', 'a\u202egpj.exe', 'か\u3099.pdf', 'a\ud800'].map((name) => ({ ...file, name })),
    { ...file, sha256: 'AB'.repeat(32) },
    { ...file, size: -1 },
    { ...file, mediaType: 'pdf' },
    { ...file, texts: [] },
    { ...report[0], texts: [] },
    { ...report[0], texts: [1, 2].map(() => ({ lang: 'en', text: 'EXERCISE' })) },
    { ...report[0], id: 'a b' },
    { ...report[0], kind: 'table' },
    { ...report[0], history: [] },
  ]
  for (const other of others) assert.throws(() => readShape(portionShape, other, 'portion'), CanonicalError, JSON.stringify(other))
})
