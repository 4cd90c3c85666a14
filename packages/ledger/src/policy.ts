import { type Crypto, sameBytes, utf8 } from '@entente/canonical'
import { LedgerError } from './errors.ts'
import { plainText } from './lines.ts'
import { type NoteKey, type NoteKeyType, parseVkey, printVkey } from './note-key.ts'

/** Most lines of each kind; tlog-policy asks for 32 at least. */
export const MAX_POLICY_ITEMS = 256
/** Largest policy file that is read. */
export const MAX_POLICY_BYTES = 1_048_576

export interface PolicyLog {
  /** Its name is the log's origin. */
  readonly key: NoteKey
  readonly url?: string
}

export interface PolicyWitness {
  /** Within this policy. */
  readonly name: string
  readonly key: NoteKey
  readonly url?: string
}

export interface PolicyGroup {
  readonly name: string
  /** How many of the members must witness. */
  readonly threshold: number
  /** Names of witnesses and groups of this policy. */
  readonly members: readonly string[]
}

/** Whose signatures make a checkpoint count (C2SP tlog-policy). */
export interface Policy {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  /** In order of definition: members come before their groups. */
  readonly groups: readonly PolicyGroup[]
  /** A witness's or group's name, or `none`. */
  readonly quorum: string
}

const LOG_TYPES: readonly NoteKeyType[] = ['ed25519', 'mldsa44']
const WITNESS_TYPES: readonly NoteKeyType[] = ['ed25519-cosignature', 'mldsa44']

/** Reads a policy file, strictly: UTF-8, every line ended by a newline. Throws `ledger/policy-malformed`, with `line` (1 for the first; 0 for the whole file). */
export function parsePolicy(crypto: Crypto, bytes: Uint8Array): Policy {
  if (bytes.length > MAX_POLICY_BYTES) throw malformed(0, `a policy has at most ${MAX_POLICY_BYTES} bytes`)
  const text = policyText(bytes)
  const reader = new PolicyReader(crypto)
  for (const [at, line] of text.slice(0, -1).split('\n').entries()) reader.line(at + 1, line)
  return reader.policy()
}

function policyText(bytes: Uint8Array): string {
  // tlog-policy allows the tab, which notes do not.
  const text = plainText(
    bytes.map((byte) => (byte === 0x09 ? 0x20 : byte)),
    'ledger/policy-malformed',
  )
  if (text.includes('\u007f')) throw malformed(0, 'a control character')
  if (!text.endsWith('\n')) throw malformed(0, 'the last line does not end in a newline')
  return text
}

class PolicyReader {
  readonly #crypto: Crypto
  readonly #logs: PolicyLog[] = []
  readonly #witnesses: PolicyWitness[] = []
  readonly #groups: PolicyGroup[] = []
  readonly #defined = new Set<string>()
  readonly #members = new Set<string>()
  #quorum: string | undefined

  constructor(crypto: Crypto) {
    this.#crypto = crypto
  }

  policy(): Policy {
    if (this.#quorum === undefined) throw malformed(0, 'there is no quorum line')
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum: this.#quorum }
  }

  line(at: number, line: string): void {
    const [word, ...items] = line.split(' ').filter((item) => item !== '')
    if (word === undefined || word.startsWith('#')) return
    switch (word) {
      case 'log':
        return this.#log(at, items)
      case 'witness':
        return this.#witness(at, items)
      case 'group':
        return this.#group(at, items)
      case 'quorum':
        return this.#setQuorum(at, items)
      default:
        throw malformed(at, 'a line starts with `log`, `witness`, `group`, `quorum` or `#`')
    }
  }

  #log(at: number, [vkey, url, ...more]: readonly string[]): void {
    if (vkey === undefined || more.length > 0) throw malformed(at, '`log <vkey> [<url>]`')
    const key = this.#key(at, vkey, LOG_TYPES, this.#logs)
    this.#logs.push({ key, ...(url === undefined ? {} : { url }) })
  }

  #witness(at: number, [name, vkey, url, ...more]: readonly string[]): void {
    if (name === undefined || vkey === undefined || more.length > 0) throw malformed(at, '`witness <name> <vkey> [<url>]`')
    this.#define(at, name)
    const key = this.#key(at, vkey, WITNESS_TYPES, this.#witnesses)
    this.#witnesses.push({ name, key, ...(url === undefined ? {} : { url }) })
  }

  #group(at: number, [name, count, ...members]: readonly string[]): void {
    if (name === undefined || count === undefined || members.length === 0) throw malformed(at, '`group <name> all|any|<k> <name>…`')
    for (const member of members) {
      if (!this.#defined.has(member)) throw malformed(at, `\`${member}\` is not defined before`)
      if (this.#members.has(member)) throw malformed(at, `\`${member}\` is a member already`)
      this.#members.add(member)
    }
    this.#define(at, name)
    if (this.#groups.length === MAX_POLICY_ITEMS) throw malformed(at, 'too many groups')
    this.#groups.push({ name, threshold: thresholdOf(at, count, members.length), members })
  }

  #setQuorum(at: number, [name, ...more]: readonly string[]): void {
    if (name === undefined || more.length > 0) throw malformed(at, '`quorum <name>|none`')
    if (this.#quorum !== undefined) throw malformed(at, 'a second quorum line')
    if (name !== 'none' && !this.#defined.has(name)) throw malformed(at, `\`${name}\` is not defined before`)
    this.#quorum = name
  }

  #define(at: number, name: string): void {
    if (name === 'none') throw malformed(at, '`none` is not a name')
    if (this.#defined.has(name)) throw malformed(at, `\`${name}\` is defined already`)
    this.#defined.add(name)
  }

  #key(at: number, vkey: string, types: readonly NoteKeyType[], known: readonly { readonly key: NoteKey }[]): NoteKey {
    let key: NoteKey
    try {
      key = parseVkey(this.#crypto, vkey)
    } catch (cause) {
      throw malformed(at, 'not a usable vkey', cause)
    }
    if (!types.includes(key.type)) throw malformed(at, `a key of type ${key.type} does not belong here`)
    if (known.some((other) => sameBytes(other.key.publicKey, key.publicKey))) throw malformed(at, 'the same key stands twice')
    if (known.length === MAX_POLICY_ITEMS) throw malformed(at, 'too many lines')
    return key
  }
}

function thresholdOf(at: number, count: string, members: number): number {
  if (count === 'all') return members
  if (count === 'any') return 1
  const threshold = /^[1-9][0-9]{0,3}$/u.test(count) ? Number(count) : 0
  if (threshold < 1 || threshold > members) throw malformed(at, `the threshold is \`all\`, \`any\` or 1 to ${members}`)
  return threshold
}

function malformed(line: number, rule: string, cause?: unknown): LedgerError {
  const options = cause === undefined ? {} : { cause }
  return new LedgerError('ledger/policy-malformed', `policy, line ${line}: ${rule}`, { values: { line }, ...options })
}

/** The policy file of a policy, which `parsePolicy` reads back the same; throws `ledger/policy-malformed` where it would not. */
export function printPolicy(crypto: Crypto, policy: Policy): Uint8Array<ArrayBuffer> {
  const lines: string[] = []
  for (const { key, url } of policy.logs) lines.push(['log', printVkey(key), ...(url === undefined ? [] : [url])].join(' '))
  for (const { name, key, url } of policy.witnesses)
    lines.push(['witness', name, printVkey(key), ...(url === undefined ? [] : [url])].join(' '))
  for (const { name, threshold, members } of policy.groups) lines.push(['group', name, String(threshold), ...members].join(' '))
  lines.push(`quorum ${policy.quorum}`)
  const bytes = utf8(`${lines.join('\n')}\n`)
  const { logs, witnesses, groups, quorum } = parsePolicy(crypto, bytes)
  const same = logs.length === policy.logs.length && witnesses.length === policy.witnesses.length && groups.length === policy.groups.length
  if (!same || quorum !== policy.quorum) throw malformed(0, 'a name or url holds a space or newline')
  return bytes
}

/**
 * Whether witnesses that cosigned meet the quorum, and as of when: the latest time at or after which, by their own
 * statements, enough of them had cosigned (for `all` the earliest of the members' times, for `any` the latest).
 * `times`: seconds by the policy's name of a witness. `undefined` if the quorum is not met or is `none`.
 */
export function quorumTime(policy: Policy, times: ReadonlyMap<string, number>): number | undefined {
  const reached = new Map<string, number>(
    policy.witnesses.flatMap(({ name }) => {
      const time = times.get(name)
      return time === undefined ? [] : [[name, time] as const]
    }),
  )
  for (const { name, threshold, members } of policy.groups) {
    const latestFirst = members.flatMap((member) => reached.get(member) ?? []).sort((a, b) => b - a)
    const time = latestFirst[threshold - 1]
    if (time !== undefined) reached.set(name, time)
  }
  return reached.get(policy.quorum)
}
