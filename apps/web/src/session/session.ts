import { type HybridSigner, type Signer, EntenteError } from '@entente/canonical'
import {
  type Client,
  type MakeScratch,
  type Me,
  type NodeApi,
  meShape,
  nodeApi,
  readPins,
  readPolicies,
  seenNumbers,
} from '@entente/client'
import { webCrypto } from '@entente/crypto-web'
import { deviceOf, putDevice } from '../device/keep.ts'
import { type Device, holderOf, officerOf } from '../device/parcel.ts'
import { breath } from './breath.ts'
import { browserScratch } from './scratch.ts'
import { SignInError, nodeFetch, now } from './sign-in.ts'
import { readTokens } from './tokens.ts'

/** Somebody at work in this tab: who, with which device, and what it believes. */
export interface Session {
  readonly me: Me
  readonly device: Device
  readonly client: Client
  readonly api: NodeApi
  readonly scratch: MakeScratch
  readonly holder: (originator: string) => Promise<Signer>
  /** Throws `cli/no-officer-key` on a device without one. */
  readonly officer: () => Promise<HybridSigner>
}

/**
 * Takes up the sign-in of this tab: asks the node who it is, verifies every key statement and agreement from the device's
 * own anchors, and compares the marking policies with those that the device was given. Undefined when nobody is signed in.
 */
export async function openSession(): Promise<Session | undefined> {
  const tokens = readTokens()
  if (tokens === undefined) return undefined
  const device = await deviceOf(tokens.person)
  if (device === undefined) return undefined
  const call = nodeFetch(device)
  const api = nodeApi(async ({ method, path, contentType, body }) => {
    const answer = await call(path, {
      method,
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
      ...(body === undefined ? {} : { body }),
    })
    if (answer.status === 401) throw new SignInError('login/ended', 'the session is over')
    return { status: answer.status, body: bytesOf(answer) }
  })
  const me = await api.get('/api/me', meShape)
  const policies = await readPolicies(webCrypto, api, device.policies)
  const pins = await readPins(webCrypto, api, device.anchors, { policies, seen: device.seen })
  await putDevice({ ...device, seen: seenNumbers(pins.trust) })
  return {
    me,
    device,
    api,
    client: { crypto: webCrypto, api, pins, now },
    scratch: browserScratch,
    holder: async (originator) => holderOf(device, originator),
    async officer() {
      const signer = await officerOf(device)
      if (signer === undefined) throw new EntenteError('cli/no-officer-key', 'the device signs nothing', { values: { person: me.id } })
      return signer
    },
  }
}

async function* bytesOf(answer: Response): AsyncGenerator<Uint8Array, void, void> {
  const reader = answer.body?.getReader()
  if (reader === undefined) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      await breath()
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
