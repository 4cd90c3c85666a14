import type { HybridPublicKey, Json } from '@entente/canonical'
import { type Agreement, completeSpecimen, mergeSignatures, readAgreementTemplate } from '@entente/agreement'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Batch, startBatch } from './batch.ts'
import { makeDevice } from './devices.ts'
import { DemoError } from './errors.ts'
import { type SetUpEvidence, deviceDirectory, nationDirectory } from './set-up.ts'
import { type LoadedWorld, type WorldNation, otherThan } from './world.ts'

/** What one nation's people hand to the other's; its inside is the node's affair. */
export interface Parcel {
  readonly nation: string
  readonly authorityKey: HybridPublicKey
  readonly countersigningKey: HybridPublicKey
  readonly statement: { readonly body: { readonly number: number }; readonly signatures: readonly unknown[] }
  readonly nonce: string
}

const DAY_SECONDS = 86_400
const NEGOTIATOR_DAYS = 365
/** The agreement is in force a little before now: two processes' clocks need not agree to the second. */
const EARLIER_SECONDS = 60

/**
 * Makes both nations: keys, agreement, key statements, pairing. The two work side by side, each in a process of its own, and
 * give each other only what people would carry over. Throws `demo/set-up-failed`.
 */
export async function setUpNations(dir: string, world: LoadedWorld, now: number): Promise<SetUpEvidence> {
  const batches = new Map(world.nations.map((nation) => [nation.nation, startBatch(nationDirectory(dir, nation))]))
  const both = async <T>(work: (nation: WorldNation, batch: Batch) => Promise<T>): Promise<Record<string, T>> =>
    Object.fromEntries(
      await Promise.all(
        world.nations.map(async (nation) => [nation.nation, await work(nation, batches.get(nation.nation) as Batch)] as const),
      ),
    )
  try {
    const made = await both(async (nation, batch) => {
      await mkdir(nationDirectory(dir, nation), { recursive: true, mode: 0o700 })
      return batch.run<{ authorityKey: HybridPublicKey; countersigningKey: HybridPublicKey }>('init', initInput(world, nation))
    })
    const authorityKeys = Object.fromEntries(Object.entries(made).map(([nation, { authorityKey }]) => [nation, authorityKey]))
    const countersigningKeys = Object.fromEntries(
      Object.entries(made).map(([nation, { countersigningKey }]) => [nation, countersigningKey]),
    )
    const template = readAgreementTemplate(await readFile(world.template))
    const body: Agreement = completeSpecimen(template, { authorityKeys, countersigningKeys, inForceFrom: now - EARLIER_SECONDS })
    const parcels = await both(async (nation, batch) => {
      const officers = await makeDevices(dir, world, nation, authorityKeys)
      const signed = await batch.run<never>('sign-agreement', body)
      const parcel = await batch.run<Parcel>('statement', statementInput(world, nation, officers, now))
      const { commitment } = await batch.run<{ commitment: string }>('pairing-commitment')
      return { signed, parcel, commitment, anchor: await readFile(join(nationDirectory(dir, nation), 'node', 'tls-anchor.pem'), 'utf8') }
    })
    const [one, other] = world.nations.map((nation) => parcels[nation.nation])
    if (one === undefined || other === undefined)
      throw new DemoError('demo/set-up-failed', 'two nations are needed', { values: { command: 'pair', code: '' } })
    const agreement = mergeSignatures(one.signed, other.signed)
    const words = await both(async (nation, batch) => {
      const theirs = parcels[otherThan(world, nation.nation).nation]
      // The first of the two began, so the other holds its commitment.
      const commitment = nation === world.nations[0] ? {} : { commitment: theirs?.commitment }
      return (await batch.run<{ words: readonly string[] }>('pairing-words', { parcel: theirs?.parcel, ...commitment })).words
    })
    const [ours, theirs] = Object.values(words)
    if (ours === undefined || theirs === undefined || ours.join(' ') !== theirs.join(' ')) {
      throw new DemoError('demo/set-up-failed', 'the two sides read different words', { values: { command: 'pairing-words', code: '' } })
    }
    await both(async (nation, batch) => {
      const partner = parcels[otherThan(world, nation.nation).nation]
      return batch.run('pair', { parcel: partner?.parcel, anchor: partner?.anchor, agreement })
    })
    return { agreement: `${agreement.body.agreement} ${agreement.body.version}`, signatures: agreement.signatures.length, words }
  } finally {
    await Promise.all([...batches.values()].map((batch) => batch[Symbol.asyncDispose]()))
  }
}

/** What `init` takes to make this nation. */
export function initInput(world: LoadedWorld, nation: WorldNation): Json {
  return {
    realm: world.realm,
    nation: nation.nation,
    domain: nation.domain,
    people: { ...nation.people },
    partner: { host: '127.0.0.1', port: nation.partner.port },
    nations: world.policies,
    demoProvider: true,
    persons: nation.persons.map(({ id, names, roles }) => ({ id, names: { ...names }, roles: [...roles] })),
  }
}

/** Every person's device; gives the public keys of those who sign for their nation. */
export async function makeDevices(
  dir: string,
  world: LoadedWorld,
  nation: WorldNation,
  authorities: Readonly<Record<string, HybridPublicKey>>,
): Promise<Readonly<Record<string, HybridPublicKey>>> {
  const keys: Record<string, HybridPublicKey> = {}
  const signatories = nation.persons.filter(({ roles }) => roles.includes('signatory')).map(({ id }) => id)
  for (const person of nation.persons) {
    const signs = person.delegation !== undefined || ['clearance-officer', 'negotiator'].some((role) => person.roles.includes(role))
    const authority = await authoritySeeds(nationDirectory(dir, nation), signatories.indexOf(person.id))
    const key = await makeDevice(deviceDirectory(dir, nation, person.id), {
      anchors: { realm: world.realm, nation: nation.nation, authorities },
      originators: world.nations.map((one) => one.nation),
      officer: signs,
      ...(authority === undefined ? {} : { authority }),
    })
    if (key !== undefined) keys[person.id] = key
  }
  return keys
}

/** The authority's two keys are its first two signatories': from then on each of them has one in hand. */
async function authoritySeeds(
  directory: string,
  place: number,
): Promise<{ readonly ed25519: string; readonly mldsa65: string } | undefined> {
  const file = place < 0 ? undefined : ['keys.json', 'countersigning.json'][place]
  if (file === undefined) return undefined
  const { ed25519, mldsa65 } = JSON.parse(await readFile(join(directory, 'authority', file), 'utf8')) as Record<string, string>
  return ed25519 === undefined || mldsa65 === undefined ? undefined : { ed25519, mldsa65 }
}

/** What `statement` takes for the nation's first key statement: `keys` are those of its people who sign; `links` those with its partners. */
export function statementInput(
  world: LoadedWorld,
  nation: WorldNation,
  keys: Readonly<Record<string, HybridPublicKey>>,
  now: number,
  links: readonly { readonly agreement: string; readonly partner: string }[] = [
    { agreement: world.agreement, partner: otherThan(world, nation.nation).nation },
  ],
): Json {
  const officers = nation.persons.flatMap(({ id, delegation }) => {
    const key = keys[id]
    if (delegation === undefined || key === undefined) return []
    const { ceiling, areas, days } = delegation
    return [{ officer: id, key: { ...key }, ceiling, areas: [...areas], until: now + days * DAY_SECONDS }]
  })
  const clearance = nation.persons.flatMap(({ id, roles }) => {
    const key = keys[id]
    return roles.includes('clearance-officer') && key !== undefined ? [[id, { ...key }] as const] : []
  })
  return {
    links: links.map((link) => ({ ...link })),
    officers,
    negotiators: nation.persons.flatMap(({ id, roles }) => {
      const key = keys[id]
      return roles.includes('negotiator') && key !== undefined
        ? [{ officer: id, key: { ...key }, until: now + NEGOTIATOR_DAYS * DAY_SECONDS }]
        : []
    }),
    clearanceOfficers: Object.fromEntries(clearance),
    number: 1,
  }
}
