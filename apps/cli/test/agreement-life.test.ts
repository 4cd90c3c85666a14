/** What negotiators and authorities do by command, as in the room. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AgreementTemplate } from '@entente/agreement'
import type { Json } from '@entente/canonical'
import { ROOT } from '#src/data.ts'
import { main } from '#src/main.ts'
import { OperationsWorld } from './operations-world.ts'

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

test('a node in processes of its own initials what it can prove, and says by which example it cannot', async () => {
  await using world = await OperationsWorld.start()
  const { dir, data } = world
  const folder = await mkdtemp(join(tmpdir(), 'entente-life-'))
  const negotiator = data.nations[0]?.persons.find(({ roles }) => (roles as readonly string[]).includes('negotiator'))?.id ?? ''
  const template = JSON.parse(await readFile(join(ROOT, 'agreements', data.agreement, 'agreement.json'), 'utf8')) as AgreementTemplate
  const untrue = {
    id: 'never-anything',
    text: { en: 'nothing', ja: '何も' },
    never: { from: data.story.originator, to: data.story.recipient },
  }
  const told = async (...args: readonly string[]) => {
    let [out, err] = ['', '']
    const exit = await main(['agreement', ...args, '--dir', dir, '--as', negotiator], {
      stdin: nothing(),
      stdout: { isTTY: false, write: (piece) => void (out += typeof piece === 'string' ? piece : Buffer.from(piece).toString()) },
      stderr: { write: (piece) => void (err += piece) },
      env: {},
    })
    return { exit, err, value: (out === '' ? {} : JSON.parse(out)) as { readonly proposal?: string; readonly state?: string } }
  }
  const proposed = async (name: string, body: AgreementTemplate): Promise<string> => {
    const file = join(folder, name)
    await writeFile(file, JSON.stringify(body))
    const { err, value } = await told('propose', file)
    assert.ok(value.proposal !== undefined, err)
    return value.proposal
  }
  try {
    const bad = await told('initial', await proposed('bad.json', { ...template, invariants: [...(template.invariants ?? []), untrue] }))
    assert.notEqual(bad.exit, 0)
    assert.match(bad.err, /never-anything.*permits.*node\/invariant-refuted/su)
    const good = await told('initial', await proposed('good.json', { ...template, title: { ...template.title, en: 'EXERCISE' } }))
    assert.deepEqual([good.exit, good.value.state], [0, 'initialled'], good.err)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('an agreement is suspended by two persons, resumed by both nations, and ended, each by command', async () => {
  await using world = await OperationsWorld.start()
  const { dir, data } = world
  const { agreement } = data
  const signatories = data.nations.map(({ persons }) =>
    persons.filter(({ roles }) => (roles as readonly string[]).includes('signatory')).map(({ id }) => id),
  )
  const [[one = '', two = ''] = [], [three = '', four = ''] = []] = signatories
  const told = async (as: string, ...args: readonly string[]) => {
    let [out, err] = ['', '']
    const exit = await main(['agreement', ...args, '--dir', dir, '--as', as], {
      stdin: nothing(),
      stdout: { isTTY: false, write: (piece) => void (out += typeof piece === 'string' ? piece : Buffer.from(piece).toString()) },
      stderr: { write: (piece) => void (err += piece) },
      env: {},
    })
    return { exit, err, value: (out === '' ? {} : JSON.parse(out)) as { readonly state?: string; readonly missing?: readonly Json[] } }
  }
  const withdrawn = await told(one, 'withdraw', agreement)
  assert.match(withdrawn.err, /exchange\/life-notice/u, 'nobody withdraws from two')
  assert.notEqual(withdrawn.exit, 0)
  const first = await told(one, 'suspend', agreement)
  assert.deepEqual([first.exit, first.value.state, first.value.missing?.length], [0, 'waiting', 1], first.err)
  const second = await told(two, 'suspend', agreement)
  assert.deepEqual([second.exit, second.value.state, second.value.missing], [0, 'accepted', []], second.err)
  assert.equal((await told(one, 'resume', agreement)).value.state, 'waiting')
  assert.equal((await told(two, 'resume', agreement)).value.state, 'accepted')
  // The partner's authority knows of the suspension by letter.
  let partner = await told(three, 'resume', agreement)
  for (let tries = 0; partner.exit !== 0 && tries < 20; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    partner = await told(three, 'resume', agreement)
  }
  assert.equal(partner.value.state, 'waiting', partner.err)
  assert.equal((await told(four, 'resume', agreement)).value.state, 'accepted')
  assert.equal((await told(three, 'terminate', agreement, '--from', '2099-01-01')).value.state, 'waiting')
  assert.equal((await told(four, 'terminate', agreement, '--from', '2099-01-01')).value.state, 'accepted')
})
