import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Crypto, type HybridPublicKey, fromBase64Url, hybridSigner, readJson } from '@entente/canonical'
import {
  type JournalDisk,
  type KeyRing,
  type KeysApi,
  type NationConfig,
  type OfficeService,
  loadTrust,
  makeItemKey,
  openItemKey,
  openOffice,
  pathsOf,
  readSeeds,
  releaseShare,
  sealRefusal,
} from '@entente/node'

/** The key process of a hosted nation: its own keys and its own reading of trust. `onShare` sees every share that it gives. */
export async function hostedKeys(
  crypto: Crypto,
  dir: string,
  policies: KeyRing['policies'],
  now: () => number,
  onShare: (request: string) => void,
): Promise<KeysApi> {
  const { trust: folder, keys } = pathsOf(dir)
  const readTrust = (): ReturnType<typeof loadTrust> => loadTrust(crypto, folder, join(keys, 'anchors.json'))
  let trust = await readTrust()
  const seeds = await readSeeds(join(keys, 'keys.json'), ['kek', 'kas'])
  const kek = fromBase64Url(seeds.kek)
  const service = { kid: 'kas-1', key: await crypto.kemKey(fromBase64Url(seeds.kas)) }
  const itemKey: KeyRing['itemKey'] = (item, sealed) => openItemKey(crypto, kek, item, sealed)
  const ring: KeyRing = { crypto, trust: () => trust, policies, service, itemKey, now }
  return {
    async trust() {
      trust = await readTrust()
    },
    serviceKey: () => ({ kid: service.kid, publicKey: service.key.publicKey }),
    itemKey: ({ item }) => makeItemKey(crypto, kek, item),
    release: async (input) => {
      const share = await releaseShare(ring, input)
      onShare(input.request)
      return share
    },
    refuse: (input) => sealRefusal(ring, input),
  }
}

/** The clearance office of a hosted nation, on a disk that the world owns. */
export async function hostedOffice(
  crypto: Crypto,
  dir: string,
  { nation, realm, names }: NationConfig,
  now: () => number,
  disk: () => JournalDisk,
): Promise<OfficeService['api']> {
  const { office: folder } = pathsOf(dir)
  const seeds = await readSeeds(join(folder, 'keys.json'), ['issuer', 'statusEd25519', 'statusMldsa65', 'pseudonym'])
  const officers = readJson(await readFile(join(folder, 'officers.json'))) as unknown as Readonly<Record<string, HybridPublicKey>>
  const { api } = await openOffice(
    {
      crypto,
      realm,
      nation,
      name: names.office,
      kid: 'issuer-1',
      issuer: await crypto.signer('Ed25519', fromBase64Url(seeds.issuer)),
      status: hybridSigner(
        await crypto.signer('Ed25519', fromBase64Url(seeds.statusEd25519)),
        await crypto.signer('ML-DSA-65', fromBase64Url(seeds.statusMldsa65)),
      ),
      pseudonymSecret: fromBase64Url(seeds.pseudonym),
      officers,
      now,
    },
    async () => disk(),
  )
  return api
}
