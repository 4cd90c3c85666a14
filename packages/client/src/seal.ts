import { type HybridSigner, type Json, type Signed, canonicalText, fromBase64Url, toBase64Url } from '@entente/canonical'
import {
  type Card,
  type ContainerKeys,
  type FilePortion,
  REPORT_MEDIA_TYPE,
  type ReleaseStatement,
  type Report,
  type Sink,
  cardDigest,
  encodePolicy,
  makeKeys,
  seal,
  signStatement,
  writeReport,
} from '@entente/container'
import { agreementInForce, statementOf } from '@entente/exchange'
import { type Portion, attributesOf, bannerOf, dominates, printMarking, tearLine, toStanag4774 } from '@entente/label'
import { ClientError } from './errors.ts'
import { type Client, labelPolicyOf } from './pins.ts'
import { freshPortionId } from './portion-id.ts'
import { piped } from './scratch.ts'
import type { DraftView, MarkedPortion, PreparedRendition } from './shapes.ts'

/** What the officer saw and signs: the draft as it was shown, and the rendition that the node prepared of it. */
export interface RenditionToSeal {
  readonly draft: DraftView
  readonly prepared: PreparedRendition
  readonly officer: HybridSigner
  /** A file's bytes, by the portion that names it; its SHA-256 is checked on the way. */
  content(portion: FilePortion): AsyncIterable<Uint8Array>
}

/** A rendition that is sealed and signed; its bytes went to the sink. */
export interface SealedRendition {
  readonly prepared: PreparedRendition
  readonly signed: Signed<ReleaseStatement>
  readonly card: Card
}

type Needs = Pick<Client, 'crypto' | 'pins' | 'now' | 'crc32'>

/**
 * Seals one rendition: the chosen portions (with fresh ids where another nation reads them), under a fresh data key whose
 * shares go to the key services that the pinned key statements name; statement and card signed by the officer's device. The
 * node that prepared it is not believed: throws `client/rendition-portions`, `-label`, `-key`, `-basis`, `client/label-policy`,
 * and what `seal` throws. Memory does not grow with the report.
 */
export async function sealRendition(client: Needs, rendition: RenditionToSeal, sink: Sink): Promise<SealedRendition> {
  const { crypto, pins } = client
  const { prepared, officer } = rendition
  const policy = labelPolicyOf(pins, prepared.label)
  const report = reportOf(client, rendition)
  checkLabel(client, rendition)
  checkBasis(client, prepared)
  const { portions: _, keyServices: __, ...fixed } = prepared
  const card: Card = {
    item: prepared.item,
    title: report.title,
    area: prepared.area,
    banner: printMarking(prepared.label, policy, { form: 'banner' }),
    originator: prepared.originator,
    salt: toBase64Url(crypto.random(32)),
  }
  const keys = await keysFor(client, prepared)
  const content = (portion: FilePortion): AsyncIterable<Uint8Array> => rendition.content(portion)
  const payload = piped((into) => writeReport({ crypto, report, content, ...crcOf(client) }, into))
  const { statement: signed } = await seal(
    payload,
    {
      crypto,
      keys,
      label: prepared.label,
      labelXml: toStanag4774(prepared.label, policy),
      mediaType: REPORT_MEDIA_TYPE,
      ...crcOf(client),
      statement: (digests) =>
        signStatement(crypto, officer, {
          ...fixed,
          realm: pins.trust.anchors.realm,
          foreignClients: false,
          cardDigest: cardDigest(crypto, card),
          ...digests,
        }),
    },
    sink,
  )
  return { prepared, signed, card }
}

/** The host's CRC-32, where it has one. */
export function crcOf(client: Pick<Client, 'crc32'>): { readonly crc32?: NonNullable<Client['crc32']> } {
  return client.crc32 === undefined ? {} : { crc32: client.crc32 }
}

function chosenOf({ draft, prepared }: RenditionToSeal): readonly Portion[] {
  const chosen = new Set(prepared.portions)
  const portions = draft.portions.filter(({ id }) => chosen.has(id)).map(unmarked)
  if (portions.length !== chosen.size || chosen.size !== prepared.portions.length) {
    throw new ClientError('client/rendition-portions', 'portions that were not shown', { values: { item: prepared.item } })
  }
  return portions
}

/** A portion without the marking as text, which its label says already. */
function unmarked(marked: MarkedPortion): Portion {
  const { marking, ...portion } = marked
  void marking
  return portion as Portion
}

function reportOf(client: Needs, rendition: RenditionToSeal): Report {
  const { draft, prepared } = rendition
  const chosen = chosenOf(rendition)
  const own = prepared.recipient === prepared.originator
  // At home the ids let an auditor follow a portion; abroad they would tell how many there were.
  const portions = own
    ? chosen
    : tearLine(
        chosen,
        () => true,
        () => freshPortionId(client.crypto),
      )
  return { title: draft.title, area: prepared.area, portions }
}

/** INVARIANT: the officer never signs a label that protects less than the portions that go. */
function checkLabel(client: Needs, rendition: RenditionToSeal): void {
  const { prepared, draft } = rendition
  const policy = labelPolicyOf(client.pins, prepared.label)
  const joined = bannerOf(chosenOf(rendition), policy)
  if (!joined.ok || !dominates(prepared.label, joined.label, policy) || prepared.area !== draft.area) {
    throw new ClientError('client/rendition-label', 'another label than that of the portions', { values: { item: prepared.item } })
  }
}

/** The grant stands in the agreement that this device verified, in force now, for these two nations. */
function checkBasis(client: Needs, prepared: PreparedRendition): void {
  const { basis, originator, recipient, keyControl } = prepared
  const refuse = (): ClientError =>
    new ClientError('client/rendition-basis', 'a basis that no verified agreement has', { values: { nation: recipient } })
  if (originator !== client.pins.trust.anchors.nation) throw refuse()
  if (basis === undefined) {
    if (recipient !== originator || keyControl !== 'originator') throw refuse()
    return
  }
  const version = agreementInForce(client.pins.trust, basis.agreement, client.now())
  const grant = version?.body.grants.find((one) => one.id === basis.grant)
  const holds =
    version?.id === basis.version &&
    grant?.article === basis.article &&
    grant.from === originator &&
    grant.to === recipient &&
    grant.keyControl === keyControl
  if (!holds) throw refuse()
}

/** Wraps the shares. The recipient's key is the pinned one; the originator's is the item's own, made by the nation's key service. */
async function keysFor(client: Needs, prepared: PreparedRendition): Promise<ContainerKeys> {
  const { crypto, pins } = client
  const [originator, recipient] = prepared.keyServices.map(({ name, kid, publicKey }) => ({ name, kid, kem: fromBase64Url(publicKey) }))
  const wrong = (nation: string): ClientError =>
    new ClientError('client/rendition-key', 'another key service than the pinned one', { values: { nation } })
  const roles = canonicalText(prepared.keyServices.map(({ role }) => role) as Json)
  const expected = canonicalText(prepared.keyControl === 'originator' ? ['originator'] : ['originator', 'recipient'])
  if (originator === undefined || roles !== expected || originator.name !== pins.trust.own.names.kas) throw wrong(prepared.originator)
  if (recipient !== undefined) {
    const { names, keys } = statementOf(pins.trust, prepared.recipient)
    const same = recipient.name === names.kas && recipient.kid === keys.kas.kid && prepared.keyServices[1]?.publicKey === keys.kas.kem
    if (!same) throw wrong(prepared.recipient)
  }
  const policy = labelPolicyOf(pins, prepared.label)
  return makeKeys(crypto, {
    policy: encodePolicy(prepared.item, attributesOf(prepared.label, policy)),
    control: prepared.keyControl,
    originator,
    ...(recipient === undefined ? {} : { recipient }),
  })
}
