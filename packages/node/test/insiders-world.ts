import { type Json, fromBase64Url } from '@entente/canonical'
import { type ReleaseStatement, bytesSource, open, readContainer, statementId, verifyContainer, whole } from '@entente/container'
import type { Decider } from '@entente/decision'
import { statementOf } from '@entente/exchange'
import { attributesOf } from '@entente/label'
import { openEntry } from '@entente/ledger'
import type { HostedNation, SealedRendition, World } from '@entente/testkit'
import { officerKeys } from '#src/pins.ts'
import { enterWithLetter } from '#src/use-cases/post-envelope.ts'

/** The nation's administrator puts software of their own in place: its node permits everything. Its other processes stay. */
export function permitsAnything(nation: HostedNation): void {
  const decider: Decider = {
    ...nation.parts.decider(),
    decide: () => ({ permit: true, articles: [], duties: [] }) as unknown as ReturnType<Decider['decide']>,
  }
  const { parts } = nation
  const sound = { ...parts }
  Object.assign(parts, { decider: () => decider, standing: () => ({ ...sound.standing(), decider }) })
}

/** What entries of one act about an item say, from the ledger's own bytes. */
export async function entriesOf(nation: HostedNation, act: string, item: string): Promise<readonly Readonly<Record<string, Json>>[]> {
  const { db, crypto } = nation.parts
  const rows = await db.selectFrom('entries').selectAll().where('act', '=', act).where('item', '=', item).orderBy('n').execute()
  return rows.map(
    ({ leaf, opening }) => openEntry(crypto, fromBase64Url(leaf), JSON.parse(opening) as Parameters<typeof openEntry>[2]).fields,
  )
}

/** Releases a rendition as an originator's administrator would whose node skips every check. */
export async function releaseUnchecked(world: World, { signed, card, bytes, container }: SealedRendition): Promise<void> {
  const { parts } = world.originator
  await parts.blobs.receive(container.sha256, bytes.length, pieces(bytes))
  const { body } = signed
  const statement = statementId(parts.crypto, body)
  const items = [{ signed, statement, card, container: container.sha256, containerSize: bytes.length }]
  const effects = [{ effect: 'item', item: body.item, serial: body.serial, statement, state: 'released' }] as const
  const act = { at: parts.now(), kind: 'release', body: { items } as unknown as Json, entries: [], effects, conditions: [] }
  if (body.recipient === world.originator.code) return void (await parts.enter(act))
  await enterWithLetter(
    parts,
    { ...act, body: { items } },
    {
      partner: world.recipient.code,
      agreement: world.data.agreement,
      type: 'offer',
      body: { item: body.item, serial: body.serial, statement, release: signed, card, container: container.sha256 } as unknown as Json,
      attachments: [{ sha256: container.sha256, size: bytes.length }],
    },
  )
}

/** Decrypts an item's container with a key that somebody got hold of, as a client would. */
export async function decrypt(nation: HostedNation, item: string, key: Uint8Array): Promise<Uint8Array> {
  const { crypto, db, blobs, policies } = nation.parts
  const row = await db.selectFrom('items').selectAll().where('item', '=', item).executeTakeFirstOrThrow()
  const container = await readContainer(crypto, bytesSource(await whole(blobs.read(row.container))))
  const body = container.statement?.body as ReleaseStatement
  const policy = policies.get(body.label.policy)
  if (policy === undefined) throw new Error('a label of an unknown policy')
  const verified = await verifyContainer(crypto, container, {
    realm: body.realm,
    originator: body.originator,
    recipient: body.recipient,
    officers: officerKeys(statementOf(nation.parts.trust(), body.originator), body.released),
    attributesOf: (label) => attributesOf(label, policy),
  })
  return whole(open(crypto, verified, key))
}

/** The wrapped shares of an item, as they stand in its container at this nation. */
export async function wrappedShares(nation: HostedNation, item: string): Promise<readonly string[]> {
  const { crypto, db, blobs } = nation.parts
  const row = await db.selectFrom('items').selectAll().where('item', '=', item).executeTakeFirstOrThrow()
  const { manifest } = await readContainer(crypto, bytesSource(await whole(blobs.read(row.container))))
  return manifest.encryptionInformation.keyAccess.map(({ wrappedKey }) => wrappedKey)
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
