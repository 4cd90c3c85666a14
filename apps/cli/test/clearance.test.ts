/** What a clearance officer's device signs, and what it does not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { main } from '#src/main.ts'
import { OperationsWorld } from './operations-world.ts'

const LANGS = ['en', 'ja'] as const

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

test('a level or an area that nobody knows is refused before it is signed, and says which are known; what was done is said in words', async () => {
  await using world = await OperationsWorld.start()
  const { dir, data } = world
  const { recipientClearanceOfficer: officer, thirdReader: person } = data.story.cast
  const told = async (lang: 'en' | 'ja', ...args: readonly string[]): Promise<{ readonly exit: number; readonly text: string }> => {
    let text = ''
    const write = (piece: string | Uint8Array): void => void (text += typeof piece === 'string' ? piece : Buffer.from(piece).toString())
    const exit = await main([...args, '--dir', dir, '--as', officer, '--lang', lang], {
      stdin: nothing(),
      stdout: { write, isTTY: true },
      stderr: { write },
      env: {},
    })
    return { exit, text }
  }
  const grant = (lang: 'en' | 'ja', level: string) => told(lang, 'clearance', 'grant', person, '--level', level, '--citizenship', 'jpn')

  for (const lang of LANGS) {
    const refused = await grant(lang, 'NOSUCH')
    assert.equal(refused.exit, 1)
    assert.match(refused.text, /NOSUCH.*TEKIKAKU-TOKUTEI.*clearance\/input/su)
  }
  const granted = await grant('en', 'TEKIKAKU-TOKUTEI')
  assert.equal(granted.exit, 0, 'the refused acts left nothing behind')
  assert.match(granted.text, new RegExp(`^#\\d+  ${person} is cleared: TEKIKAKU-TOKUTEI, until 20\\d\\d-`, 'u'))
  const again = await grant('ja', 'TEKIKAKU-TOKUTEI')
  assert.match(again.text, /hint: .*取り消してから.*clearance\/act-impossible/su)

  const nowhere = await told('en', 'clearance', 'assign', person, '--area', 'nosuch', '--purpose', 'assessment')
  assert.match(nowhere.text, /nosuch.*maritime.*clearance\/input/su)
  const assigned = await told('ja', 'clearance', 'assign', person, '--area', 'maritime', '--purpose', 'assessment')
  assert.match(assigned.text, /知る必要性を割り当てました（maritime、20\d\d-/u)
  // No rule of this agreement reads a post: to attest one would be of no use to anybody.
  const attested = await told('ja', 'clearance', 'attest', person, '--post', 'EXERCISE-WATCH', '--days', '30')
  assert.equal(attested.exit, 1)
  assert.match(attested.text, /EXERCISE-WATCH.*clearance\/input/su)
  assert.equal((await told('en', 'clearance', 'attest', person, '--post', 'A', '--facility', 'B')).exit, 2, 'one claim an act')
  assert.equal((await told('en', 'clearance', 'retract', person, 'rank')).exit, 2)
  assert.match((await told('en', 'clearance', 'retract', person, 'post')).text, /not-held|clearance\/act-impossible/su)
  const sent = await told('ja', 'roster', 'send', '--agreement', data.agreement, '--to', data.story.originator)
  assert.equal(sent.exit, 0, sent.text)
  assert.match(sent.text, /^閲覧者数の報告 第 \d+ 号を/u)
})
