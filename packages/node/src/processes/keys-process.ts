import { join } from 'node:path'
import { fromBase64Url } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { pathsOf } from '../config.ts'
import { makeItemKey, openItemKey } from '../keys/item-key.ts'
import { type KeyRing, releaseShare, sealRefusal } from '../keys/unwrap.ts'
import { loadPolicies } from '../policies.ts'
import { readSeeds } from '../seeds.ts'
import { loadTrust } from '../trust.ts'
import type { KeysApi } from './apis.ts'
import { offer, tellFaults } from './child.ts'
import { wallClock } from './clock.ts'
import { noticesOf } from './notice.ts'

// This process reads its code, its own folder and the signed trust folder; it has no network and no children. The
// permission model is a seat belt: what really keeps the shares is that `releaseShare` is the only way to one.
tellFaults(noticesOf('keys'))
const [dir = '', nations = ''] = process.argv.slice(2)
const paths = pathsOf(dir)
const anchors = join(paths.keys, 'anchors.json')
const seeds = await readSeeds(join(paths.keys, 'keys.json'), ['kek', 'kas'])
const kek = fromBase64Url(seeds.kek)
const service = { kid: 'kas-1', key: await nodeCrypto.kemKey(fromBase64Url(seeds.kas)) }
const policies = await loadPolicies(nations)
let trust = await loadTrust(nodeCrypto, paths.trust, anchors)
const ring: KeyRing = {
  crypto: nodeCrypto,
  trust: () => trust,
  policies,
  service,
  itemKey: (item, sealed) => openItemKey(nodeCrypto, kek, item, sealed),
  now: wallClock,
}

const api: KeysApi = {
  async trust() {
    trust = await loadTrust(nodeCrypto, paths.trust, anchors)
  },
  serviceKey: () => ({ kid: service.kid, publicKey: service.key.publicKey }),
  itemKey: ({ item }) => makeItemKey(nodeCrypto, kek, item),
  release: (input) => releaseShare(ring, input),
  refuse: (input) => sealRefusal(ring, input),
}

offer(api, () => Promise.resolve())
