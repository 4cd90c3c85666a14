import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type MarkingPolicy, parseMarking, printMarking, reachesLevel, receivedMarking } from '@entente/label'
import { schemes } from './schemes-world.ts'
import { aus, jpn } from './world.ts'

/** Relative luminance and contrast of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

for (const policy of [aus, jpn] as readonly MarkingPolicy[]) {
  test(`${policy.id}: an exercise policy whose offices say so`, () => {
    assert.equal(policy.realm, 'exercise')
    assert.ok(policy.id.startsWith('EXERCISE-'))
    for (const { code, names } of policy.offices)
      assert.ok(code.startsWith('EXERCISE-') && names.en.includes('EXERCISE') && names.ja.includes('演習'))
  })

  test(`${policy.id}: every banner can be read on its ground (contrast of at least 4.5)`, () => {
    for (const { code, colours } of policy.classifications) assert.ok(contrast(colours.background, colours.text) >= 4.5, code)
  })

  test(`${policy.id}: each clearance opens every classification below its highest`, () => {
    for (const { code, classifications } of policy.clearances) {
      const highest = classifications.reduce((a, b) => (reachesLevel(a, b, policy) ? a : b))
      for (const level of policy.classifications) {
        if (reachesLevel(highest, level.code, policy)) assert.ok(classifications.includes(level.code), `${code} ${level.code}`)
      }
    }
  })
}

for (const [path, policy] of Object.entries(schemes)) {
  test(`${path}: every banner can be read on its ground, and what is in use has no offices`, () => {
    for (const { code, colours } of policy.classifications) assert.ok(contrast(colours.background, colours.text) >= 4.5, code)
    if (policy.realm === 'operational') assert.deepEqual(policy.offices, [])
  })
}

test('in words, in both languages', () => {
  const label = parseMarking('SECRET//ORCON//REL AUS, JPN', { policy: aus, form: 'banner', created: 1 })
  assert.equal(printMarking(label, aus, { form: 'banner', lang: 'en' }), 'SECRET; ORCON; releasable to Australia, Japan')
  assert.equal(
    printMarking(label, aus, { form: 'banner', lang: 'ja' }),
    'SECRET（秘密）／ORCON（作成者管理）／提供可：オーストラリア、日本',
  )
  const joint = parseMarking('極秘//ORIGIN JPN//ORIGIN AUS NEUTRAL', { policy: jpn, form: 'banner', created: 1 })
  assert.equal(
    printMarking(joint, jpn, { form: 'banner', lang: 'ja' }),
    '極秘／作成国：オーストラリア、固有の制限なし／作成国：日本、提供可：日本',
  )
})

test('what was received is marked with the giver and the level at which it is handled', () => {
  assert.equal(receivedMarking(jpn, aus.nationNames, 'GOKUHI').ja, 'オーストラリア提供（極秘相当）')
  assert.equal(receivedMarking(aus, jpn.nationNames, 'SECRET').en, 'Received from Japan: handle as SECRET')
  assert.equal(receivedMarking(jpn, { en: '{level}', ja: '$&{level}' }, 'HI').ja, '$&{level}提供（秘相当）')
  assert.throws(() => receivedMarking(jpn, aus.nationNames, 'SECRET'), { code: 'label/not-in-policy' })
})
