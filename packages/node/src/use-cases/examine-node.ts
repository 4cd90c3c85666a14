import { statfs } from 'node:fs/promises'
import { EntenteError, codeOf, toBase64Url } from '@entente/canonical'
import { agreementInForce, nonceTime } from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import type { LedgerApi } from '../processes/apis.ts'
import { HOME_LOG } from '../trust.ts'
import { examineDirectory } from './examine-directory.ts'
import { nonceFor } from './open-item.ts'

/** What can be said of a check; worded by `words`. */
export type CheckCode =
  | 'doctor/node-version'
  | 'doctor/clock-skew'
  | 'doctor/partner-reachable'
  | 'doctor/agreement'
  | 'doctor/trust-kept'
  | 'doctor/key-statement-age'
  | 'doctor/delegation'
  | 'doctor/ledger-closed'
  | 'doctor/ledger-uncosigned'
  | 'doctor/projection'
  | 'doctor/disk-free'
  | 'doctor/no-quarantine'
  | 'doctor/quarantine'
  | 'doctor/no-backup'
  | 'doctor/backup-age'
  | 'doctor/key-files'
  | 'doctor/key-files-open'
  | 'doctor/authority-away'
  | 'doctor/authority-key'
  | 'doctor/port'
  | 'doctor/certificate'
  | 'doctor/ledger-files'
  | 'doctor/ledger-files-wrong'

/** One thing that was looked at. `name` tells checks of the same kind apart: a nation, an agreement, an officer's role, a log. */
export interface Check {
  readonly name: string
  readonly code: CheckCode
  readonly state: 'ok' | 'warn' | 'fail'
  readonly values: Readonly<Record<string, string | number>>
}

const NODE_MAJOR = 26
const DAY_SECONDS = 86_400
/** The most that two clocks may differ before requests are refused, and the half of it, in seconds. */
const SKEW_SECONDS = { warn: 15, fail: 30 } as const
/** A nation's key statement is made anew once a year at least. */
const STATEMENT_DAYS = { warn: 365, fail: 730 } as const
const ENDS_SOON_DAYS = 30
const DISK_MEBIBYTES = { warn: 1_024, fail: 128 } as const
const MEBIBYTE = 1_048_576

type Needs = Pick<Nation, 'crypto' | 'config' | 'trust' | 'db' | 'ledger' | 'now' | 'nonceKey' | 'partners' | 'dir' | 'trustRefused'>

/** Looks at everything that makes a node fail later: no secrets, no names of people, and nothing is changed. */
export async function examineNode(nation: Needs): Promise<readonly Check[]> {
  const status = await ledgerStatus(nation)
  const checks = [
    versionCheck(process.versions.node),
    ...agreementChecks(nation),
    ...trustChecks(nation),
    ...statementChecks(nation),
    ...delegationChecks(nation),
    ...(await ledgerChecks(nation, status)),
    await diskCheck(nation.dir),
    ...(await examineDirectory(nation, status?.logs ?? [])),
  ]
  for (const partner of [...nation.trust().partners.keys()].sort()) checks.push(...(await partnerChecks(nation, partner)))
  return checks
}

/** Whether a Node version (`26.10.0`) is one that Entente runs on. */
export function versionCheck(version: string): Check {
  const major = Number(version.split('.')[0])
  return { name: 'node', code: 'doctor/node-version', state: major >= NODE_MAJOR ? 'ok' : 'fail', values: { version, needed: NODE_MAJOR } }
}

function agreementChecks(nation: Needs): Check[] {
  return [...nation.trust().agreements].map(([name]): Check => {
    const version = agreementInForce(nation.trust(), name, nation.now())
    if (version === undefined) return { name, code: 'doctor/agreement', state: 'fail', values: { agreement: name } }
    const { inForceUntil, version: number } = version.body
    if (inForceUntil === undefined) return { name, code: 'doctor/agreement', state: 'ok', values: { agreement: name, version: number } }
    const days = daysUntil(nation, inForceUntil)
    return {
      name,
      code: 'doctor/agreement',
      state: days < ENDS_SOON_DAYS ? 'warn' : 'ok',
      values: { agreement: name, version: number, days },
    }
  })
}

/** Processes that could not verify the trust folder as it is, and go on with what they had. */
function trustChecks(nation: Needs): Check[] {
  return [...nation.trustRefused()].map(([process, reason]): Check => ({
    name: process,
    code: 'doctor/trust-kept',
    state: 'fail',
    values: { process, reason },
  }))
}

function statementChecks(nation: Needs): Check[] {
  const { own, partners } = nation.trust()
  return [own, ...partners.values()].map(({ nation: name, number, at }) => {
    const days = -daysUntil(nation, at)
    return { name, code: 'doctor/key-statement-age', state: stateOf(days, STATEMENT_DAYS), values: { nation: name, number, days } }
  })
}

function delegationChecks(nation: Needs): Check[] {
  return nation.trust().own.delegations.map(({ officer, until }) => {
    const days = daysUntil(nation, until)
    const state = until <= nation.now() ? 'fail' : days < ENDS_SOON_DAYS ? 'warn' : 'ok'
    return { name: officer, code: 'doctor/delegation', state, values: { officer, days } }
  })
}

type LedgerStatus = Awaited<ReturnType<LedgerApi['status']>>

/** How the ledger stands; undefined where it cannot even say that, on a full disk for instance. */
async function ledgerStatus({ ledger }: Needs): Promise<LedgerStatus | undefined> {
  return ledger.call('status', {}).catch((error: unknown) => {
    if (error instanceof EntenteError) return undefined
    throw error
  })
}

async function ledgerChecks(nation: Needs, status: LedgerStatus | undefined): Promise<Check[]> {
  if (status === undefined) return [{ name: HOME_LOG, code: 'doctor/ledger-closed', state: 'fail', values: { log: HOME_LOG } }]
  const { logs, next, closed } = status
  const applied = await nation.db.selectFrom('meta').select('value').where('name', '=', 'applied').executeTakeFirst()
  const projected = Number(applied?.value ?? 0)
  const perLog = logs.flatMap(({ log, size, cosigned }): Check[] => {
    const uncosigned = size - Math.min(size, ...Object.values(cosigned))
    return [
      { name: log, code: 'doctor/ledger-closed', state: closed.includes(log) ? 'fail' : 'ok', values: { log } },
      { name: log, code: 'doctor/ledger-uncosigned', state: uncosigned === 0 ? 'ok' : 'warn', values: { log, size, uncosigned } },
    ]
  })
  // Asked for after the ledger, so that it may be ahead of its answer; behind it would mean that records do not arrive.
  return [
    ...perLog,
    { name: 'projection', code: 'doctor/projection', state: projected >= next ? 'ok' : 'fail', values: { applied: projected, next } },
  ]
}

async function diskCheck(dir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(dir)
  const mebibytes = Math.floor((bavail * bsize) / MEBIBYTE)
  const state = mebibytes < DISK_MEBIBYTES.fail ? 'fail' : mebibytes < DISK_MEBIBYTES.warn ? 'warn' : 'ok'
  return { name: 'disk', code: 'doctor/disk-free', state, values: { mebibytes } }
}

/** One nonce tells both: that the partner answers, and by the time inside it what its clock says. */
async function partnerChecks(nation: Needs, partner: string): Promise<Check[]> {
  const before = nation.now()
  try {
    const made = nonceTime(await nonceFor(nation, partner, toBase64Url(nation.crypto.random(32))))
    // Somewhere between asking and hearing it was made: only what lies outside of that is the clocks' difference.
    const after = nation.now()
    const seconds = made < before ? made - before : Math.max(0, made - after)
    const state = stateOf(Math.abs(seconds), SKEW_SECONDS)
    return [
      { name: partner, code: 'doctor/partner-reachable', state: 'ok', values: { nation: partner } },
      { name: partner, code: 'doctor/clock-skew', state, values: { nation: partner, seconds } },
    ]
  } catch (error) {
    const reason = codeOf(error)
    const seconds = error instanceof NodeError && error.code === 'node/clock' ? error.values['seconds'] : undefined
    if (seconds !== undefined) {
      // It answered, and said what its clock shows: it is reached, and takes no call.
      return [
        { name: partner, code: 'doctor/partner-reachable', state: 'ok', values: { nation: partner } },
        { name: partner, code: 'doctor/clock-skew', state: 'fail', values: { nation: partner, seconds } },
      ]
    }
    return [{ name: partner, code: 'doctor/partner-reachable', state: 'fail', values: { nation: partner, reason } }]
  }
}

/** More is worse. */
function stateOf(value: number, limits: { readonly warn: number; readonly fail: number }): Check['state'] {
  return value >= limits.fail ? 'fail' : value >= limits.warn ? 'warn' : 'ok'
}

function daysUntil(nation: Needs, at: number): number {
  return Math.trunc((at - nation.now()) / DAY_SECONDS)
}
