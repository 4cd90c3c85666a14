import { type AgreementNotice, authorityKeys, noticeDomain, noticeId, verifyNotice } from '@entente/agreement'
import { type Json, type Signed, canonicalText, keyIdOf, verifyDocument } from '@entente/canonical'
import { checkNotice } from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { RecordEntry } from '../ledger/record.ts'
import type { Nation } from '../nation.ts'
import type { AgreementStepRow } from '../store/database.ts'
import { HOME_LOG } from '../trust.ts'
import {
  type LifeNeeds,
  type NewStep,
  entriesUnder,
  inAgreementTurn,
  lettersUnder,
  noticeIn,
  stepOf,
  stepsOf,
  versionOfNotice,
  wholeVersions,
} from './agreement-steps.ts'
import { entryFor } from './entries.ts'
import { type PostNeeds, enterWithLetters } from './post-envelope.ts'

/** How far an authority's clock may be off, in seconds; the second person may take their time. */
const CLOCK_SECONDS = 120

type Needs = PostNeeds & LifeNeeds & Pick<Nation, 'renewTrust'>

/** What became of a notice: it waits for the other person, or it stands. */
export interface Noticed {
  readonly id: string
  readonly state: 'waiting' | 'accepted'
  readonly missing: readonly { readonly nation: string; readonly keyId: string }[]
}

/** Whether a notice takes something away: it acts wherever it is durable, and a node that came out of a backup takes it too. */
export function isStop({ notice }: AgreementNotice): boolean {
  return notice === 'suspend' || notice === 'terminate' || notice === 'withdraw'
}

/**
 * Takes an authority's notice with the signatures that it has so far. Once every key of the authority has signed, it stands: it is entered
 * in the log with every partner, told to each in the same record, and acts here when its time has come, waiting for nobody. Throws
 * `node/absent` (no such version), `node/refused` (another nation's), `node/clock`, `exchange/life-notice`, `canonical/signature-…`.
 */
export async function giveNotice(nation: Needs, person: string, given: unknown): Promise<Noticed> {
  const signed = noticeIn(given)
  const { body } = signed
  if (body.nation !== nation.config.nation || body.realm !== nation.config.realm)
    throw new NodeError('node/refused', "another nation's notice", { values: { reasons: 'agreement/notice-of-another' } })
  const answer = await inAgreementTurn(nation, body.agreement, () => takeNotice(nation, person, signed))
  if (answer.state === 'accepted') await nation.renewTrust()
  return answer
}

async function takeNotice(nation: Needs, person: string, signed: Signed<AgreementNotice>): Promise<Noticed> {
  const { crypto, now } = nation
  const { body } = signed
  const id = noticeId(crypto, body)
  if ((await stepOf(nation, id)) !== undefined) return { id, state: 'accepted', missing: [] }
  const versions = await wholeVersions(nation, body.agreement)
  const version = versionOfNotice(nation, signed, versions)
  const party = version.body.parties.find((one) => one.nation === body.nation)
  if (party === undefined) throw new NodeError('node/absent', 'nothing is here')
  const keys = authorityKeys(party)
  const before = await waitingParts(nation, id)
  const own = signed.signatures.filter(({ keyId }) => keys.some((key) => keyIdOf(crypto, key) === keyId))
  const [first] = own
  if (first === undefined) throw new NodeError('node/refused', 'no key of the authority', { values: { reasons: 'exchange/life-key' } })
  for (const { keyId } of own) {
    const key = keys.find((candidate) => keyIdOf(crypto, candidate) === keyId)
    if (key !== undefined) await verifyDocument(crypto, noticeDomain(body.realm), signed, key)
  }
  if (before.length === 0) {
    const seconds = Math.abs(now() - body.at)
    if (seconds > CLOCK_SECONDS) throw new NodeError('node/clock', 'the clock is off', { values: { seconds, limit: CLOCK_SECONDS } })
    checkNotice(versions, nation.trust().notices.get(body.agreement) ?? [], body)
  }
  const signatures = new Map([...before.flatMap((part) => part.signatures), ...own].map((one) => [one.keyId, one]))
  const missing = keys.map((key) => keyIdOf(crypto, key)).filter((keyId) => !signatures.has(keyId))
  if (missing.length > 0) {
    await enterPart(nation, person, signed, id, first.keyId)
    return { id, state: 'waiting', missing: missing.map((keyId) => ({ nation: body.nation, keyId })) }
  }
  const whole = { body, signatures: [...signatures.values()].toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1)) }
  await verifyNotice(crypto, whole, version)
  const at = now()
  await enterWithLetters(
    nation,
    {
      at,
      kind: isStop(body) ? 'agreement-stop' : 'agreement-notice',
      body: { agreements: [noticeStep(id, whole, version.body.version, person)] },
      entries: entriesUnder(nation, body.agreement, at, noticeFields(id, body)),
      effects: [{ effect: 'agreement', agreement: body.agreement }],
      conditions: [],
    },
    lettersUnder(nation, body.agreement, 'agreement-notice', whole),
  )
  return { id, state: 'accepted', missing: [] }
}

/** The first person's signature: the nation's own affair until the second one's is there. */
async function enterPart(nation: Needs, person: string, signed: Signed<AgreementNotice>, id: string, keyId: string): Promise<void> {
  const at = nation.now()
  const { body } = signed
  const entry: RecordEntry = entryFor(nation, HOME_LOG, at, {
    act: 'agreement-notice-part',
    agreement: body.agreement,
    notice: id,
    key: keyId,
  })
  const step: NewStep = { ...noticeStep(id, signed, 0, person), id: `${id}:${keyId}`, kind: 'notice-part' }
  await nation.enter({
    at,
    // A restored node takes the one, of which the second signature makes a stop, and not the other.
    kind: isStop(body) ? 'agreement-stop-part' : 'agreement-part',
    body: { agreements: [step] } as unknown as Json,
    entries: [entry],
    effects: [],
    conditions: [],
  })
}

async function waitingParts(nation: Pick<Nation, 'db'>, id: string): Promise<readonly Signed<AgreementNotice>[]> {
  const rows = await nation.db.selectFrom('agreement_steps').selectAll().where('kind', '=', 'notice-part').execute()
  return rows.filter((row) => row.id.startsWith(`${id}:`)).map(noticeOf)
}

/** A notice out of its step. */
export function noticeOf({ document }: AgreementStepRow): Signed<AgreementNotice> {
  return JSON.parse(document) as Signed<AgreementNotice>
}

/** Notices of the own authority that wait for a signature, each with all that it has. */
export async function waitingNotices(nation: Pick<Nation, 'db'>, agreement: string): Promise<ReadonlyMap<string, Signed<AgreementNotice>>> {
  const rows = await stepsOf(nation, agreement)
  const waiting = new Map<string, Signed<AgreementNotice>>()
  for (const row of rows.filter(({ kind }) => kind === 'notice-part')) {
    const [id = ''] = row.id.split(':')
    if (rows.some((one) => one.kind === 'notice' && one.id === id)) continue
    const part = noticeOf(row)
    waiting.set(id, { body: part.body, signatures: [...(waiting.get(id)?.signatures ?? []), ...part.signatures] })
  }
  return waiting
}

/** What the log with a partner says of a notice. */
export function noticeFields(
  id: string,
  { notice, version, effectiveAt, of }: AgreementNotice,
): Readonly<Record<string, Json>> & { readonly act: string } {
  return { act: `agreement-${notice}`, version, notice: id, effective: effectiveAt, ...(of === undefined ? {} : { of }) }
}

/** The notice as a step. */
export function noticeStep(id: string, signed: Signed<AgreementNotice>, number: number, person?: string): NewStep {
  const { agreement, nation, version } = signed.body
  return {
    id,
    agreement,
    kind: 'notice',
    nation,
    number,
    proposal: version,
    document: canonicalText(signed as unknown as Json),
    ...(person === undefined ? {} : { person }),
  }
}
