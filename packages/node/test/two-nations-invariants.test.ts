import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Agreement, signAgreement } from '@entente/agreement'
import { EntenteError } from '@entente/canonical'
import { signNegotiation, verifyNegotiation } from '@entente/exchange'
import { listProposals } from '@entente/node'
import { type AgreementHands, type HostedNation, type World, amend, authorityKeysOf, handsOf, twoNations } from '@entente/testkit'
import { entriesUnder, lettersUnder } from '#src/use-cases/agreement-steps.ts'
import { checkInvariants } from '#src/use-cases/check-invariants.ts'
import { fieldsOf, stepOf } from '#src/use-cases/negotiate-agreement.ts'
import { enterWithLetters } from '#src/use-cases/post-envelope.ts'
import { sealFields, sealStep } from '#src/use-cases/seal-agreement.ts'
import { endOf } from './codes.ts'

/** Something that the story's own grants permit, said never to be. */
function untrue(world: World) {
  const { originator, recipient, data } = world
  return (body: Agreement): Partial<Agreement> => ({
    invariants: [
      ...(body.invariants ?? []),
      {
        id: 'never-anything',
        text: { en: 'nothing ever goes', ja: '何も提供しない' },
        never: { from: originator.code, to: recipient.code, areas: [data.story.area] },
      },
    ],
  })
}

/** A negotiator's initial as a node entered it that asked for no proof. */
async function initialUnasked(world: World, nation: HostedNation, proposal: string): Promise<void> {
  const { parts, code } = nation
  const persons = world.data.nations.find((one) => one.nation === code)?.persons ?? []
  const negotiator = world.officerKey(persons.find(({ roles }) => roles.includes('negotiator'))?.id ?? '')
  const { agreement } = world.data
  const number = handsOf(world).originator.newest.body.version + 1
  const act = { act: 'initial', realm: parts.config.realm, agreement, nation: code, number, proposal, at: parts.now() } as const
  const verified = await verifyNegotiation(world.crypto, await signNegotiation(world.crypto, act, negotiator), {
    realm: act.realm,
    nation: code,
    negotiators: [negotiator.publicKey],
  })
  await enterWithLetters(
    parts,
    {
      at: act.at,
      kind: 'agreement-act',
      body: { agreements: [stepOf(verified)] },
      entries: entriesUnder(parts, agreement, act.at, fieldsOf(verified)),
      effects: [],
      conditions: [],
    },
    lettersUnder(parts, agreement, 'agreement-act', verified.signed),
  )
}

/** Both of a nation's seals, entered and sent as a node does that asks for no proof. */
async function sealUnasked(world: World, nation: HostedNation, body: Agreement, proposal: string): Promise<void> {
  const { parts, code } = nation
  const { agreement, version: number } = body
  for (const key of await authorityKeysOf(world, nation)) {
    const [signature] = (await signAgreement(world.crypto, body, key)).signatures
    if (signature === undefined) throw new Error('nothing was signed')
    const seal = { realm: parts.config.realm, agreement, number, proposal, signature }
    await enterWithLetters(
      parts,
      {
        at: parts.now(),
        kind: 'agreement-seal',
        body: { agreements: [sealStep(code, seal)] },
        entries: entriesUnder(parts, agreement, parts.now(), sealFields(seal)),
        effects: [],
        conditions: [],
      },
      lettersUnder(parts, agreement, 'agreement-seal', seal),
    )
  }
}

async function sealsOf(nation: HostedNation, proposal: string): Promise<number | undefined> {
  return (await listProposals(nation.parts)).proposals.find(({ id }) => id === proposal)?.seals.length
}

async function valuesOf(task: Promise<unknown>): Promise<EntenteError['values']> {
  const error: unknown = await task.catch((thrown: unknown) => thrown)
  assert.ok(error instanceof EntenteError)
  return error.values
}

function versions(hands: { readonly [Side in 'originator' | 'recipient']: AgreementHands }): readonly number[] {
  return [hands.originator.newest.body.version, hands.recipient.newest.body.version]
}

test('a version of which an invariant does not hold is initialled and sealed by no node, and the example is named', async () => {
  await using world = await twoNations({ seed: 'refuted', patienceMilliseconds: 300 })
  const hands = handsOf(world)
  const { originator, recipient } = hands
  const proposal = await originator.propose(originator.next(untrue(world)))
  await world.settle()
  assert.equal(await endOf(originator.initial(proposal)), 'node/invariant-refuted')
  assert.equal(await endOf(recipient.initial(proposal)), 'node/invariant-refuted')

  // A text that was initialled before anybody asked for proof is sealed all the same by nobody.
  await initialUnasked(world, world.originator, proposal)
  await world.settle()
  await initialUnasked(world, world.recipient, proposal)
  await world.settle()
  const said = await valuesOf(originator.seal(proposal, 'first'))
  assert.equal(said['invariant'], 'never-anything')
  assert.match(String(said['example']), new RegExp(`^${world.originator.code} → ${world.recipient.code} ${world.data.story.area} `, 'u'))
  const grant = originator.newest.body.grants.find(({ id }) => id === said['rule'])
  assert.equal(grant?.article, said['article'])
  assert.equal(await endOf(recipient.seal(proposal)), 'node/invariant-refuted')
  assert.deepEqual([await sealsOf(world.originator, proposal), await sealsOf(world.recipient, proposal)], [0, 0])
  assert.deepEqual(versions(hands), [1, 1])
})

test('a partner that seals what is refuted is refused, and the version never comes into force here', async () => {
  await using world = await twoNations({ seed: 'refuted-partner', patienceMilliseconds: 300 })
  const { originator, recipient } = handsOf(world)
  const body = originator.next(untrue(world))
  const proposal = await originator.propose(body)
  await world.settle()
  await initialUnasked(world, world.originator, proposal)
  await world.settle()
  await initialUnasked(world, world.recipient, proposal)
  await world.settle()
  await sealUnasked(world, world.recipient, body, proposal)
  await world.settle()
  assert.deepEqual([await sealsOf(world.originator, proposal), await sealsOf(world.recipient, proposal)], [0, 2])
  world.clock.advance(60)
  assert.deepEqual([originator.newest.body.version, recipient.newest.body.version], [1, 1])
})

test('an invariant that only a later table breaks is refuted, and one that holds is sealed', async () => {
  await using world = await twoNations({ seed: 'later', patienceMilliseconds: 300 })
  const { originator } = handsOf(world)
  const later = originator.next((body) => ({
    invariants: [
      {
        id: 'never-to-the-strictest',
        text: { en: 'never', ja: '決して許可しない' },
        never: { from: world.originator.code, to: world.recipient.code, atLeast: highest(body, world.originator.code) },
      },
    ],
    equivalence: [
      ...body.equivalence.map((table) =>
        table.kind === 'clearances' && table.to === world.originator.code
          ? { ...table, rows: table.rows.map(({ from }) => ({ from })) }
          : table,
      ),
      ...body.equivalence.flatMap((table) =>
        table.kind === 'clearances' && table.to === world.originator.code ? [{ ...table, validFrom: world.clock.now() + 1_000_000 }] : [],
      ),
    ],
  }))
  const id = await originator.propose(later)
  assert.equal(await endOf(originator.initial(id)), 'node/invariant-refuted')

  await using other = await twoNations({ seed: 'later-holds', patienceMilliseconds: 300 })
  await amend(other, () => ({}))
  await other.settle()
  other.clock.advance(5)
  assert.deepEqual(versions(handsOf(other)), [2, 2])
})

test('a proof that takes too long is no proof', async () => {
  await using world = await twoNations({ seed: 'slow-proof', patienceMilliseconds: 300 })
  const { originator } = handsOf(world)
  assert.equal(await endOf(checkInvariants(world.originator.parts, { ...originator.newest, id: 'slow' }, 0)), 'node/invariant-unproven')
  assert.equal(await endOf(checkInvariants(world.originator.parts, originator.newest).then(() => true)), 'done')
})

/** The ceiling of the nation's classified grant. */
function highest(body: Agreement, from: string): string {
  return body.grants.find((grant) => grant.from === from && grant.floor !== undefined)?.ceiling ?? ''
}
