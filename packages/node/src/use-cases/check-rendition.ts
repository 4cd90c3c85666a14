import { crc32 } from 'node:zlib'
import { areaCovers, mayRelease } from '@entente/agreement'
import { type Json, type Signed, canonicalText, keyIdOf, readShape, signedShape } from '@entente/canonical'
import {
  type Card,
  type ReleaseStatement,
  checkCard,
  checkPayloadDigest,
  readCard,
  readContainer,
  releaseStatementShape,
  verifyContainer,
} from '@entente/container'
import type { OfficerDelegation } from '@entente/exchange'
import { type Label, attributesOf, printMarking, reachesLevel, toStanag4774 } from '@entente/label'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { agreementInForce, officerKeys } from '../pins.ts'
import type { Draft } from '../store/drafts.ts'
import { ownPolicy } from './draft-access.ts'
import { passes } from './release-options.ts'
import type { PreparedRendition } from './sealing.ts'

/** A rendition as an officer hands it in: signed, sealed, uploaded. */
export interface HandedIn {
  readonly signed: unknown
  readonly card: unknown
  readonly container: { readonly sha256: string; readonly size: number }
}

/** A rendition that is fit to be released: everything about it was checked. */
export interface CheckedRendition {
  readonly signed: Signed<ReleaseStatement>
  readonly statement: string
  readonly card: Card
  readonly container: { readonly sha256: string; readonly size: number }
}

type Needs = Pick<Nation, 'crypto' | 'config' | 'policies' | 'trust' | 'decider' | 'blobs' | 'person' | 'now'>

/**
 * Checks one rendition against what was prepared, its container, its officer's delegation and the agreement, all as they
 * are at this moment. Throws `node/not-as-prepared` (`what`), `node/above-delegation`, `node/refused` (`nation`), and what
 * the container's own checks throw.
 */
export async function checkRendition(
  nation: Needs,
  officer: string,
  draft: Draft,
  prepared: PreparedRendition,
  given: HandedIn,
): Promise<CheckedRendition> {
  const signed = readShape(signedShape(releaseStatementShape), given.signed, 'release statement')
  checkAsPrepared(nation, prepared, signed.body)
  const card = readCard(given.card)
  checkCardFits(nation, card, prepared)
  checkCard(nation.crypto, card, signed.body.cardDigest)
  const statement = await checkContainer(nation, signed, given.container)
  const { office } = checkDelegation(nation, officer, signed)
  checkGrant(nation, draft, prepared, office)
  return { signed, statement, card, container: given.container }
}

/** INVARIANT: an officer signs what the node prepared and nothing else; the digests are the container's to prove. */
function checkAsPrepared(nation: Needs, prepared: PreparedRendition, body: ReleaseStatement): void {
  const { portions: _, keyServices, ...fixed } = prepared
  const expected: Readonly<Record<string, unknown>> = {
    ...fixed,
    realm: nation.config.realm,
    basis: fixed.basis,
    foreignClients: false,
    keyServices: keyServices.map(({ name, kid, role }) => ({ name, kid, role })),
  }
  for (const [what, value] of Object.entries(expected)) {
    const found: unknown = body[what as keyof ReleaseStatement]
    if (textOf(found) !== textOf(value)) throw notAsPrepared(what)
  }
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalText(value as Json)
}

function notAsPrepared(what: string): NodeError {
  return new NodeError('node/not-as-prepared', `another ${what} than was prepared`, { values: { what } })
}

function checkCardFits(nation: Needs, card: Card, prepared: PreparedRendition): void {
  const banner = printMarking(prepared.label, ownPolicy(nation), { form: 'banner' })
  if (card.item !== prepared.item) throw notAsPrepared('card/item')
  if (card.area !== prepared.area) throw notAsPrepared('card/area')
  if (card.banner !== banner) throw notAsPrepared('card/banner')
  if (card.originator !== prepared.originator) throw notAsPrepared('card/originator')
  // Its digest leaves with the container: unsalted, it would confirm a guessed title to whoever holds that.
  if (card.salt === undefined) throw notAsPrepared('card/salt')
}

/** The uploaded container, byte for byte: its statement is the one handed in, and stands for its manifest and payload. */
async function checkContainer(
  nation: Needs,
  signed: Signed<ReleaseStatement>,
  container: { readonly sha256: string; readonly size: number },
): Promise<string> {
  const { crypto, config, blobs, trust, now } = nation
  if (!(await blobs.has(container.sha256)))
    throw new NodeError('node/bad-request', 'the container has not come yet', { values: { what: 'container' } })
  const source = await blobs.access(container.sha256)
  try {
    if (source.size !== container.size)
      throw new NodeError('node/bad-request', 'the container has another size', { values: { what: 'container' } })
    const policy = ownPolicy(nation)
    const verified = await verifyContainer(crypto, await readContainer(crypto, source), {
      realm: config.realm,
      originator: config.nation,
      recipient: signed.body.recipient,
      officers: officerKeys(trust().own, now()),
      attributesOf: (label) => attributesOf(label, policy),
      labelXmlOf: (label) => toStanag4774(label, policy),
    })
    if (textOf(verified.container.statement) !== textOf(signed)) throw notAsPrepared('statement')
    await checkPayloadDigest(crypto, verified, (bytes, crc) => crc32(bytes, crc))
    return verified.statement.id
  } finally {
    await source.close()
  }
}

/**
 * The delegation of the key that signed, at this moment: ceiling, areas, and that the key is not somebody else's; and that the version
 * of the basis delegates to its office, where it delegates to any.
 */
function checkDelegation(nation: Needs, officer: string, { body, signatures }: Signed<ReleaseStatement>): OfficerDelegation {
  const { crypto, trust, now, person } = nation
  const delegation = trust().own.delegations.find((one) => now() < one.until && keyIdOf(crypto, one.key) === signatures[0]?.keyId)
  if (delegation === undefined) throw new NodeError('node/above-delegation', 'no delegation in force', { values: {} })
  // Role ids need be no person's; where one is, it must be the caller's.
  if (delegation.officer !== officer && person(delegation.officer) !== undefined)
    throw new NodeError('node/above-delegation', 'the key of another officer')
  const { classification } = body.label
  if (!reachesLevel(delegation.ceiling, classification, ownPolicy(nation))) {
    throw new NodeError('node/above-delegation', "above the officer's ceiling", { values: { classification, ceiling: delegation.ceiling } })
  }
  const trees = [...trust().agreements.keys()].flatMap((name) => agreementInForce(trust(), name, now())?.body ?? [])
  const covered = delegation.areas.some((area) => area === body.area || trees.some((tree) => areaCovers(tree, area, body.area)))
  if (!covered) throw new NodeError('node/above-delegation', "outside the officer's areas", { values: { area: body.area } })
  const { area, basis, originator } = body
  const version = trust()
    .agreements.get(basis?.agreement ?? '')
    ?.find(({ id }) => id === basis?.version)?.body
  const { office } = delegation
  const release = { nation: originator, area, classification, at: now(), ...(office === undefined ? {} : { office }) }
  if (version !== undefined && !mayRelease(version, basis?.grant ?? '', release, ownPolicy(nation)))
    throw new NodeError('node/above-delegation', 'no delegation of the agreement to this office covers it', {
      values: { agreement: version.agreement },
    })
  return delegation
}

/** The grant permits exactly these portions, and the label that they have together. */
function checkGrant(nation: Needs, draft: Draft, prepared: PreparedRendition, office: string | undefined): void {
  const { basis, recipient, area, label } = prepared
  if (basis === undefined) return
  const labels: Label[] = [label]
  for (const id of prepared.portions) {
    const portion = draft.portions.find((one) => one.id === id)
    if (portion === undefined) throw notAsPrepared('portions')
    labels.push(portion.label)
  }
  const option = passes(nation, { to: recipient, ...(office === undefined ? {} : { office }), area, labels }, basis)
  if (option === undefined || option.keyControl !== prepared.keyControl)
    throw new NodeError('node/refused', 'the grant does not permit this now', { values: { nation: recipient } })
}
