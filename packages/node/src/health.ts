import { open, rm } from 'node:fs/promises'
import type { Closure } from './ledger/log.ts'
import type { LedgerApi } from './processes/apis.ts'
import type { Peer } from './processes/ipc.ts'
import type { Notice } from './processes/log-events.ts'
import type { Child, Role } from './processes/supervise.ts'

/** Why a node cannot do its work now; says of what kind, never of whom or what. */
export type HealthCode =
  | 'health/ledger'
  | 'health/keys'
  | 'health/office'
  | 'health/witness'
  | 'health/log-unasked'
  | 'health/log-behind'
  | 'health/log-forked'
  | 'health/quarantine'
  | 'health/disk'
  | 'health/trust'

const OF_PROCESS: Readonly<Record<Role, HealthCode>> = {
  ledger: 'health/ledger',
  keys: 'health/keys',
  office: 'health/office',
  witness: 'health/witness',
}
const OF_CLOSURE: Readonly<Record<Closure, HealthCode>> = {
  unasked: 'health/log-unasked',
  behind: 'health/log-behind',
  forked: 'health/log-forked',
  quarantine: 'health/quarantine',
}

/** A process that does not answer within this time counts as gone. */
const ANSWER_MILLISECONDS = 2_000
/** More than a file system keeps back for small files. */
const PROBE_BYTES = 65_536
/** How long an answer stands: everybody may ask, and asking must cost nothing. Disk and trust are read and written for it. */
const KEPT_MILLISECONDS = { processes: 200, files: 1_000 } as const

export interface HealthOptions {
  readonly processes: Readonly<Record<Role, Pick<Child<never>, 'alive'>>>
  readonly ledger: Peer<LedgerApi>
  /** A file that may be written and removed, on the disk that everything lies on. */
  readonly probe: string
  /** Reads and verifies the trust folder anew; throws where it does not hold. */
  readonly trust: () => Promise<unknown>
  /** Whether a process keeps older trust than the folder has. */
  readonly kept?: () => boolean
  readonly notice: Notice
  /** As `KEPT_MILLISECONDS`; tests wait for nothing. */
  readonly keptMilliseconds?: { readonly processes: number; readonly files: number }
}

/** Looks whether a node can do its work: its processes answer, its logs are open, its disk takes writes, its trust holds. */
export class HealthWatch {
  readonly #options: HealthOptions
  readonly #processes: () => Promise<{ readonly codes: readonly HealthCode[]; readonly closed: readonly string[] }>
  readonly #files: () => Promise<readonly HealthCode[]>
  #before = ''

  constructor(options: HealthOptions) {
    this.#options = options
    const kept = options.keptMilliseconds ?? KEPT_MILLISECONDS
    this.#processes = keeping(kept.processes, async () => {
      const { codes, closed } = await this.#closed()
      return { codes: [...(await this.#silent()), ...codes], closed }
    })
    this.#files = keeping(kept.files, async () => [...(await this.#disk()), ...(await this.#trust())])
  }

  /** What is wrong now, each kind once, sorted, and the logs that are closed; empty when the node is well. A change is a line of the log. */
  async look(): Promise<{ readonly codes: readonly HealthCode[]; readonly closed: readonly string[] }> {
    const { closed, ...processes } = await this.#processes()
    const codes = [...new Set([...processes.codes, ...(await this.#files())])].sort()
    const now = codes.join(' ')
    if (now !== this.#before) {
      if (codes.length > 0) this.#options.notice('watch/red', { codes: now })
      else this.#options.notice('watch/green', {})
      this.#before = now
    }
    return { codes, closed }
  }

  async #silent(): Promise<HealthCode[]> {
    const answers = Object.entries(this.#options.processes).map(async ([role, child]) =>
      (await isAnswered(child.alive())) ? [] : [OF_PROCESS[role as Role]],
    )
    return (await Promise.all(answers)).flat()
  }

  async #closed(): Promise<{ readonly codes: HealthCode[]; readonly closed: readonly string[] }> {
    const asked = this.#options.ledger.call('status', {})
    if (!(await isAnswered(asked))) return { codes: ['health/ledger'], closed: ['ledger'] }
    const { closures, closed } = await asked
    return { codes: Object.values(closures).map((closure) => OF_CLOSURE[closure]), closed }
  }

  async #disk(): Promise<HealthCode[]> {
    const { probe } = this.#options
    try {
      const file = await open(probe, 'w', 0o600)
      try {
        await file.writeFile(new Uint8Array(PROBE_BYTES))
        await file.datasync()
      } finally {
        await file.close()
      }
      return []
    } catch {
      return ['health/disk']
    } finally {
      await rm(probe, { force: true }).catch(() => {})
    }
  }

  async #trust(): Promise<HealthCode[]> {
    return this.#options.trust().then(
      () => (this.#options.kept?.() === true ? ['health/trust'] : []),
      () => ['health/trust'],
    )
  }
}

/** Whether a call is answered in time, and not with an error. */
async function isAnswered(call: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), ANSWER_MILLISECONDS)
  try {
    return await Promise.race([
      late,
      call.then(
        () => true,
        () => false,
      ),
    ])
  } finally {
    clearTimeout(timer)
  }
}

/** One look for all who ask meanwhile, and for those who ask within the time after it. */
function keeping<T>(milliseconds: number, look: () => Promise<T>): () => Promise<T> {
  let last: { readonly value: Promise<T>; until: number } | undefined
  return () => {
    if (last === undefined || performance.now() >= last.until) {
      const mine: { value: Promise<T>; until: number } = { value: look(), until: Number.POSITIVE_INFINITY }
      const settle = (): void => void (mine.until = performance.now() + milliseconds)
      mine.value.then(settle, settle)
      last = mine
    }
    return last.value
  }
}
