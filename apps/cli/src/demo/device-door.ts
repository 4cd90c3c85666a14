import { readFile } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Json, canonicalBytes, readJson, toBase64Url, toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { policiesIn } from '../data.ts'
import { deviceDirectory } from './set-up.ts'
import type { LoadedWorld } from './world.ts'

/** Where the demonstration hands devices to browsers. */
export interface DeviceDoor {
  /** `http://entente.localhost:4600`. */
  readonly address: string
  close(): Promise<void>
}

const HOST = 'entente.localhost'
const TRIES = 100

/**
 * Opens the door at which a browser gets the device of a person of the exercise. It stands beside the nodes, for a node never
 * has a person's keys: the browser is sent on to its node with the device after the `#` of the address, which no server sees.
 * `nodeOf` gives the address of a nation's node; nobody is sent anywhere else.
 */
export async function openDeviceDoor(
  dir: string,
  world: LoadedWorld,
  options: { readonly port: number; readonly nodeOf: (nation: string) => string | undefined },
): Promise<DeviceDoor> {
  const policies = await policyDigests(world.policies)
  const server = createServer((request, response) => {
    void answer(request.url ?? '', request.headers.host).then(
      (to) => {
        response.writeHead(to === undefined ? 404 : 302, {
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
          ...(to === undefined ? {} : { location: to }),
        })
        response.end()
      },
      () => response.writeHead(500).end(),
    )
  })
  const port = await listen(server, options.port)
  return {
    address: `http://${HOST}:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }

  async function answer(path: string, host: string | undefined): Promise<string | undefined> {
    // A name that somebody else's server gave to this address is not ours: no page of theirs may ask here.
    if (host !== `${HOST}:${port}`) return undefined
    const { pathname, searchParams } = new URL(path, `http://${HOST}`)
    const at = searchParams.get('at')
    const person = searchParams.get('person')
    const nation = world.nations.find((one) => at !== null && options.nodeOf(one.nation) === at)
    if (pathname !== '/device' || nation === undefined || at === null) return undefined
    if (!nation.persons.some(({ id }) => id === person) || person === null) return undefined
    return `${at}/#device=${toBase64Url(canonicalBytes(await parcelOf(deviceDirectory(dir, nation, person), person)))}`
  }

  async function parcelOf(folder: string, person: string): Promise<Json> {
    const anchors = readJson(await readFile(join(folder, 'anchors.json')))
    const keys = readJson(await readFile(join(folder, 'device.json'))) as Readonly<Record<string, Json>>
    return { version: 1, person, anchors, policies, ...keys }
  }
}

async function policyDigests(folder: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  for (const policy of await policiesIn(folder)) digests[policy.id] = toHex(nodeCrypto.sha256(canonicalBytes(policy as unknown as Json)))
  return digests
}

async function listen(server: Server, preferred: number): Promise<number> {
  for (let port = preferred; port < preferred + TRIES; port++) {
    const taken = await new Promise<boolean>((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void => (error.code === 'EADDRINUSE' ? resolve(true) : reject(error))
      server.once('error', failed).listen({ port, host: '127.0.0.1' }, () => {
        server.off('error', failed)
        resolve(false)
      })
    })
    if (!taken) return (server.address() as AddressInfo).port
  }
  throw new TypeError(`no free port from ${preferred}`)
}
