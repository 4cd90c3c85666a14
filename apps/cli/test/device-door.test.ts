/** The door at which a browser gets a device in an exercise: whom it answers, and where it sends people. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fromBase64Url, readJson } from '@entente/canonical'
import { openDeviceDoor } from '#src/demo/device-door.ts'
import { deviceDirectory } from '#src/demo/set-up.ts'
import { type LoadedWorld, readWorld } from '#src/demo/world.ts'

const NODE = 'http://aus.localhost:4601'

interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
}

class Doorway implements AsyncDisposable {
  readonly #dir: string
  readonly #close: () => Promise<void>
  readonly address: string
  readonly person: string
  readonly stranger: string

  private constructor(dir: string, world: LoadedWorld, address: string, close: () => Promise<void>) {
    this.#dir = dir
    this.address = address
    this.#close = close
    this.person = world.nations.find(({ nation }) => nation === 'AUS')?.persons[0]?.id ?? ''
    this.stranger = world.nations.find(({ nation }) => nation === 'JPN')?.persons[0]?.id ?? ''
  }

  static async open(): Promise<Doorway> {
    const dir = await mkdtemp(join(tmpdir(), 'entente-door-'))
    const world = await readWorld(undefined)
    for (const nation of world.nations) {
      for (const { id } of nation.persons) {
        const folder = deviceDirectory(dir, nation, id)
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, 'anchors.json'), '{"anchors":"EXERCISE"}')
        await writeFile(join(folder, 'device.json'), `{"holder":{"AUS":"${id}"}}`)
      }
    }
    const door = await openDeviceDoor(dir, world, { port: 14_500, nodeOf: (nation) => (nation === 'AUS' ? NODE : undefined) })
    return new Doorway(dir, world, door.address, () => door.close())
  }

  /** Node's own client, which sends the `Host` that it is told, as a name of somebody else's would arrive. */
  ask(path: string, host?: string): Promise<Answer> {
    const { port, host: own } = new URL(this.address)
    return new Promise((resolve, reject) => {
      http
        .get({ host: '127.0.0.1', port, path, headers: { host: host ?? own } }, (response) => {
          response.resume()
          resolve({ status: response.statusCode ?? 0, headers: response.headers })
        })
        .once('error', reject)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
    await rm(this.#dir, { recursive: true })
  }
}

test('a browser is sent to the node of the person, with the device behind the number sign, and nothing keeps the address', async () => {
  await using door = await Doorway.open()
  const { status, headers } = await door.ask(`/device?person=${door.person}&at=${encodeURIComponent(NODE)}`)
  assert.equal(status, 302)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  const location = new URL(headers.location ?? '')
  assert.equal(location.origin, NODE)
  assert.equal(location.pathname + location.search, '/')
  const parcel = readJson(fromBase64Url(location.hash.slice('#device='.length))) as Record<string, unknown>
  assert.deepEqual(Object.keys(parcel).sort(), ['anchors', 'holder', 'person', 'policies', 'version'])
  assert.deepEqual(parcel['holder'], { AUS: door.person })
  const policies = Object.values(parcel['policies'] as Record<string, string>)
  assert.ok(policies.length > 0 && policies.every((digest) => /^[0-9a-f]{64}$/u.test(digest)))
})

test('nobody else is answered, nobody is sent elsewhere, and every refusal looks the same', async () => {
  await using door = await Doorway.open()
  const at = encodeURIComponent(NODE)
  const { port } = new URL(door.address)
  const refused: readonly (readonly [string, string, string?])[] = [
    ['somebody who is not of the exercise', `/device?person=nobody&at=${at}`],
    ['a person of another nation', `/device?person=${door.stranger}&at=${at}`],
    ['a path where a person should be', `/device?person=..%2f..%2fjpn&at=${at}`],
    ['an address that is no node', `/device?person=${door.person}&at=http%3A%2F%2Fevil.localhost%3A4601`],
    ['an address that only begins like a node', `/device?person=${door.person}&at=${at}.evil.example`],
    ['a nation whose node does not run', `/device?person=${door.stranger}&at=undefined`],
    ['no address', `/device?person=${door.person}`],
    ['no person', `/device?at=${at}`],
    ['another path', `/?person=${door.person}&at=${at}`],
    ["somebody else's name for this machine", `/device?person=${door.person}&at=${at}`, `evil.example:${port}`],
    ['the number of this machine', `/device?person=${door.person}&at=${at}`, `127.0.0.1:${port}`],
  ]
  for (const [what, path, host] of refused) {
    const { status, headers } = await door.ask(path, host)
    assert.equal(status, 404, what)
    assert.equal(headers.location, undefined, what)
  }
})
