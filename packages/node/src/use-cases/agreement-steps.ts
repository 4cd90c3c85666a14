import { type AgreementNotice, type AgreementVersion, agreementId, readSignedNotice } from '@entente/agreement'
import { type HybridSignature, type Json, type Signed, canonicalText, utf8 } from '@entente/canonical'
import {
  type AgreementLife,
  type HeldEvidence,
  type NegotiationAct,
  type Proposal,
  type Seal,
  type SignedOnce,
  foldLife,
  lifeAfter,
  missingSeals,
} from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { TrustFile } from '../living-trust.ts'
import type { Nation } from '../nation.ts'
import type { AgreementStepRow } from '../store/database.ts'
import type { RecordBody } from '../store/projection.ts'
import { type Trust, linkedUnder, logName } from '../trust.ts'
import { TurnsOf } from '../turns.ts'
import { entryFor } from './entries.ts'
import type { Letter } from './post-envelope.ts'

/** What reading the life of an agreement needs. */
export type LifeNeeds = Pick<Nation, 'crypto' | 'config' | 'db' | 'trust'>

/** A step as a record's body carries it. */
export type NewStep = NonNullable<RecordBody['agreements']>[number]

const turns = new TurnsOf()

/** Steps of one agreement are taken one after the other: what one was checked against, the next one finds changed. */
export function inAgreementTurn<T>({ db }: Pick<Nation, 'db'>, agreement: string, work: () => Promise<T>): Promise<T> {
  return turns.of(db).take(agreement, work)
}

/** Steps of an agreement as they were taken here, oldest first. */
export function stepsOf({ db }: Pick<Nation, 'db'>, agreement: string): Promise<readonly AgreementStepRow[]> {
  return db.selectFrom('agreement_steps').selectAll().where('agreement', '=', agreement).orderBy('row').execute()
}

/** One step by its id. */
export function stepOf({ db }: Pick<Nation, 'db'>, id: string): Promise<AgreementStepRow | undefined> {
  return db.selectFrom('agreement_steps').selectAll().where('id', '=', id).executeTakeFirst()
}

/** What came after the versions that the pairing brought. Throws `node/absent` for an agreement that is not here. */
export async function lifeOf(nation: LifeNeeds, agreement: string): Promise<AgreementLife> {
  return foldSteps(nation, pairedVersion(nation.trust(), agreement), await stepsOf(nation, agreement))
}

function pairedVersion({ anchors, agreements }: Trust, agreement: string): AgreementVersion {
  const last = anchors.paired?.[agreement] ?? 1
  const version = agreements.get(agreement)?.findLast(({ body }) => body.version <= last)
  if (version === undefined) throw new NodeError('node/absent', 'nothing is here')
  return version
}

function foldSteps({ crypto, config }: LifeNeeds, paired: AgreementVersion, rows: readonly AgreementStepRow[]): AgreementLife {
  let life = lifeAfter(paired, config.nation)
  for (const { id, kind, nation, number, proposal, document } of rows) {
    if (kind === 'act') life = foldLife(crypto, life, { step: 'act', id, act: (JSON.parse(document) as SignedOnce<NegotiationAct>).body })
    if (kind === 'seal') {
      const { keyId } = (JSON.parse(document) as Seal).signature
      life = foldLife(crypto, life, { step: 'seal', nation, number, proposal, keyId })
    }
  }
  return life
}

/** Versions that this node knows whole: those of its trust, and those whose last signature came. */
export async function wholeVersions(nation: LifeNeeds, agreement: string): Promise<readonly AgreementVersion[]> {
  const { proposals } = await lifeOf(nation, agreement)
  const held = nation.trust().agreements.get(agreement) ?? []
  const whole = [...proposals.values()].filter((one) => missingSeals(one).length === 0 && !held.some(({ id }) => id === one.id))
  return [...held, ...whole.toSorted((a, b) => a.number - b.number)]
}

/**
 * Versions that another node may hold already: the whole ones, and those that the own authority signed, whose last signature may be on its
 * way here by another link.
 */
export async function signedVersions(nation: LifeNeeds, agreement: string): Promise<readonly AgreementVersion[]> {
  const { proposals, self } = await lifeOf(nation, agreement)
  const isOwn = ({ keys, seals }: Proposal): boolean => {
    const own = [...keys].filter(([, of]) => of === self)
    return own.length > 0 && own.every(([keyId]) => seals.has(keyId))
  }
  const whole = await wholeVersions(nation, agreement)
  return [...whole, ...[...proposals.values()].filter((one) => isOwn(one) && !whole.some(({ id }) => id === one.id))]
}

/** Every file below `trust/` that the steps make; a version before what speaks of it. */
export async function trustFiles(nation: LifeNeeds): Promise<readonly TrustFile[]> {
  const files: TrustFile[] = []
  for (const agreement of nation.trust().agreements.keys()) {
    const rows = await stepsOf(nation, agreement)
    if (rows.length === 0) continue
    const paired = pairedVersion(nation.trust(), agreement)
    const { proposals } = foldSteps(nation, paired, rows)
    const held = [...proposals.values()].filter((one) => rows.some(({ kind, proposal }) => kind === 'held' && proposal === one.id))
    const names = new Set([...held.map(({ id }) => id), ...(nation.trust().agreements.get(agreement) ?? []).map(({ id }) => id)])
    files.push(...held.map((one) => ({ path: versionPath(agreement, one.number), text: signedText(one, rows) })))
    for (const { kind, id, nation: of, number, proposal, document } of rows) {
      if (!names.has(proposal)) continue
      if (kind === 'proof') {
        const { partner } = JSON.parse(document) as HeldEvidence
        files.push({ path: `held/${fileName(agreement, number)}-${of.toLowerCase()}-${partner.toLowerCase()}.json`, text: document })
      }
      if (kind === 'notice') files.push({ path: `notices/${id}.json`, text: document })
    }
  }
  return files
}

/** Where a version stands below `trust/`; names sort as numbers do. */
export function versionPath(agreement: string, number: number): string {
  return `agreements/${fileName(agreement, number)}.json`
}

function fileName(agreement: string, number: number): string {
  return `${agreement}-${String(number).padStart(4, '0')}`
}

/** The body with every signature, by key: the same text on every node. */
function signedText({ id, body }: Proposal, rows: readonly AgreementStepRow[]): string {
  const signatures: HybridSignature[] = rows
    .filter(({ kind, proposal }) => kind === 'seal' && proposal === id)
    .map(({ document }) => (JSON.parse(document) as Seal).signature)
    .sort((a, b) => (a.keyId < b.keyId ? -1 : 1))
  return canonicalText({ body, signatures } as unknown as Json)
}

/** Paired nations with which this one has a link under an agreement: what is said of it is said to each. */
export function partnersUnder(nation: Pick<Nation, 'trust'>, agreement: string): readonly string[] {
  return linkedUnder(nation.trust(), agreement).filter((partner) => nation.trust().partners.has(partner))
}

/** One entry for each log with a partner under the agreement. */
export function entriesUnder(
  nation: Pick<Nation, 'crypto' | 'config' | 'trust'>,
  agreement: string,
  at: number,
  fields: Readonly<Record<string, Json>>,
): ReturnType<typeof entryFor>[] {
  return partnersUnder(nation, agreement).map((partner) => entryFor(nation, logName(agreement, partner), at, { ...fields, agreement }))
}

/** One letter to each partner under the agreement. */
export function lettersUnder(
  nation: Pick<Nation, 'config' | 'trust'>,
  agreement: string,
  type: Letter['type'],
  body: unknown,
): readonly Letter[] {
  return partnersUnder(nation, agreement).map((partner) => ({ partner, agreement, type, body: body as Json }))
}

/** The version that a notice speaks of, with its id computed anew. Throws `node/absent`. */
export function versionOfNotice(
  nation: Pick<Nation, 'crypto'>,
  { body }: Signed<AgreementNotice>,
  among: readonly AgreementVersion[],
): AgreementVersion {
  const version = among.find(({ id }) => id === body.version)
  if (version === undefined || agreementId(nation.crypto, version.body) !== body.version)
    throw new NodeError('node/absent', 'nothing is here')
  return version
}

/** Reads a signed notice out of a body that came. Throws `CanonicalError`. */
export function noticeIn(signed: unknown): Signed<AgreementNotice> {
  return readSignedNotice(utf8(canonicalText(signed as Json)))
}
