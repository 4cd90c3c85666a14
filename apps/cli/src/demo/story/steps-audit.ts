import { type } from './command-line.ts'
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeCrypto } from '@entente/crypto-node'
import { type LogReport, parseDisclosure, parsePolicy, verifyLog } from '@entente/ledger'
import { ask, call } from '../call.ts'
import { nationDirectory } from '../set-up.ts'
import { type WorldNation, nationOf } from '../world.ts'
import { startAgain } from './restart.ts'
import { wholeLogs } from './whole-logs.ts'
import { type Evidence, type Scene, actor, check, left, originators, runningOf } from './scene.ts'

/** What an auditor takes away: policy and disclosure of each log, and a copy of the log's public files. */
interface Taken {
  readonly nation: string
  readonly log: string
  readonly folder: string
}

export async function audit(scene: Scene, evidence: Evidence): Promise<void> {
  const { given } = left(scene.released.get('first'), 5)
  const running = runningOf(scene)
  const taken: Taken[] = []
  for (const nation of scene.world.nations) taken.push(...(await takeAway(scene, nation)))
  // What an auditor takes away can be proven once it is cosigned.
  for (const { nation } of scene.world.nations) await wholeLogs(scene, nation)
  await running.stop()
  evidence['nodes'] = 'both stopped'
  try {
    for (const one of taken) await copyLog(scene, one)
    const reports = new Map<Taken, LogReport>()
    for (const one of taken) {
      const report = await verify(scene, one)
      check(report.ok, `${one.nation} ${one.log}: ${JSON.stringify(report.findings)}`)
      reports.set(one, report)
      evidence[`${one.nation} ${one.log}`] =
        `whole, ${report.checkpoint?.size ?? 0} entries, ${report.cosignatures.length} cosignatures, ${report.entries.length} disclosed`
    }
    checkGrants(scene, reports, given, evidence)
    await typeVerify(scene, taken, given, evidence)
    await checkDamage(scene, left([...reports].find(([, report]) => (report.checkpoint?.size ?? 0) > 0)?.[0], 13), evidence)
  } finally {
    await Promise.all(scene.world.nations.map(({ nation }) => startAgain(scene, nation)))
  }
}

/** The same by the command that an auditor types, with no node alive: for each nation's log with the other, and after one byte changed. */
async function typeVerify(scene: Scene, taken: readonly Taken[], item: string, evidence: Evidence): Promise<void> {
  const { originator, recipient } = scene.world.story
  const link = (nation: string): Taken =>
    left(
      taken.find((one) => one.nation === nation && one.log !== 'home'),
      13,
    )
  const files = ({ folder }: Taken, prefix: string): string[] => [
    `--${prefix}log`,
    join(folder, 'log'),
    `--${prefix}policy`,
    join(folder, 'policy'),
    `--${prefix}disclosure`,
    join(folder, 'disclosure'),
  ]
  const [own, theirs] = [link(originator), link(recipient)]
  const pair = ['ledger', 'verify', ...files(own, ''), ...files(theirs, 'partner-'), '--item', item]
  const whole = await type(scene, pair)
  check(whole.exit === 0, `entente ledger verify: exit ${whole.exit} ${whole.stderr}${whole.stdout.slice(0, 400)}`)
  const { releases } = JSON.parse(whole.stdout) as { releases: readonly unknown[] }
  check(releases.length > 0, 'the command lists the releases of the key')
  for (const one of taken)
    check((await type(scene, ['ledger', 'verify', ...files(one, '')])).exit === 0, `${one.nation} ${one.log} by command`)
  const path = join(own.folder, 'log', 'checkpoint')
  const bytes = await readFile(path)
  const changed = Buffer.from(bytes)
  changed[60] = (changed[60] ?? 0) ^ 1
  await writeFile(path, changed)
  const broken = await type(scene, pair)
  await writeFile(path, bytes)
  check(broken.exit === 3, `a changed byte: exit ${broken.exit}`)
  evidence['entente ledger verify'] =
    `exit 0 for ${taken.length} logs, ${releases.length} releases of the key listed; exit 3 after one byte`
}

async function takeAway(scene: Scene, nation: WorldNation): Promise<Taken[]> {
  const auditor = await actor(scene, nation.nation, scene.world.story.cast.auditors[nation.nation] ?? '')
  const { logs } = await call<{ logs: readonly { log: string }[] }>(auditor.session, 'GET', '/api/ledger')
  const taken: Taken[] = []
  // The home log last: each disclosure is an entry of it.
  for (const { log } of [...logs].sort((a, b) => Number(a.log === 'home') - Number(b.log === 'home'))) {
    const folder = join(scene.dir, 'audit', nation.folder, log)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const what of ['policy', 'disclosure']) {
      const answer = await ask(auditor.session, 'GET', `/api/ledger/${what}?log=${log}`)
      check(answer.status === 200, `${what} of ${log}: ${answer.status}`)
      await writeFile(join(folder, what), answer.bytes, { mode: 0o600 })
    }
    taken.push({ nation: nation.nation, log, folder })
  }
  return taken
}

async function copyLog(scene: Scene, { nation, log, folder }: Taken): Promise<void> {
  const dir = nationDirectory(scene.dir, nationOf(scene.world, nation))
  await cp(join(dir, 'ledger', 'logs', log), join(folder, 'log'), { recursive: true })
}

/** As `ledger verify` does: from the log's files, the policy and the disclosure alone. */
async function verify(scene: Scene, { folder }: Taken): Promise<LogReport> {
  const policy = parsePolicy(nodeCrypto, await readFile(join(folder, 'policy')))
  const disclosure = parseDisclosure(await readFile(join(folder, 'disclosure')))
  const root = join(folder, 'log')
  return verifyLog(nodeCrypto, {
    reader: async (path) => {
      try {
        return await readFile(join(root, path))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    policy,
    disclosure,
    realm: scene.world.realm,
    paths: await pathsBelow(root, ''),
  })
}

async function pathsBelow(root: string, below: string): Promise<string[]> {
  const paths: string[] = []
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) paths.push(...(await pathsBelow(root, path)))
    else paths.push(path)
  }
  return paths.sort()
}

/** Every opening of the originator's names a grant that the recipient's log holds; lists each release of the first report's key. */
function checkGrants(scene: Scene, reports: ReadonlyMap<Taken, LogReport>, item: string, evidence: Evidence): void {
  const { originator, recipient } = scene.world.story
  const entriesOf = (nation: string) =>
    [...reports].filter(([one]) => one.nation === nation && one.log !== 'home').flatMap(([, { entries }]) => entries)
  const openings = entriesOf(originator).filter(({ fields }) => fields['act'] === 'open')
  const grants = new Set(
    entriesOf(recipient)
      .filter(({ fields }) => fields['act'] === 'grant')
      .map(({ fields }) => textOf(fields['request'])),
  )
  check(openings.length > 0, 'there are openings')
  check(
    openings.every(({ fields }) => grants.has(textOf(fields['request']))),
    "every opening of the originator's answers a grant of the recipient's",
  )
  evidence['openings and grants'] =
    `${openings.length} openings, each with its grant; ${grants.size} grants, each with its opening or refusal`
  const answered = new Set(
    entriesOf(originator)
      .filter(({ fields }) => fields['act'] === 'open' || fields['act'] === 'refuse')
      .map(({ fields }) => textOf(fields['request'])),
  )
  const unanswered = [...grants].filter((request) => !answered.has(request))
  check(unanswered.length === 0, `every grant of the recipient's has its opening or refusal: ${unanswered.join(' ')}`)
  const keys = openings.filter(({ fields }) => fields['item'] === item)
  check(keys.length > 0, "the first report's key was released")
  evidence["releases of the first report's key"] = keys.map(
    ({ index, at, fields }) =>
      `entry ${index}, ${new Date(at * 1_000).toISOString()}, ${textOf(fields['pseudonym']).slice(0, 12)}…, ${textOf(fields['articles'])}`,
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** One byte of a tile, of an entry bundle, of the checkpoint: the same check says what is wrong. */
async function checkDamage(scene: Scene, one: Taken, evidence: Evidence): Promise<void> {
  const root = join(one.folder, 'log')
  const paths = await pathsBelow(root, '')
  const last = (prefix: string): string => left(paths.filter((path) => path.startsWith(prefix)).at(-1), 13)
  for (const [what, path] of [
    ['tile', last('tile/0/')],
    ['entry', last('tile/entries/')],
    ['checkpoint', 'checkpoint'],
  ] as const) {
    const file = join(root, path)
    const bytes = await readFile(file)
    const changed = Buffer.from(bytes)
    const at = Math.floor(changed.length / 2)
    changed[at] = (changed[at] ?? 0) ^ 1
    await writeFile(file, changed)
    const report = await verify(scene, one)
    await writeFile(file, bytes)
    check(!report.ok && report.findings.length > 0, `a changed ${what} is found`)
    evidence[`a byte of a ${what} changed`] = report.findings
      .slice(0, 2)
      .map((finding) => JSON.stringify(finding))
      .join(', ')
  }
  check((await verify(scene, one)).ok, 'and whole again as it was')
}

interface Damage {
  readonly items: readonly {
    readonly couldRead: {
      readonly until: number
      readonly stopped: boolean
      readonly readers?: unknown
      readonly basis?: { readonly article: string }
    }
    readonly permits: readonly {
      readonly at: number
      readonly pseudonym: string
      readonly articles: readonly string[]
      readonly outcome: string
    }[]
    readonly refusals: Readonly<Record<string, number>>
    readonly counts: { readonly entered: number; readonly joined: number; readonly possible: number }
    readonly unreadable: number
  }[]
}

export async function damage(scene: Scene, evidence: Evidence): Promise<void> {
  const { given } = left(scene.released.get('first'), 5)
  const officer = await originators(scene, 'securityOfficer')
  const { items } = await call<Damage>(officer.session, 'GET', `/api/items/${given}/damage`)
  const assessed = left(items[0], 14)
  const { counts, permits, refusals, couldRead } = assessed
  check(assessed.unreadable === 0, 'every entry reads')
  check(couldRead.readers !== undefined && couldRead.basis !== undefined, 'who could have read it')
  check(
    permits.length === counts.entered && counts.entered > 0 && counts.entered === counts.joined + counts.possible,
    'every opening is counted once',
  )
  check(
    permits.every(({ pseudonym, articles, at }) => pseudonym !== '' && articles.length > 0 && at > 0),
    'who, when, under which article',
  )
  evidence['could have read'] = couldRead.readers as never
  evidence['read'] = permits.map(
    ({ at, pseudonym, articles, outcome }) =>
      `${new Date(at * 1_000).toISOString()} ${pseudonym.slice(0, 12)}… ${articles.join(' ')} ${outcome}`,
  )
  evidence['openings'] = { ...counts }
  evidence['refusals'] = { ...refusals }
}
