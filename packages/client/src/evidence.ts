import { EntenteError, utf8 } from '@entente/canonical'
import { type ProvenEntry, evidenceChecks, logOrigin, policyOfOrigin, proveEntry } from '@entente/exchange'
import { parseLogProof, readCheckpoint } from '@entente/ledger'
import { ClientError } from './errors.ts'
import type { Client } from './pins.ts'
import { type EvidenceEntry, evidenceShape } from './shapes.ts'

/** One entry after checking: proven; entered but not cosigned yet; or wrong, with the code of what does not hold. */
export type CheckedEntry = { readonly entry: EvidenceEntry } & (
  | { readonly state: 'proven'; readonly proven: ProvenEntry }
  | { readonly state: 'pending' }
  | { readonly state: 'wrong'; readonly code: string }
)

/** Every entry of the own nation about an item, as the node has them; unverified. */
export async function readEvidence(client: Pick<Client, 'api'>, item: string): Promise<readonly EvidenceEntry[]> {
  return (await client.api.get(`/api/items/${item}/evidence`, evidenceShape)).entries
}

/**
 * Verifies entries of the own nation's logs against the device's pins: that each opens, stands in the log that it is said to
 * stand in, and is cosigned as it must be. Never throws for an entry that does not hold: each says what is wrong with it.
 */
export async function verifyEntries(
  client: Pick<Client, 'crypto' | 'pins'>,
  entries: readonly EvidenceEntry[],
): Promise<readonly CheckedEntry[]> {
  const checked: CheckedEntry[] = []
  for (const entry of entries) checked.push(await verifyOne(client, entry))
  return checked
}

async function verifyOne({ crypto, pins: { trust } }: Pick<Client, 'crypto' | 'pins'>, entry: EvidenceEntry): Promise<CheckedEntry> {
  const { leaf, opening, proof } = entry
  if (proof === undefined) return { entry, state: 'pending' }
  try {
    const { origin } = readCheckpoint(parseLogProof(utf8(proof)).checkpoint).checkpoint
    const { realm } = trust.anchors
    const policy = origin === logOrigin(trust.own.names.kas, realm, entry.log) ? policyOfOrigin(crypto, trust, origin) : undefined
    if (policy === undefined) throw new ClientError('client/entry-log', 'a proof from another log', { values: { log: entry.log } })
    const proven = await proveEntry(crypto, { leaf, opening, proof }, realm, policy, evidenceChecks(crypto))
    const said = entry.outcome === undefined || proven.fields['outcome'] === entry.outcome
    if (proven.place.index !== entry.index || proven.fields['act'] !== entry.act || !said) {
      throw new ClientError('client/entry-log', 'an entry of another place, act or outcome', { values: { log: entry.log } })
    }
    return { entry, state: 'proven', proven }
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    return { entry, state: 'wrong', code: (error as EntenteError).code }
  }
}
