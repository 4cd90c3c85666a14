/** Two network namespaces joined by one cable, with ways to spoil it; for root on Linux only. */
import { execFileSync, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { type AddressInfo, type Server, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An address of nobody's: frames that go there are dropped by everybody who sees them. */
const NOBODY = '02:00:00:00:00:99'
/** Takes connections of a socket file to a port of this namespace's own loopback. */
const FORWARD = `
const { connect, createServer } = require('node:net')
const [path, port] = process.argv.slice(1)
createServer((near) => {
  const far = connect(Number(port), '127.0.0.1')
  near.pipe(far).pipe(near)
  near.on('error', () => far.destroy())
  far.on('error', () => near.destroy())
}).listen(path, () => process.send('listening'))
process.on('disconnect', () => process.exit())
`

/** One end of the cable. */
export interface Place {
  readonly name: string
  /** The place's address on the cable. */
  readonly address: string
  /** Puts a command into this namespace. */
  readonly through: readonly string[]
}

/** Why there can be no namespaces here, or undefined. */
export function noNamespaces(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces are for root on Linux'
  try {
    ip('netns', 'add', `entente-try-${process.pid}`)
    ip('netns', 'del', `entente-try-${process.pid}`)
    return undefined
  } catch (error) {
    return `no network namespace can be made here (iproute2): ${(error as Error).message.split('\n')[0]}`
  }
}

/** The cable and its two ends. */
export class Cable implements AsyncDisposable {
  readonly places: readonly [Place, Place]
  readonly #ends: readonly [string, string]
  readonly #doors: (() => void)[] = []

  constructor() {
    const place = (letter: string, host: number): Place => {
      const name = `entente-${process.pid}-${letter}`
      return { name, address: `10.213.77.${host}`, through: ['ip', 'netns', 'exec', name] }
    }
    this.places = [place('a', 1), place('b', 2)]
    this.#ends = [`ea${process.pid}`, `eb${process.pid}`]
    for (const { name } of this.places) ip('netns', 'add', name)
    ip(
      'link',
      'add',
      this.#ends[0],
      'netns',
      this.places[0].name,
      'type',
      'veth',
      'peer',
      'name',
      this.#ends[1],
      'netns',
      this.places[1].name,
    )
    for (const [at, { name, address }] of this.places.entries()) {
      ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', this.#ends[at] ?? '')
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    this.plug()
  }

  /** Pulls the cable out: the link is down, and both ends know. */
  unplug(): void {
    ip('-n', this.places[0].name, 'link', 'set', this.#ends[0], 'down')
  }

  /** Puts it back in. */
  plug(): void {
    for (const [at, { name }] of this.places.entries()) ip('-n', name, 'link', 'set', this.#ends[at] ?? '', 'up')
  }

  /** Nothing that this end sends arrives, and nobody is told: no reset, no unreachable. */
  mute(at: 0 | 1): void {
    const other = this.places[at === 0 ? 1 : 0]
    ip('-n', this.places[at].name, 'neigh', 'replace', other.address, 'lladdr', NOBODY, 'dev', this.#ends[at], 'nud', 'permanent')
  }

  /** What this end sends arrives again. */
  unmute(at: 0 | 1): void {
    const other = this.places[at === 0 ? 1 : 0]
    ip('-n', this.places[at].name, 'neigh', 'del', other.address, 'dev', this.#ends[at])
  }

  /** A port of this machine's loopback, at which the same port of a place's own loopback is reached: the door of its people. */
  async door(at: 0 | 1): Promise<number> {
    const place = this.places[at]
    const path = join(tmpdir(), `${place.name}.sock`)
    rmSync(path, { force: true })
    const server: Server = createServer((near) => {
      const far = connect(path)
      near.pipe(far).pipe(near)
      near.on('error', () => far.destroy())
      far.on('error', () => near.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const [command = '', ...rest] = place.through
    const inside = spawn(command, [...rest, process.execPath, '-e', FORWARD, path, String(port)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    await new Promise<void>((resolve, reject) => inside.once('message', () => resolve()).once('exit', () => reject(new Error('no door'))))
    this.#doors.push(() => {
      server.close()
      inside.kill('SIGKILL')
      rmSync(path, { force: true })
    })
    return port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#doors) close()
    for (const { name } of this.places) ip('netns', 'del', name)
  }
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
}
