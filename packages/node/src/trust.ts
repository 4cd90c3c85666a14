import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Agreement, type AgreementVersion, inForce, readSignedAgreement, verifyAgreement, verifyChain } from '@entente/agreement'
import { type Crypto, type HybridPublicKey, type Realm, type Shape, hybridPublicKeyShape, readDocument, shapes } from '@entente/canonical'
import { type KeyStatement, readKeyStatement, verifyKeyStatement } from '@entente/exchange'
import { NodeError } from './errors.ts'

/** Whose authority keys were compared out of band; each process has its own copy, and nothing else is believed unsigned. */
export interface Anchors {
  readonly realm: Realm
  /** The nation whose process this is. */
  readonly nation: string
  readonly authorities: Readonly<Record<string, HybridPublicKey>>
}

const anchorsShape: Shape<Anchors> = v.strictObject({
  realm: shapes.realm,
  nation: shapes.nation,
  authorities: v.record(v.string(), hybridPublicKeyShape),
})

/** Everything that a process believes about keys and agreements, each piece verified from the anchors. */
export interface Trust {
  readonly anchors: Anchors
  /** This nation's own key statement. */
  readonly own: KeyStatement
  /** Newest key statement of each partner nation. */
  readonly partners: ReadonlyMap<string, KeyStatement>
  /** Every version of every agreement, oldest first, by name. */
  readonly agreements: ReadonlyMap<string, readonly AgreementVersion[]>
}

/**
 * Reads the trust folder (`agreements/*.json`, `statements/*.json`, file names sorted) against this process's own anchors.
 * Throws `node/trust` when anything in it does not hold: a process does not run on half of it.
 */
export async function loadTrust(crypto: Crypto, folder: string, anchorsFile: string): Promise<Trust> {
  const anchors = readDocument(anchorsShape, await readFile(anchorsFile), 'anchors')
  try {
    const agreements = new Map<string, AgreementVersion[]>()
    for (const bytes of await filesIn(join(folder, 'agreements'))) {
      const signed = readSignedAgreement(bytes)
      const versions = agreements.get(signed.body.agreement) ?? []
      const previous = versions.at(-1)
      versions.push(await verifyAgreement(crypto, signed, { anchors: anchors.authorities, ...(previous === undefined ? {} : { previous }) }))
      agreements.set(signed.body.agreement, versions)
      if (signed.body.realm !== anchors.realm) throw new NodeError('node/wrong-realm', 'an agreement of another realm', { values: { realm: signed.body.realm } })
    }
    for (const versions of agreements.values()) verifyChain(versions)
    const statements = new Map<string, KeyStatement>()
    for (const bytes of await filesIn(join(folder, 'statements'))) {
      const signed = readKeyStatement(bytes)
      const authorityKey = anchors.authorities[signed.body.nation]
      if (authorityKey === undefined) throw new NodeError('node/trust', 'a key statement of a stranger', { values: { nation: signed.body.nation } })
      const body = await verifyKeyStatement(crypto, signed, { realm: anchors.realm, nation: signed.body.nation, authorityKey })
      const held = statements.get(body.nation)
      if (held === undefined || body.number > held.number) statements.set(body.nation, body)
    }
    const own = statements.get(anchors.nation)
    if (own === undefined) throw new NodeError('node/trust', 'no key statement of this nation', { values: { nation: anchors.nation } })
    statements.delete(anchors.nation)
    return { anchors, own, partners: statements, agreements }
  } catch (cause) {
    if (cause instanceof NodeError) throw cause
    throw new NodeError('node/trust', `the trust folder does not hold: ${(cause as Error).message}`, { cause, values: { reason: (cause as { code?: string }).code ?? 'unknown' } })
  }
}

async function filesIn(folder: string): Promise<Uint8Array[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.filter((name) => name.endsWith('.json')).sort().map((name) => readFile(join(folder, name))))
}

/** A partner's key statement; throws `node/trust` for a nation that was never paired. */
export function partnerOf(trust: Trust, nation: string): KeyStatement {
  const statement = trust.partners.get(nation)
  if (statement === undefined) throw new NodeError('node/trust', 'this nation was never paired', { values: { nation } })
  return statement
}

/** The version of an agreement in force at `at` (seconds); throws `node/trust` when there is none. */
export function agreementAt(trust: Trust, agreement: string, at: number): AgreementVersion {
  const version = inForce(trust.agreements.get(agreement) ?? [], at)
  if (version === undefined) throw new NodeError('node/trust', 'no version of this agreement is in force', { values: { agreement } })
  return version
}

/** The other parties of an agreement. */
export function partnersIn(body: Agreement, own: string): string[] {
  return body.parties.map((party) => party.nation).filter((nation) => nation !== own)
}

/** Names of a nation's logs: `home`, and one per agreement and partner; also the folder names. */
export function logName(agreement: string, partner: string): string {
  return `${agreement}.${partner.toLowerCase()}`
}

/** The name of the log of acts that concern nobody but the nation itself. */
export const HOME_LOG = 'home'

/** Origin of a nation's log: scheme-less, as C2SP checkpoints want it; realm inside. */
export function logOrigin(kas: string, realm: Realm, log: string): string {
  return `log.${hostOf(kas).replace(/^kas\./u, '')}/${realm}/${log.replace('.', '/')}`
}

/** Name under which a nation's node cosigns its partners' logs. */
export function witnessName(kas: string, realm: Realm): string {
  return `witness.${hostOf(kas).replace(/^kas\./u, '')}/${realm}`
}

/** Name under which a nation's own second witness cosigns its home log. */
export function secondWitnessName(kas: string, realm: Realm): string {
  return `second.${hostOf(kas).replace(/^kas\./u, '')}/${realm}`
}

function hostOf(url: string): string {
  return new URL(url).hostname
}
