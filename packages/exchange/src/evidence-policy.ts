import type { Crypto, Realm } from '@entente/canonical'
import { type NoteKey, type Opening, type Policy, openEntry, parseVkey, verifyLogProof } from '@entente/ledger'
import type { EvidenceChecks } from './entry.ts'
import { type KeyStatement, logKeyOf, witnessKeyOf } from './key-statement.ts'
import { type Trust, partnersIn, statementOf } from './trust-model.ts'

/** The name of the log of acts that concern nobody but the nation itself. */
export const HOME_LOG = 'home'

/** Names of a nation's logs: `home`, and one per agreement and partner; also the folder names. */
export function logName(agreement: string, partner: string): string {
  return `${agreement}.${partner.toLowerCase()}`
}

/** Origin of a nation's log: scheme-less, as C2SP checkpoints want it; realm inside. */
export function logOrigin(kas: string, realm: Realm, log: string): string {
  return `log.${hostOf(kas).replace(/^kas\./u, '')}/${realm}/${log.replace('.', '/')}`
}

/**
 * Nations with which this one has a link under an agreement: the other parties of its newest version, and, before they are parties, those
 * that were invited to become one: paired, with a log of that agreement and nation in the own key statement. Sorted.
 */
export function linkedUnder({ anchors, own, partners, agreements }: Trust, agreement: string): readonly string[] {
  const newest = agreements.get(agreement)?.at(-1)
  if (newest === undefined) return []
  const origins = new Set(own.keys.logs.map(({ origin }) => origin))
  const invited = [...partners.keys()].filter((partner) =>
    origins.has(logOrigin(own.names.kas, anchors.realm, logName(agreement, partner))),
  )
  return [...new Set([...partnersIn(newest.body, anchors.nation), ...invited])].toSorted()
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

/** The keys of a log, as its nation's statement names them. */
export function logNoteKeys(crypto: Crypto, statement: KeyStatement, origin: string): readonly NoteKey[] {
  const { ed25519, mldsa44 } = logKeyOf(statement, origin)
  return [parseVkey(crypto, ed25519), parseVkey(crypto, mldsa44)]
}

/**
 * What a checkpoint of a log needs to count: the log's signatures of both kinds, and both cosignatures of one witness,
 * each as the statements of their nations name them. Throws `exchange/key-unknown`.
 */
export function logPolicy(
  crypto: Crypto,
  log: { readonly statement: KeyStatement; readonly origin: string },
  witness: { readonly statement: KeyStatement; readonly name: string },
): Policy {
  const vkeys = witnessKeyOf(witness.statement, witness.name).vkeys
  const witnesses = vkeys.map((vkey, at) => ({ name: `witness-${at + 1}`, key: parseVkey(crypto, vkey) }))
  return {
    logs: logNoteKeys(crypto, log.statement, log.origin).map((key) => ({ key })),
    witnesses,
    groups: [{ name: 'both', threshold: witnesses.length, members: witnesses.map(({ name }) => name) }],
    quorum: 'both',
  }
}

/** Policies of a trust by what they are for: a trust never changes, and what is verified under a policy is remembered with it. */
const policiesOf = new WeakMap<Trust, Map<string, Policy>>()

function policyOnce(trust: Trust, name: string, make: () => Policy): Policy {
  const policies = policiesOf.get(trust) ?? new Map<string, Policy>()
  policiesOf.set(trust, policies)
  const policy = policies.get(name) ?? make()
  policies.set(name, policy)
  return policy
}

/** What a proof from a nation's home log must show: that nation's own second witness. The own nation's unless another is named. */
export function homePolicy(crypto: Crypto, trust: Trust, nation: string = trust.anchors.nation): Policy {
  return policyOnce(trust, nation, () => {
    const statement = statementOf(trust, nation)
    const { kas } = statement.names
    return logPolicy(
      crypto,
      { statement, origin: logOrigin(kas, trust.anchors.realm, HOME_LOG) },
      { statement, name: secondWitnessName(kas, trust.anchors.realm) },
    )
  })
}

/** What a proof from `of`'s log with `partner` must show: the partner's cosignature. */
export function linkPolicy(crypto: Crypto, trust: Trust, agreement: string, of: string, partner: string): Policy {
  return policyOnce(trust, `${of} ${partner} ${agreement}`, () => {
    const statement = statementOf(trust, of)
    const witness = statementOf(trust, partner)
    const { realm } = trust.anchors
    return logPolicy(
      crypto,
      { statement, origin: logOrigin(statement.names.kas, realm, logName(agreement, partner)) },
      { statement: witness, name: witnessName(witness.names.kas, realm) },
    )
  })
}

/** The pinned policy of a log by its origin: the own home log, or a log of two that are linked under an agreement. Undefined for any other. */
export function policyOfOrigin(crypto: Crypto, trust: Trust, origin: string): Policy | undefined {
  const { realm, nation } = trust.anchors
  if (origin === logOrigin(trust.own.names.kas, realm, HOME_LOG)) return homePolicy(crypto, trust)
  for (const agreement of trust.agreements.keys()) {
    const known = [nation, ...linkedUnder(trust, agreement).filter((one) => trust.partners.has(one))]
    for (const of of known) {
      for (const partner of known) {
        const named = of !== partner && logOrigin(statementOf(trust, of).names.kas, realm, logName(agreement, partner)) === origin
        if (named) return linkPolicy(crypto, trust, agreement, of, partner)
      }
    }
  }
  return undefined
}

/** Checks of entries and proofs, for key process and client alike. */
export function evidenceChecks(crypto: Crypto): EvidenceChecks<Policy> {
  return {
    openEntry: (leaf, opening) => openEntry(crypto, leaf, opening as unknown as Opening),
    async verifyProof(leaf, proof, policy) {
      const { index, size, time } = await verifyLogProof(crypto, policy, proof, leaf)
      return { index, size, time: time ?? 0 }
    },
  }
}
