import { type AgreementNotice, authorityKeys, stateAt } from '@entente/agreement'
import { type Json, type Signed, canonicalText, keyIdOf } from '@entente/canonical'
import { type HeldVersion, agreementStateAt } from '@entente/exchange'
import type { Nation } from '../nation.ts'
import { signedTrust } from '../trust.ts'
import { type LifeNeeds, versionOfNotice, wholeVersions } from './agreement-steps.ts'
import { waitingNotices } from './give-notice.ts'

/** A key that has not signed yet. */
interface MissingKey {
  readonly nation: string
  readonly keyId: string
}

/** One version of an agreement, as it was signed, and how it stands at the time asked about. */
export interface VersionLine {
  readonly id: string
  readonly number: number
  readonly state: 'to-come' | 'narrowing' | 'in-force' | 'ended'
  readonly since?: number
  readonly signed: Json
  readonly held: readonly { readonly nation: string; readonly at: number }[]
}

/** One notice, as it was signed so far. */
export interface NoticeLine {
  readonly id: string
  readonly state: 'waiting' | 'to-come' | 'acting' | 'resumed'
  readonly signed: Signed<AgreementNotice>
  readonly missing: readonly MissingKey[]
}

/** An agreement at a time. */
export interface AgreementLine {
  readonly agreement: string
  readonly state: 'in-force' | 'suspended' | 'ended' | 'none'
  readonly inForce?: string
  readonly versions: readonly VersionLine[]
  readonly notices: readonly NoticeLine[]
}

type Needs = LifeNeeds & Pick<Nation, 'now'>

/** Every agreement of this nation as it stands at `at` (seconds; now if absent), by what is known now. */
export async function listAgreements(
  nation: Needs,
  asked: number | undefined,
): Promise<{ readonly at: number; readonly agreements: readonly AgreementLine[] }> {
  const at = asked ?? nation.now()
  const agreements = await Promise.all(
    [...nation.trust().agreements].map(([agreement, versions]) => lineOf(nation, agreement, versions, at)),
  )
  return { at, agreements: agreements.toSorted((a, b) => (a.agreement < b.agreement ? -1 : 1)) }
}

async function lineOf(nation: Needs, agreement: string, versions: readonly HeldVersion[], at: number): Promise<AgreementLine> {
  const trust = nation.trust()
  const stands = agreementStateAt(trust, agreement, at)
  const inForce = stands.state === 'in-force' || stands.state === 'suspended' ? stands.version.id : undefined
  return {
    agreement,
    state: stands.state,
    ...(inForce === undefined ? {} : { inForce }),
    versions: versions.map((version) => versionLine(nation, version, inForce, at)),
    notices: [...(await waitingLines(nation, agreement)), ...noticeLines(nation, agreement, at)],
  }
}

function versionLine(
  nation: Needs,
  { id, body, since, narrowingOnly, held }: HeldVersion,
  inForce: string | undefined,
  at: number,
): VersionLine {
  const signed = signedTrust(nation.trust()).agreements.find((one) => {
    const { body: own } = one as { readonly body: { readonly agreement: string; readonly version: number } }
    return own.agreement === body.agreement && own.version === body.version
  })
  const state =
    id === inForce
      ? 'in-force'
      : narrowingOnly === true && body.inForceFrom <= at
        ? 'narrowing'
        : narrowingOnly === true || since > at
          ? 'to-come'
          : 'ended'
  return {
    id,
    number: body.version,
    state,
    ...(narrowingOnly === true ? {} : { since }),
    signed: signed ?? {},
    held: [...held].map(([one, when]) => ({ nation: one, at: when })),
  }
}

function noticeLines(nation: Needs, agreement: string, at: number): readonly NoticeLine[] {
  const { notices, agreements } = nation.trust()
  const known = notices.get(agreement) ?? []
  const versions = (agreements.get(agreement) ?? []).filter(({ narrowingOnly }) => narrowingOnly !== true)
  const files = signedTrust(nation.trust()).notices as unknown as readonly Signed<AgreementNotice>[]
  const stands = versions.length === 0 ? undefined : stateAt(versions, known, at)
  return known.map(({ id, body, effect }): NoticeLine => {
    const signed = files.find((one) => canonicalText(one.body as unknown as Json) === canonicalText(body as unknown as Json)) ?? {
      body,
      signatures: [],
    }
    const isSuspending = stands?.state === 'suspended' && stands.suspensions.includes(id)
    const state = effect > at ? 'to-come' : body.notice === 'suspend' && !isSuspending && stands?.state !== 'ended' ? 'resumed' : 'acting'
    return { id, state, signed, missing: [] }
  })
}

async function waitingLines(nation: Needs, agreement: string): Promise<readonly NoticeLine[]> {
  const versions = await wholeVersions(nation, agreement)
  return [...(await waitingNotices(nation, agreement))].map(([id, signed]): NoticeLine => {
    const version = versionOfNotice(nation, signed, versions)
    const party = version.body.parties.find((one) => one.nation === signed.body.nation)
    const keys = party === undefined ? [] : authorityKeys(party).map((key) => keyIdOf(nation.crypto, key))
    const missing = keys.filter((keyId) => !signed.signatures.some((one) => one.keyId === keyId))
    return { id, state: 'waiting', signed, missing: missing.map((keyId) => ({ nation: signed.body.nation, keyId })) }
  })
}
