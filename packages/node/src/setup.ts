import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Agreement,
  agreementShape,
  readSignedAgreement,
  signAgreement,
  signedAgreementShape,
  verifyAgreement,
} from '@entente/agreement'
import {
  type HybridPublicKey,
  type HybridSigner,
  type Json,
  type Realm,
  type Shape,
  type Signed,
  canonicalText,
  fromBase64Url,
  hybridPublicKeyShape,
  hybridSigner,
  readDocument,
  readShape,
  shapes,
  toBase64Url,
} from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import {
  type KeyStatement,
  type OfficerDelegation,
  type PairingSide,
  anchorsShape,
  checkPairingCommitment,
  followKeyStatement,
  keyStatementId,
  pairingCommitment,
  pairingWords,
  readKeyStatement,
  signKeyStatement,
  verifyKeyStatement,
} from '@entente/exchange'
import * as v from 'valibot'
import { type NationConfig, type Peers, pathsOf, readConfig, writeDurably } from './config.ts'
import { NodeError } from './errors.ts'
import { checkFormat } from './format.ts'
import { logKeyLine, logSigners, witnessKeyLine, witnessSigners } from './ledger/keys.ts'
import { wallClock } from './processes/clock.ts'
import { makeSeeds, readSeeds } from './seeds.ts'
import { anchorDigest } from './tls/fingerprint.ts'
import { type Anchors, HOME_LOG, logName, logOrigin, secondWitnessName, witnessName, refuseUnkept } from './trust.ts'

/** What a new nation's directory is made from. */
export interface InitInput {
  readonly realm: Realm
  readonly nation: string
  /** Domain of its stable names: `aaa.entente.example` gives `https://node.aaa.entente.example` and so on. */
  readonly domain: string
  readonly people: { readonly host: string; readonly port: number }
  readonly partner: { readonly host: string; readonly port: number }
  readonly nations: string
  readonly demoProvider: boolean
  /** People who may use the node, as `people.json`. */
  readonly persons: Json
}

/** What one nation's administrators hand to the other's, to be compared by words. */
export interface PairingParcel {
  readonly nation: string
  readonly authorityKey: HybridPublicKey
  /** The key of the authority's second person, for agreements to pin. */
  readonly countersigningKey: HybridPublicKey
  readonly statement: Signed<KeyStatement>
  /** This side's chance in the words. */
  readonly nonce: string
}

export const initInputShape: Shape<InitInput> = v.strictObject({
  realm: shapes.realm,
  nation: shapes.nation,
  domain: shapes.shortText,
  people: v.strictObject({ host: shapes.shortText, port: shapes.natural }),
  partner: v.strictObject({ host: shapes.shortText, port: shapes.natural }),
  nations: shapes.shortText,
  demoProvider: v.boolean(),
  persons: shapes.json,
})

/** Makes a nation's directory: every key, the TLS identity, the configuration. Refuses a directory that is one already (`node/conflict`). */
export async function initNation(
  dir: string,
  value: unknown,
): Promise<Pick<PairingParcel, 'nation' | 'authorityKey' | 'countersigningKey'>> {
  const input = readShape(initInputShape, value, 'init')
  const paths = pathsOf(dir)
  if ((await readdir(dir).catch((): string[] => [])).includes('config.json'))
    throw new NodeError('node/conflict', 'the directory holds a nation already', { values: { what: 'directory' } })
  for (const folder of [paths.trust, paths.authority, paths.node, paths.ledger, paths.keys, paths.office, paths.witness, paths.logs]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }
  await mkdir(join(paths.trust, 'agreements'), { mode: 0o700 })
  await mkdir(join(paths.trust, 'statements'), { mode: 0o700 })
  const { makeTlsIdentity } = await import('./tls/anchors.ts')
  const names = { node: `https://node.${input.domain}`, kas: `https://kas.${input.domain}`, office: `https://office.${input.domain}` }
  const tls = await makeTlsIdentity(new URL(names.node).hostname, input.realm, input.nation, wallClock())
  await writeDurably(join(paths.node, 'tls-anchor.pem'), tls.anchor)
  await writeDurably(join(paths.node, 'tls-certificate.pem'), tls.certificate)
  await writeDurably(join(paths.node, 'tls-key.pem'), tls.key)
  await makeSeeds(nodeCrypto, join(paths.authority, 'keys.json'), ['ed25519', 'mldsa65'])
  await makeSeeds(nodeCrypto, join(paths.authority, 'countersigning.json'), ['ed25519', 'mldsa65'])
  await makeSeeds(nodeCrypto, join(paths.node, 'keys.json'), ['envelopeEd25519', 'envelopeMldsa65', 'nonce'])
  await makeSeeds(nodeCrypto, join(paths.ledger, 'keys.json'), ['logs', 'witness'])
  await makeSeeds(nodeCrypto, join(paths.keys, 'keys.json'), ['kek', 'kas'])
  await makeSeeds(nodeCrypto, join(paths.office, 'keys.json'), ['issuer', 'statusEd25519', 'statusMldsa65', 'pseudonym'])
  await makeSeeds(nodeCrypto, join(paths.witness, 'keys.json'), ['witness'])
  await writeDurably(join(paths.office, 'officers.json'), '{}')
  await writeDurably(join(paths.node, 'people.json'), canonicalText(input.persons))
  await checkFormat(dir)
  const authority = await authoritySigner(dir)
  const anchors: Anchors = { realm: input.realm, nation: input.nation, authorities: { [input.nation]: authority.publicKey } }
  await writeAnchors(dir, anchors)
  const { realm, nation, people, partner, nations, demoProvider } = input
  const config: NationConfig = { version: 1, realm, nation, names, people, partner, nations, demoProvider }
  await writeDurably(paths.config, canonicalText(config as unknown as Json))
  return { nation, authorityKey: authority.publicKey, countersigningKey: (await countersigner(dir)).publicKey }
}

const statementInputShape = v.strictObject({
  /** One for each agreement and partner. */
  links: v.array(v.strictObject({ agreement: shapes.shortText, partner: shapes.nation })),
  officers: v.array(
    v.strictObject({
      officer: shapes.shortText,
      key: hybridPublicKeyShape,
      ceiling: shapes.shortText,
      areas: v.array(shapes.shortText),
      until: shapes.instant,
      office: v.exactOptional(shapes.shortText),
    }),
  ),
  /** Who may propose, comment and initial agreements. */
  negotiators: v.exactOptional(v.array(v.strictObject({ officer: shapes.shortText, key: hybridPublicKeyShape, until: shapes.instant }))),
  /** Officers of the clearance office, by id. */
  clearanceOfficers: v.record(v.string(), hybridPublicKeyShape),
  number: shapes.natural,
})

/** The authority signs the nation's key statement: an act off the node, with the public halves of what `initNation` made. */
export async function makeKeyStatement(dir: string, value: unknown): Promise<PairingParcel> {
  const input = readShape(statementInputShape as unknown as Shape<v.InferOutput<typeof statementInputShape>>, value, 'statement')
  const paths = pathsOf(dir)
  const { realm, nation, names } = await readConfig(dir)
  const { kas } = names
  const node = await readSeeds(join(paths.node, 'keys.json'), ['envelopeEd25519', 'envelopeMldsa65'])
  const ledger = await readSeeds(join(paths.ledger, 'keys.json'), ['logs', 'witness'])
  const keys = await readSeeds(join(paths.keys, 'keys.json'), ['kas'])
  const office = await readSeeds(join(paths.office, 'keys.json'), ['issuer', 'statusEd25519', 'statusMldsa65'])
  const second = await readSeeds(join(paths.witness, 'keys.json'), ['witness'])
  const origins = [HOME_LOG, ...input.links.map(({ agreement, partner }) => logName(agreement, partner))]
    .map((name) => logOrigin(kas, realm, name))
    .sort()
  const logs = []
  for (const origin of origins) logs.push(logKeyLine(origin, await logSigners(nodeCrypto, ledger.logs, origin)))
  const own = witnessName(kas, realm)
  const secondName = secondWitnessName(kas, realm)
  const witness = [
    witnessKeyLine(own, await witnessSigners(nodeCrypto, ledger.witness, own)),
    witnessKeyLine(secondName, await witnessSigners(nodeCrypto, second.witness, secondName)),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
  const issuer = await nodeCrypto.signer('Ed25519', fromBase64Url(office.issuer))
  const delegations: OfficerDelegation[] = input.officers
    .map((officer) => ({ ...officer, nation, areas: [...officer.areas].sort() }))
    .sort((a, b) => (a.officer < b.officer ? -1 : 1))
  const negotiators = (input.negotiators ?? []).toSorted((a, b) => (a.officer < b.officer ? -1 : 1))
  const body: KeyStatement = {
    nation,
    realm,
    number: input.number,
    at: wallClock(),
    names,
    keys: {
      tls: anchorDigest(await readFile(join(paths.node, 'tls-anchor.pem'), 'utf8')),
      envelope: (await hybridFrom(node.envelopeEd25519, node.envelopeMldsa65)).publicKey,
      logs,
      witness,
      kas: { kid: 'kas-1', kem: toBase64Url((await nodeCrypto.kemKey(fromBase64Url(keys.kas))).publicKey) },
      issuer: { kid: 'issuer-1', jwk: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(issuer.publicKey) } },
      status: (await hybridFrom(office.statusEd25519, office.statusMldsa65)).publicKey,
    },
    delegations,
    ...(negotiators.length === 0 ? {} : { negotiators }),
  }
  const authority = await authoritySigner(dir)
  const statement = await signKeyStatement(nodeCrypto, body, authority)
  await writeDurably(join(paths.office, 'officers.json'), canonicalText(input.clearanceOfficers as unknown as Json))
  await keepStatement(dir, statement)
  const nonce = toBase64Url(nodeCrypto.random(32))
  await writeDurably(join(paths.authority, 'pairing-nonce'), nonce)
  return { nation, authorityKey: authority.publicKey, countersigningKey: (await countersigner(dir)).publicKey, statement, nonce }
}

/** What this side sends before it has seen anything of the other's. */
export async function pairingCommitmentOf(dir: string): Promise<string> {
  const { realm } = await readConfig(dir)
  return pairingCommitment(nodeCrypto, await ownSide(dir), realm)
}

async function ownSide(dir: string): Promise<PairingSide> {
  const { nation } = await readConfig(dir)
  const paths = pathsOf(dir)
  return {
    statement: readKeyStatement(await readFile(join(paths.trust, 'statements', `${nation}.json`))),
    nonce: await readFile(join(paths.authority, 'pairing-nonce'), 'utf8'),
  }
}

/** The authority signs an agreement's body, with its second person where the body pins one; the other parties' signatures come beside it. */
export async function signAsAuthority(dir: string, value: unknown): Promise<Signed<Agreement>> {
  const body = readShape(agreementShape, value, 'agreement')
  refuseUnkept(body)
  const { nation } = await readConfig(dir)
  const isCountersigned = body.parties.some((party) => party.nation === nation && party.countersigningKey !== undefined)
  return signAgreement(nodeCrypto, body, await authoritySigner(dir), ...(isCountersigned ? [await countersigner(dir)] : []))
}

/** What `pairNation` takes: the other nation's parcel and its TLS anchor, and the agreement that both signed. */
export interface PairInput {
  readonly parcel: PairingParcel
  /** PEM of the partner's TLS anchor; must be the one that its statement pins. */
  readonly anchor: string
  readonly agreement: Signed<Agreement>
}

/**
 * The words that both sides read to each other before they pair (spec/pairing.md). `commitment` is what the other side
 * sent first, if it was the one to begin.
 */
export async function pairingWordsOf(dir: string, parcel: PairingParcel, commitment?: string): Promise<readonly string[]> {
  const { realm } = await readConfig(dir)
  await verifyKeyStatement(nodeCrypto, parcel.statement, { realm, nation: parcel.nation, authorityKey: parcel.authorityKey })
  const theirs: PairingSide = { statement: parcel.statement, nonce: parcel.nonce }
  if (commitment !== undefined) checkPairingCommitment(nodeCrypto, theirs, realm, commitment)
  return pairingWords(nodeCrypto, await ownSide(dir), theirs, realm)
}

/** Takes the partner in, after people compared the words: its authority key becomes an anchor of every process. */
export async function pairNation(dir: string, input: PairInput): Promise<void> {
  const { realm, nation } = await readConfig(dir)
  const { parcel, anchor } = input
  const agreement = readShape(signedAgreementShape, input.agreement, 'agreement')
  const paths = pathsOf(dir)
  const statement = await verifyKeyStatement(nodeCrypto, parcel.statement, {
    realm,
    nation: parcel.nation,
    authorityKey: parcel.authorityKey,
  })
  if (anchorDigest(anchor) !== statement.keys.tls)
    throw new NodeError('node/trust', 'the TLS anchor is not the one that the key statement pins', { values: { nation: parcel.nation } })
  const authority = await authoritySigner(dir)
  // Earlier partners stay: each pairing adds one.
  const before = readDocument(anchorsShape, await readFile(join(paths.node, 'anchors.json')), 'anchors')
  const authorities = { ...before.authorities, [nation]: authority.publicKey, [parcel.nation]: parcel.authorityKey }
  // What people brought along when they paired needs no log entries to be in force; its first version never does.
  const { agreement: name, version } = agreement.body
  const paired = { ...before.paired, ...(version > Math.max(1, before.paired?.[name] ?? 1) ? { [name]: version } : {}) }
  const anchors: Anchors = { realm, nation, authorities, ...(Object.keys(paired).length === 0 ? {} : { paired }) }
  await verifyAgreement(nodeCrypto, agreement, { anchors: authorities })
  refuseUnkept(agreement.body)
  await keepStatement(dir, parcel.statement)
  await writeDurably(join(paths.trust, `tls-${parcel.nation}.pem`), anchor)
  const { body } = agreement
  const text = canonicalText(agreement as unknown as Json)
  readSignedAgreement(new TextEncoder().encode(text))
  await writeDurably(join(paths.trust, 'agreements', `${body.agreement}-${String(body.version).padStart(4, '0')}.json`), text)
  await writeAnchors(dir, anchors)
}

/** Where partners' nodes are at present. */
export async function writePeers(dir: string, peers: Peers): Promise<void> {
  await writeDurably(pathsOf(dir).peers, canonicalText(peers as unknown as Json))
}

async function keepStatement(dir: string, statement: Signed<KeyStatement>): Promise<void> {
  const path = join(pathsOf(dir).trust, 'statements', `${statement.body.nation}.json`)
  const held = await readFile(path).catch(() => undefined)
  // INVARIANT: a key statement never gives way to one with a lower number, nor to another of its own number.
  if (held !== undefined && followKeyStatement(nodeCrypto, readKeyStatement(held).body, statement.body) === 'same') return
  await writeDurably(path, canonicalText(statement as unknown as Json))
}

async function writeAnchors(dir: string, anchors: Anchors): Promise<void> {
  const paths = pathsOf(dir)
  const text = canonicalText(anchors as unknown as Json)
  // Each process has its own copy, in its own folder: what the node writes elsewhere changes none of them.
  for (const folder of [paths.node, paths.ledger, paths.keys, paths.office, paths.witness])
    await writeDurably(join(folder, 'anchors.json'), text)
}

async function authoritySigner(dir: string): Promise<HybridSigner> {
  const seeds = await readSeeds(join(pathsOf(dir).authority, 'keys.json'), ['ed25519', 'mldsa65'])
  return hybridFrom(seeds.ed25519, seeds.mldsa65)
}

async function countersigner(dir: string): Promise<HybridSigner> {
  const seeds = await readSeeds(join(pathsOf(dir).authority, 'countersigning.json'), ['ed25519', 'mldsa65'])
  return hybridFrom(seeds.ed25519, seeds.mldsa65)
}

/** A hybrid signer from two base64url seeds. */
export async function hybridFrom(ed25519: string, mldsa65: string): Promise<HybridSigner> {
  return hybridSigner(
    await nodeCrypto.signer('Ed25519', fromBase64Url(ed25519)),
    await nodeCrypto.signer('ML-DSA-65', fromBase64Url(mldsa65)),
  )
}

/** The id of a nation's own key statement, for display. */
export async function ownStatementId(dir: string): Promise<string> {
  const { nation } = await readConfig(dir)
  return keyStatementId(nodeCrypto, readKeyStatement(await readFile(join(pathsOf(dir).trust, 'statements', `${nation}.json`))).body)
}

/** Writes the empty marker that says in every directory listing what this is. */
export async function markExercise(dir: string): Promise<void> {
  await writeFile(join(dir, 'EXERCISE-見本・訓練.txt'), 'EXERCISE. Fiction only. 訓練用の架空の内容のみ。\n', { mode: 0o600 })
}
