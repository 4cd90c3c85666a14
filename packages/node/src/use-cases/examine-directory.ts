import { X509Certificate } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, utf8 } from '@entente/canonical'
import { parsePolicy, verifyLog } from '@entente/ledger'
import { readRestoredMark } from '../backup/restore.ts'
import { pathsOf } from '../config.ts'
import type { Nation } from '../nation.ts'
import type { LogStatus } from '../processes/apis.ts'
import type { Check } from './examine-node.ts'
import { ledgerPolicy } from './ledger-policy.ts'

type Needs = Pick<Nation, 'crypto' | 'config' | 'trust' | 'now' | 'dir'>

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600
/** A backup that is older than two days was forgotten. */
const BACKUP_HOURS = 48
const CERTIFICATE_DAYS = { warn: 60, fail: 0 } as const
/** Logs beyond this are left to `ledger verify`: reading all of one takes seconds. */
const VERIFIED_ENTRIES = 20_000
const OTHERS = 0o077

/**
 * Looks at what lies on the disk: key files, certificates, ports taken, the files of these logs, backups, quarantine. Changes
 * nothing.
 */
export async function examineDirectory(nation: Needs, logs: readonly LogStatus[]): Promise<readonly Check[]> {
  const { dir } = nation
  return [
    await quarantineCheck(dir),
    await backupCheck(nation),
    await permissionCheck(dir),
    await authorityCheck(dir),
    ...(await portChecks(nation)),
    ...(await certificateChecks(nation)),
    ...(await fileChecks(nation, logs)),
  ]
}

async function quarantineCheck(dir: string): Promise<Check> {
  const mark = await readRestoredMark(dir)
  return mark === undefined
    ? { name: 'quarantine', code: 'doctor/no-quarantine', state: 'ok', values: {} }
    : { name: 'quarantine', code: 'doctor/quarantine', state: 'fail', values: { records: mark.records } }
}

async function backupCheck({ dir, now }: Needs): Promise<Check> {
  const text = await readFile(pathsOf(dir).lastBackup, 'utf8').catch(() => '{}')
  const { at } = JSON.parse(text) as { readonly at?: unknown }
  if (typeof at !== 'number') return { name: 'backup', code: 'doctor/no-backup', state: 'warn', values: {} }
  const hours = Math.floor((now() - at) / HOUR_SECONDS)
  return { name: 'backup', code: 'doctor/backup-age', state: hours > BACKUP_HOURS ? 'warn' : 'ok', values: { hours } }
}

/** The first key file that somebody else may read; a directory that nobody else enters keeps them too, and is not counted on. */
async function permissionCheck(dir: string): Promise<Check> {
  const paths = pathsOf(dir)
  const files = [
    ...['node', 'ledger', 'keys', 'office', 'witness', 'authority'].map((folder) => join(folder, 'keys.json')),
    join('node', 'tls-key.pem'),
  ]
  for (const file of files) {
    const found = await stat(join(dir, file)).catch(() => undefined)
    if (found !== undefined && (found.mode & OTHERS) !== 0)
      return { name: 'key files', code: 'doctor/key-files-open', state: 'fail', values: { file } }
  }
  const folder = await stat(paths.keys).catch(() => undefined)
  return folder !== undefined && (folder.mode & OTHERS) !== 0
    ? { name: 'key files', code: 'doctor/key-files-open', state: 'fail', values: { file: 'keys' } }
    : { name: 'key files', code: 'doctor/key-files', state: 'ok', values: {} }
}

async function authorityCheck(dir: string): Promise<Check> {
  const isHere = (await readdir(pathsOf(dir).authority).catch((): string[] => [])).includes('keys.json')
  return isHere
    ? { name: 'authority', code: 'doctor/authority-key', state: 'warn', values: { folder: 'authority' } }
    : { name: 'authority', code: 'doctor/authority-away', state: 'ok', values: {} }
}

async function portChecks({ dir, config, trust }: Needs): Promise<Check[]> {
  const text = await readFile(pathsOf(dir).running, 'utf8').catch(() => undefined)
  if (text === undefined) return []
  const { peopleUrl, partnerPort } = JSON.parse(text) as { readonly peopleUrl: string; readonly partnerPort: number }
  const taken = [
    { name: 'people', asked: config.people.port, port: Number(new URL(peopleUrl).port) },
    ...(trust().partners.size === 0 ? [] : [{ name: 'partner', asked: config.partner.port, port: partnerPort }]),
  ]
  // A node that asked for any port got one.
  return taken.map(({ name, asked, port }) =>
    asked === 0 || asked === port
      ? { name, code: 'doctor/port', state: 'ok', values: { port } }
      : { name, code: 'doctor/port', state: 'warn', values: { port, asked } },
  )
}

async function certificateChecks({ dir, config, trust, now }: Needs): Promise<Check[]> {
  const paths = pathsOf(dir)
  const files = [
    { nation: config.nation, path: join(paths.node, 'tls-certificate.pem') },
    ...[...trust().partners.keys()].sort().map((nation) => ({ nation, path: join(paths.trust, `tls-${nation}.pem`) })),
  ]
  const checks: Check[] = []
  for (const { nation, path } of files) {
    const pem = await readFile(path, 'utf8').catch(() => undefined)
    if (pem === undefined) continue
    const days = Math.floor((Date.parse(new X509Certificate(pem).validTo) / 1_000 - now()) / DAY_SECONDS)
    const state = days <= CERTIFICATE_DAYS.fail ? 'fail' : days < CERTIFICATE_DAYS.warn ? 'warn' : 'ok'
    checks.push({ name: nation, code: 'doctor/certificate', state, values: { nation, days } })
  }
  return checks
}

/** Every tile and entry of each log against its cosigned checkpoint, as anybody outside would look at them. */
async function fileChecks(nation: Needs, logs: readonly LogStatus[]): Promise<Check[]> {
  const { crypto, dir } = nation
  const checks: Check[] = []
  for (const { log, size, cosigned } of logs) {
    if (Math.max(0, ...Object.values(cosigned)) === 0 || size > VERIFIED_ENTRIES) continue
    const folder = join(pathsOf(dir).ledger, 'logs', log)
    const report = await verifyLog(crypto, {
      policy: parsePolicy(crypto, utf8(ledgerPolicy(nation, log))),
      reader: async (path) =>
        readFile(join(folder, path)).catch((error: unknown) => {
          if (codeOf(error) === 'ENOENT') return undefined
          throw error
        }),
    })
    const [first] = report.findings
    checks.push(
      report.ok
        ? { name: log, code: 'doctor/ledger-files', state: 'ok', values: { log, size: report.checkpoint?.size ?? 0 } }
        : {
            name: log,
            code: 'doctor/ledger-files-wrong',
            state: 'fail',
            values: { log, finding: first?.code ?? '', findings: report.findings.length },
          },
    )
  }
  return checks
}
