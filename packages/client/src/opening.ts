import { areaCovers } from '@entente/agreement'
import { type KemKey, type Signer, toBase64Url } from '@entente/canonical'
import { type HeldCredential, type PresentationChoice, present } from '@entente/clearance'
import { type PolicyBinding, type ReleaseStatement, type VerifiedContainer, checkPolicyBinding, manifestDigest } from '@entente/container'
import {
  type AnswerEnvelope,
  type Joined,
  type KeyedAct,
  agreementInForce,
  evidenceChecks,
  homePolicy,
  joinAnswers,
  linkPolicy,
  requestHash,
  statementOf,
  writeRequestBody,
} from '@entente/exchange'
import type { OwnCredential } from './enrol.ts'
import type { Client } from './pins.ts'

/** A request that the reader's key has signed, with what is needed again when the answers come. */
export interface OpeningRequest {
  /** The compact text: credential, disclosures, key binding. */
  readonly compact: string
  /** SHA-256 of it, hexadecimal: what both nations' entries name. */
  readonly hash: string
  /** The private half of E. */
  readonly key: KemKey
}

/** What a request says and with what it is signed. */
export interface RequestToSign {
  /** The release statement of the item and its id, verified before: this is the first thing that the reader's key signs. */
  readonly statement: { readonly body: ReleaseStatement; readonly id: string }
  readonly act: KeyedAct
  readonly purpose: string
  readonly credential: OwnCredential
  /** The originator's; it lives a minute. */
  readonly nonce: string
  readonly holder: Signer
  /** Seconds. */
  readonly issuedAt: number
  readonly expires: number
}

/** Signs a request for a key (spec/key-release.md) with a fresh E, disclosing no more of the credential than the decision needs. */
export async function signRequest(client: Pick<Client, 'crypto' | 'pins' | 'now'>, asked: RequestToSign): Promise<OpeningRequest> {
  const { crypto, pins } = client
  const { statement, act, purpose, credential, nonce, holder, issuedAt, expires } = asked
  const { body, id } = statement
  const key = await crypto.kemKey(crypto.random(32))
  const requestBody = writeRequestBody({
    realm: pins.trust.anchors.realm,
    suite: 'entente-1',
    act,
    item: body.item,
    serial: body.serial,
    statement: id,
    purpose,
    ephemeral: toBase64Url(key.publicKey),
    ...(body.basis === undefined ? {} : { basis: body.basis }),
    expires,
  })
  const audience = statementOf(pins.trust, body.originator).names.node
  const disclose = disclosureFor(client, body, credential.held)
  const compact = await present(crypto, credential.compact, { disclose, audience, nonce, issuedAt, requestBody }, holder)
  return { compact, hash: requestHash(crypto, compact), key }
}

const ASSIGNMENT = { organisation: 'organisations', post: 'posts', facility: 'facilities' } as const

/**
 * No more than the decision needs: the one area that covers the item's most closely, the briefings that its label asks for, and
 * of organisation, post and facility what some agreement reads.
 */
function disclosureFor(
  { pins, now }: Pick<Client, 'pins' | 'now'>,
  body: ReleaseStatement,
  held: HeldCredential,
): PresentationChoice['disclose'] {
  const asked = new Set(body.label.categories.flatMap(({ tag, values }) => values.map((value) => `${tag}/${value}`)))
  const briefings = held.briefings.filter((briefing) => asked.has(briefing))
  if (body.basis === undefined) return { clearance: true, areas: held.areas, briefings }
  const version = agreementInForce(pins.trust, body.basis.agreement, now())
  const covering = version === undefined ? [] : held.areas.filter((area) => areaCovers(version.body, area, body.area))
  const nearest = covering.find((area) => covering.every((other) => version === undefined || areaCovers(version.body, other, area)))
  const rules = [...pins.trust.agreements.values()].flat().map((one) => one.body)
  const assignment = (['organisation', 'post', 'facility'] as const).filter((claim) => {
    const listed = ASSIGNMENT[claim]
    const isRead = rules.some(
      ({ grants, prohibitions }) =>
        grants.some(({ person }) => person[listed] !== undefined) || prohibitions.some((one) => one[`${listed}Outside`] !== undefined),
    )
    return isRead && held[claim] !== undefined
  })
  return { clearance: true, areas: nearest === undefined ? [] : [nearest], briefings, assignment }
}

/**
 * Checks both nations' entries and proofs against the device's pins, and joins the shares to the data key of the verified
 * container. `joined` is false where the originator refused. Throws what `joinAnswers` throws.
 */
export async function joinOpening(
  { crypto, pins }: Pick<Client, 'crypto' | 'pins'>,
  verified: VerifiedContainer,
  request: Pick<OpeningRequest, 'hash' | 'key'>,
  answers: { readonly originator: AnswerEnvelope; readonly recipient?: AnswerEnvelope },
): Promise<Joined> {
  const { trust } = pins
  const { anchors } = trust
  const { manifest } = verified.container
  const { policy, keyAccess } = manifest.encryptionInformation
  const { body, id } = verified.statement
  const policyOf = (of: string, partner: string) =>
    body.basis === undefined ? homePolicy(crypto, trust) : linkPolicy(crypto, trust, body.basis.agreement, of, partner)
  return joinAnswers(
    crypto,
    {
      realm: anchors.realm,
      nation: anchors.nation,
      requestHash: request.hash,
      key: request.key,
      statement: { ...body, id },
      manifest: { digest: manifestDigest(crypto, manifest), policy, keyAccess },
    },
    answers,
    {
      originatorPolicy: policyOf(body.originator, body.recipient),
      recipientPolicy: policyOf(body.recipient, body.originator),
      originatorKas: statementOf(trust, body.originator).names.kas,
      recipientKas: statementOf(trust, body.recipient).names.kas,
    },
    {
      ...evidenceChecks(crypto),
      shareFits: (share, access, bound) => checkPolicyBinding(crypto, share, bound, access.policyBinding as PolicyBinding),
    },
  )
}
