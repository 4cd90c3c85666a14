import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { type HybridPublicKey, type Shape, fromBase64Url, hybridPublicKeyShape, hybridSigner, readDocument } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { pathsOf, readConfig } from '../config.ts'
import { openJournalFile } from '../journal/journal.ts'
import { openOffice } from '../office/service.ts'
import { type Seeds, readSeeds } from '../seeds.ts'
import { offer, tellFaults } from './child.ts'
import { wallClock } from './clock.ts'
import { noticesOf } from './notice.ts'

/** Seeds of the office: issuer of credentials, status of credentials, secret of pseudonyms. */
type OfficeSeeds = Seeds<'issuer' | 'statusEd25519' | 'statusMldsa65' | 'pseudonym'>

const officersShape: Shape<Readonly<Record<string, HybridPublicKey>>> = v.record(v.string(), hybridPublicKeyShape)

tellFaults(noticesOf('office'))
const [dir = ''] = process.argv.slice(2)
const config = await readConfig(dir)
const { office: folder } = pathsOf(dir)
const seeds: OfficeSeeds = await readSeeds(join(folder, 'keys.json'), ['issuer', 'statusEd25519', 'statusMldsa65', 'pseudonym'])
const officers = readDocument(officersShape, await readFile(join(folder, 'officers.json')), 'officers.json')
const office = await openOffice(
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
  () => openJournalFile(join(folder, 'journal')),
)

offer(office.api, () => office.close())
