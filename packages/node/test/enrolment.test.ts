import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HybridSigner } from '@entente/canonical'
import { enrolmentCodeDigest, signAsDevice, signEnrolmentCode } from '@entente/exchange'
import { freshHybrid, twoNations } from '@entente/testkit'
import { enterEnrolmentCode } from '#src/use-cases/clearance-acts.ts'
import { enrolDevice } from '#src/use-cases/get-credential.ts'
import { endOf } from './codes.ts'

test('an enrolment code is for one person and one device an originator, and only a clearance officer gives it', async () => {
  await using world = await twoNations({ seed: 'enrolment' })
  const { parts } = world.recipient
  const { realm } = parts.config
  const { firstReader, secondReader } = world.data.story.cast
  const originator = world.originator.code
  const code = await world.desk(world.recipient).code(firstReader)
  const enrol = async (caller: string, person: string, given: string, inRealm = realm): Promise<string> => {
    const device = await world.crypto.signer('Ed25519', world.crypto.random(32))
    const body = { realm: inRealm, person, code: given, originator, at: parts.now() }
    return endOf(enrolDevice(parts, caller, await signAsDevice(device, 'enrolment', body)))
  }
  assert.equal(await enrol(secondReader, firstReader, code), 'node/not-enrolled', "in another's name")
  assert.equal(await enrol(secondReader, secondReader, code), 'node/not-enrolled', "with another's code")
  assert.equal(await enrol(firstReader, firstReader, `${code}x`), 'node/not-enrolled', 'with no code')
  assert.equal(await enrol(firstReader, firstReader, code, 'operational'), 'exchange/wrong-realm', 'in another realm')
  assert.equal(await enrol(firstReader, firstReader, code), 'done')
  assert.equal(await enrol(firstReader, firstReader, code), 'node/not-enrolled', 'a second device with one code')

  const forged = 'EXERCISE-forged-code'
  const hand = async (officer: HybridSigner, inRealm = realm): Promise<string> => {
    const body = { realm: inRealm, person: secondReader, digest: enrolmentCodeDigest(world.crypto, forged), at: parts.now() }
    return endOf(enterEnrolmentCode(parts, await signEnrolmentCode(world.crypto, body, officer)).then(() => true))
  }
  assert.equal(await hand(await freshHybrid(world.crypto)), 'node/refused', "under a stranger's key")
  const other = world.data.nations
    .find(({ nation }) => nation === originator)
    ?.persons.find(({ roles }) => roles.includes('clearance-officer'))
  assert.equal(await hand(world.officerKey(other?.id ?? '')), 'node/refused', "under another nation's officer")
  assert.equal(await enrol(secondReader, secondReader, forged), 'node/not-enrolled')
  assert.equal(await hand(world.officerKey(world.data.story.cast.recipientClearanceOfficer)), 'done')
  assert.equal(await enrol(secondReader, secondReader, forged), 'done')
})
