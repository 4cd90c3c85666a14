/** Checks of the comparison itself: what it takes out, what it leaves, and that it goes by the page. */
import assert from 'node:assert/strict'
import { nodeCrypto } from '@entente/crypto-node'
import { Coupling } from '@entente/testkit'
import { leaksOfSpec, readLeaks, unaccounted } from './leaks.ts'
import { CLASSES, Normaliser, type Observation } from './normalise.ts'

const seen = (body: unknown, head = '200'): Observation => ({ name: 'GET', head, body: JSON.stringify(body) })
const left = (body: unknown, ...classes: readonly string[]): string => new Normaliser().text(seen(body), classes)
const same = (one: unknown, other: unknown, ...classes: readonly string[]): boolean => left(one, ...classes) === left(other, ...classes)

const ROW = '| name | observer | what differs | why | compared |\n| --- | --- | --- | --- | --- |\n'

/** Each throws where the comparison is not what it should be. */
export const SELF_CHECKS: Readonly<Record<string, () => void | Promise<void>>> = {
  'only the date goes where nothing else is allowed': () => {
    const text = new Normaliser().text(seen({ sealed: 'AAAA', proof: 'p', n: 1 }, '200\netag: 1\ndate: Tue'), [])
    assert.equal(text, 'GET\n200\netag: 1\ndate: <date>\n{"sealed":"AAAA","proof":"p","n":1}')
  },
  'ciphertext goes, its length and everything beside it stay': () => {
    assert.ok(same({ sealed: 'AAAA' }, { sealed: 'BBBB' }, 'ciphertext'))
    assert.ok(!same({ sealed: 'AAAA' }, { sealed: 'BBBBBBBB' }, 'ciphertext'))
    assert.ok(!same({ sealed: 'AAAA', n: 1 }, { sealed: 'AAAA', n: 2 }, 'ciphertext'))
    assert.ok(!same({ leaf: 'AAAA' }, { leaf: 'BBBB' }, 'ciphertext'))
  },
  'commitments go, their number and length stay': () => {
    assert.ok(same({ hidden: ['aa', 'bb'] }, { hidden: ['cc', 'dd'] }, 'commitment'))
    assert.ok(!same({ hidden: ['aa', 'bb'] }, { hidden: ['cc'] }, 'commitment'))
    const proof = (index: number, hash: string): object => ({ proof: `index ${index}\n${hash.repeat(44)}\n` })
    assert.ok(same(proof(1, 'a'), proof(1, 'b'), 'commitment'))
    assert.ok(!same(proof(1, 'a'), proof(2, 'a'), 'commitment'))
  },
  'a position goes with the length that it makes, and no other length': () => {
    const answer = (proof: string, more = ''): Observation => {
      const body = JSON.stringify({ proof, more })
      return { name: 'open', head: `200\ncontent-length: ${body.length}`, body }
    }
    const text = (one: Observation): string => new Normaliser().text(one, ['own-position'])
    assert.equal(text(answer('a')), text(answer('bbb')))
    assert.notEqual(text(answer('a')), text(answer('a', 'x')))
    assert.notEqual(text({ ...answer('a'), head: '200\ncontent-length: 7' }), text(answer('a')))
  },
  'what is fresh goes by its length; words stay': () => {
    const uuid = (digit: string): object => ({ item: `${digit.repeat(8)}-0000-4000-8000-000000000000`, area: 'maritime' })
    assert.ok(same(uuid('1'), uuid('2'), 'fresh'))
    const letters = (first: string): object => ({ sig: `${first}JZfyhCuuTTZTUPNnbHVXTud+Huxzmi/tG/ZZtijEMQ=` })
    assert.ok(same(letters('A'), letters('B'), 'fresh'))
    const words = (last: string): object => ({ schema: `confidentialitymetadatalabel${last}`, office: `EXERCISE-KAIYO-BUNSEKI-${last}` })
    assert.ok(!same(words('one'), words('two'), 'fresh'))
    assert.ok(!same({ area: 'maritime' }, { area: 'air' }, 'fresh'))
    assert.ok(!same({ recipients: 'AUS JPN' }, { recipients: 'AUS JPN XCC' }, 'fresh'))
    assert.ok(!same({ key: 'a1'.repeat(32) }, { key: 'a1'.repeat(33) }, 'fresh'))
  },
  'of checkpoints only the newest of each log stays, without its size': () => {
    const checkpoint = (size: string, extra: readonly string[] = []): object => ({ origin: 'o', old: '0', size, path: [], extra })
    const list = (...checkpoints: readonly object[]): object => ({ checkpoints })
    assert.ok(same(list(checkpoint('1'), checkpoint('2')), list(checkpoint('3')), 'log-growth'))
    assert.ok(!same(list(checkpoint('1')), list(checkpoint('1', ['x'])), 'log-growth'))
    assert.ok(!same(list(), list(checkpoint('1')), 'log-growth'))
  },
  'a class that nobody knows is refused': () => assert.throws(() => left({}, 'weather')),
  'spec/leaks.md masks the classes that the comparison has, and no others': async () => {
    assert.deepEqual(unaccounted(await leaksOfSpec(), new Set(CLASSES)), { notOnPage: [], unused: [] })
  },
  'a class that the page lacks is told, and a name that nothing uses': () => {
    const page = readLeaks(
      `${ROW}| \`date\` | a | b | c | masked |\n| \`mood\` | a | b | c | masked |\n| \`time\` | a | b | c | outside |\n`,
    )
    assert.deepEqual(unaccounted(page, new Set(['date', 'fresh', 'time'])), { notOnPage: ['fresh', 'time'], unused: ['mood'] })
    assert.throws(() => readLeaks(`${ROW}| date | a | b | c | masked |\n`))
    assert.throws(() => readLeaks(`${ROW}| \`date\` | a | b | c | perhaps |\n`))
  },
  'worlds with one label throw one dice, and what they throw is real': async () => {
    const coupling = new Coupling()
    const [one, other] = [coupling.port('a'), coupling.port('a')]
    const seed = new Uint8Array(32).fill(7)
    const message = new Uint8Array([1, 2, 3])
    assert.deepEqual(one.random(40), other.random(40))
    const [signer, twin] = [await one.signer('ML-DSA-65', seed), await other.signer('ML-DSA-65', seed)]
    const signature = await signer.sign(message)
    assert.deepEqual(signature, await twin.sign(message))
    assert.ok(await nodeCrypto.verify('ML-DSA-65', signer.publicKey, message, signature))
    assert.ok(!(await one.verify('ML-DSA-65', signer.publicKey, new Uint8Array([1]), signature)))
    const key = await nodeCrypto.kemKey(seed)
    const [first, second] = [await one.encapsulate(key.publicKey), await one.encapsulate(key.publicKey)]
    assert.notDeepEqual(first, second)
    assert.deepEqual(await other.encapsulate(key.publicKey), first)
    assert.deepEqual(await key.decapsulate(first.ciphertext), first.secret)
    other.throwFrom('b')
    assert.notDeepEqual(one.random(40), other.random(40))
  },
}
