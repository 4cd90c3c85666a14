/** Authorities' notices by command, as the room gives them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '@entente/canonical'
import { main } from '#src/main.ts'
import { OperationsWorld } from './operations-world.ts'

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

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
