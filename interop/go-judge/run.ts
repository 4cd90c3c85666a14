// Makes logs with our ledger, and lets the Go judge and our own verification look at each, as it is and with one byte
// changed: both must say the same. Needs Go 1.18 or later, and either the Go module proxy (or a filled module cache) for
// golang.org/x/mod, or Debian's package golang-golang-x-mod-dev.
//
//   node --conditions=entente-source interop/go-judge/run.ts
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { concatBytes, toBase64, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  LogBuilder,
  type NoteSigner,
  type Policy,
  type TileReader,
  addSignatures,
  cosign,
  makeEntry,
  noteSigner,
  parsePolicy,
  printVkey,
  readCheckpoint,
  signCheckpoint,
  verifyLog,
} from '@entente/ledger'

const SIZES = [0, 1, 255, 256, 257, 65_537]
const ORIGIN = 'log.aaa.entente.example/exercise/home'
const AT = 1_790_000_000

interface Keys {
  readonly log: readonly NoteSigner[]
  readonly witness: readonly NoteSigner[]
  readonly policyFile: Uint8Array
  readonly policy: Policy
}

interface Verdict {
  readonly good: boolean
  readonly said: string
}

let passed = 0
let failed = 0
const work = mkdtempSync(join(tmpdir(), 'entente-judge-'))
try {
  const judge = buildJudge(join(work, 'judge'))
  const keys = await makeKeys()
  for (const size of SIZES) await judgeSize(judge, keys, size)
} finally {
  rmSync(work, { recursive: true, force: true })
}
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Builds the judge by Go modules; where those cannot be had, with the sources that Debian installs. */
function buildJudge(path: string): string {
  const go = ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find((name) => spawnSync(name, ['version']).status === 0)
  if (go === undefined) throw new Error('no Go compiler found')
  const build = (environment: Record<string, string>): string | undefined => {
    const result = spawnSync(go, ['build', '-o', path, '.'], {
      cwd: import.meta.dirname,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    })
    return result.status === 0 ? undefined : `${result.stderr}${String(result.error ?? '')}`
  }
  const complaint = build({ GO111MODULE: 'on', GOTOOLCHAIN: 'local' })
  const second = complaint === undefined ? undefined : build({ GO111MODULE: 'off', GOPATH: '/usr/share/gocode' })
  if (second !== undefined) throw new Error(`the judge does not build:\n${complaint ?? ''}\n${second}`)
  return path
}

async function makeKeys(): Promise<Keys> {
  const log = [
    noteSigner(crypto, ORIGIN, 'ed25519', await crypto.signer('Ed25519')),
    noteSigner(crypto, ORIGIN, 'mldsa44', await crypto.signer('ML-DSA-44')),
  ]
  const name = 'witness.bbb.entente.example'
  const witness = [
    noteSigner(crypto, name, 'ed25519-cosignature', await crypto.signer('Ed25519')),
    noteSigner(crypto, name, 'mldsa44', await crypto.signer('ML-DSA-44')),
  ]
  const lines = [
    ...log.map(({ key }) => `log ${printVkey(key)}`),
    ...witness.map(({ key }, number) => `witness bbb-${number} ${printVkey(key)}`),
    'group bbb all bbb-0 bbb-1',
    'quorum bbb',
  ]
  const policyFile = utf8(`${lines.join('\n')}\n`)
  return { log, witness, policyFile, policy: parsePolicy(crypto, policyFile) }
}

async function judgeSize(judge: string, keys: Keys, size: number): Promise<void> {
  const dir = join(work, `log-${size}`)
  const policyFile = join(work, 'policy')
  writeFileSync(policyFile, keys.policyFile)
  const earlier = await makeLog(dir, keys, size)
  const compare = async (name: string, expected: boolean): Promise<void> => {
    const theirs = askJudge(judge, dir, policyFile, earlier)
    const ours = await askOurs(dir, keys.policy, earlier)
    const agreed = theirs.good === expected && ours.good === expected
    if (agreed) passed++
    else failed++
    say(`${agreed ? 'ok  ' : 'FAIL'} size ${size}, ${name}: judge ${theirs.said}; ours ${ours.said}`)
  }
  await compare('as made', true)
  for (const { name, path, at } of changes(dir, size)) {
    const file = join(dir, path)
    const bytes = Uint8Array.from(readFileSync(file))
    const position = at(bytes)
    writeFileSync(
      file,
      bytes.map((byte, index) => (index === position ? byte ^ 1 : byte)),
    )
    await compare(`${name} ${path}, byte ${position}`, false)
    writeFileSync(file, bytes)
  }
}

interface Change {
  readonly name: string
  readonly path: string
  readonly at: (bytes: Uint8Array) => number
}

/** Where one byte is changed: in every kind of file that a log of this size has, at its beginning, middle or end. */
function changes(dir: string, size: number): readonly Change[] {
  const middle = (bytes: Uint8Array): number => Math.floor(bytes.length / 2)
  // The judge has no ML-DSA, so the change falls into what the Ed25519 signature covers, and into that signature.
  const signature = (bytes: Uint8Array): number => new TextDecoder('latin1').decode(bytes).indexOf(`${ORIGIN} `) + ORIGIN.length + 20
  const root = (bytes: Uint8Array): number => new TextDecoder('latin1').decode(bytes).indexOf('\n\n') - 10
  const all: Change[] = [
    { name: 'checkpoint origin', path: 'checkpoint', at: () => 2 },
    { name: 'checkpoint root', path: 'checkpoint', at: root },
    { name: 'checkpoint signature', path: 'checkpoint', at: signature },
  ]
  if (size === 0) return all
  const needed = readdirSync(join(dir, 'tile'), { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name).slice(dir.length + 1))
    .sort()
  for (const level of ['0', '1', '2', 'entries']) {
    const files = needed.filter((path) => path.startsWith(`tile/${level}/`))
    const first = files[0]
    const last = files.at(-1)
    const name = level === 'entries' ? 'entry' : 'tile'
    if (first !== undefined) all.push({ name, path: first, at: middle })
    if (last !== undefined && last !== first) all.push({ name, path: last, at: (bytes) => bytes.length - 1 })
  }
  return all
}

/** Writes the log and gives the paths of earlier checkpoints of it. */
async function makeLog(dir: string, keys: Keys, size: number): Promise<readonly string[]> {
  const builder = LogBuilder.empty(crypto)
  const earlier: string[] = []
  const writeCheckpoint = async (path: string): Promise<void> => {
    const checkpoint = { origin: ORIGIN, size: builder.size, root: builder.root(), extensions: [] }
    const signed = await signCheckpoint(checkpoint, keys.log, AT)
    const signatures = await cosign(readCheckpoint(signed).note.text, keys.witness, AT + 1)
    write(path, addSignatures(signed, signatures))
  }
  // One append, so that no partial tile of a size in between lies about: the earlier trees are made apart.
  const leaves = Array.from(
    { length: size },
    (_, index) => makeEntry(crypto, { realm: 'exercise', at: AT + index, fields: { act: 'open', serial: index } }).leaf,
  )
  for (const at of [0, Math.floor(size / 3), Math.floor(size / 2)]) {
    const before = LogBuilder.empty(crypto)
    before.append(leaves.slice(0, at))
    const path = `${dir}.checkpoint.${at}`
    const checkpoint = { origin: ORIGIN, size: at, root: before.root(), extensions: [] }
    write(path, await signCheckpoint(checkpoint, keys.log, AT))
    earlier.push(path)
  }
  for (const { path, bytes } of builder.append(leaves).files) write(join(dir, path), bytes)
  await writeCheckpoint(join(dir, 'checkpoint'))
  return [...new Set(earlier)]
}

function write(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

function askJudge(judge: string, dir: string, policyFile: string, earlier: readonly string[]): Verdict {
  const asked = ['-log', dir, '-policy', policyFile, ...earlier.flatMap((path) => ['-earlier', path])]
  const { status, stdout } = spawnSync(judge, asked, { encoding: 'utf8' })
  if (status !== 0 && status !== 3) throw new Error(`the judge ended with ${String(status)}`)
  return { good: status === 0, said: stdout.trim() }
}

async function askOurs(dir: string, policy: Policy, earlier: readonly string[]): Promise<Verdict> {
  const reader: TileReader = (path) => (existsSync(join(dir, path)) ? Uint8Array.from(readFileSync(join(dir, path))) : undefined)
  const earlierCheckpoints = earlier.map((path) => Uint8Array.from(readFileSync(path)))
  const { ok, findings, checkpoint } = await verifyLog(crypto, { reader, policy, origin: ORIGIN, earlierCheckpoints, realm: 'exercise' })
  const [first] = findings
  const said =
    first === undefined
      ? `ok size=${checkpoint?.size} root=${toBase64(checkpoint?.root ?? concatBytes())}`
      : `${first.code} ${JSON.stringify(first.values)}`
  return { good: ok, said }
}
