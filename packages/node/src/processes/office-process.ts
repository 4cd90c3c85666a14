import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { type HybridPublicKey, type Shape, fromBase64Url, hybridPublicKeyShape, hybridSigner, readDocument } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { pathsOf, readConfig } from '../config.ts'
import { openJournal, openJournalFile } from '../journal/journal.ts'
import { Office } from '../office/office.ts'
import { type Seeds, readSeeds } from '../seeds.ts'
import { offer } from './child.ts'
import { wallClock } from './clock.ts'

/** Seeds of the office: issuer of credentials, status of credentials, secret of pseudonyms. */
type OfficeSeeds = Seeds<'issuer' | 'statusEd25519' | 'statusMldsa65' | 'pseudonym'>

const officersShape: Shape<Readonly<Record<string, HybridPublicKey>>> = v.record(v.string(), hybridPublicKeyShape)

const [dir = ''] = process.argv.slice(2)
const config = await readConfig(dir)
const { office: folder } = pathsOf(dir)
const seeds: OfficeSeeds = await readSeeds(join(folder, 'keys.json'), ['issuer', 'statusEd25519', 'statusMldsa65', 'pseudonym'])
const officers = readDocument(officersShape, await readFile(join(folder, 'officers.json')), 'officers.json')
const records: Uint8Array[] = []
const journal = await openJournal(await openJournalFile(join(folder, 'journal')), (payload) => {
  records.push(payload.slice())
})
const office = new Office(
  {
    crypto: nodeCrypto,
    realm: config.realm,
    nation: config.nation,
    name: config.names.office,
    kid: 'issuer-1',
    issuer: await nodeCrypto.signer('Ed25519', fromBase64Url(seeds.issuer)),
    status: hybridSigner(
      await nodeCrypto.signer('Ed25519', fromBase64Url(seeds.statusEd25519)),
      await nodeCrypto.signer('ML-DSA-65', fromBase64Url(seeds.statusMldsa65)),
    ),
    pseudonymSecret: fromBase64Url(seeds.pseudonym),
    officers,
    now: wallClock,
  },
  journal,
  records,
)

offer(
  {
    nextAct: () => ({ number: office.nextAct() }),
    act: ({ signed }: { signed: unknown }) => office.act(signed),
    enrolmentCode: ({ signed }: { signed: unknown }) => office.enrolmentCode(signed),
    enrol: ({ signed }: { signed: unknown }) => office.enrol(signed),
    credential: (input: Parameters<Office['credential']>[0]) => office.credential(input),
    staple: (input: Parameters<Office['staple']>[0]) => office.staple(input),
    person: ({ person }: { person: string }) => office.person(person),
    holderOf: ({ credentialId }: { credentialId: string }) => ({ person: office.holderOf(credentialId) }),
    roster: (input: Parameters<Office['roster']>[0]) => office.roster(input),
  },
  () => journal.close(),
)
