/**
 * Entry of a nation's own process: `serve` runs the node, the others set a nation up. JSON in on standard input, JSON out.
 * `batch` takes many of them, `{"command", "input"}` a line, and answers a line each: one start for a whole set-up.
 */
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { EntenteError, type Json, canonicalText, codeOf, readJson, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { wallClock } from './processes/clock.ts'
import {
  type PairInput,
  type PairingParcel,
  initNation,
  makeKeyStatement,
  markExercise,
  pairNation,
  pairingCommitmentOf,
  pairingWordsOf,
  signAsAuthority,
  writePeers,
} from './setup.ts'

const [asked = '', dir = ''] = process.argv.slice(2)

async function run(command: string, input: () => Promise<Json>): Promise<unknown> {
  switch (command) {
    case 'init': {
      const made = await initNation(dir, await input())
      await markExercise(dir)
      return made
    }
    case 'statement':
      return makeKeyStatement(dir, await input())
    case 'sign-agreement':
      return signAsAuthority(dir, await input())
    case 'pairing-commitment':
      return { commitment: await pairingCommitmentOf(dir) }
    case 'pairing-words': {
      const { parcel, commitment } = (await input()) as unknown as { parcel: PairingParcel; commitment?: string }
      return { words: await pairingWordsOf(dir, parcel, commitment) }
    }
    case 'pair':
      await pairNation(dir, (await input()) as unknown as PairInput)
      return { paired: true }
    case 'peers':
      await writePeers(dir, (await input()) as never)
      return { written: true }
    case 'recovery-key': {
      const { makeRecoveryKey } = await import('./backup/recovery-key.ts')
      return makeRecoveryKey(nodeCrypto, dir, ((await input()) as { to: string }).to)
    }
    case 'backup': {
      const { makeBackup } = await import('./backup/backup.ts')
      return makeBackup(nodeCrypto, dir, ((await input()) as { to: string }).to, wallClock())
    }
    case 'restore': {
      const { restoreBackup } = await import('./backup/restore.ts')
      const { from, key } = (await input()) as { from: string; key: string }
      return restoreBackup(nodeCrypto, { from, key, to: dir, now: wallClock() })
    }
    case 'bring-newer': {
      const { bringNewer } = await import('./backup/bring-newer.ts')
      return bringNewer(dir, ((await input()) as { from: string }).from)
    }
    default:
      throw new EntenteError('node/bad-request', `no command \`${command}\``)
  }
}

async function serve(): Promise<unknown> {
  const { startNation } = await import('./start.ts')
  const { logFaults, noticesOf } = await import('./processes/notice.ts')
  logFaults(noticesOf('node'))
  const { ENTENTE_PAGES: pages, ENTENTE_DEVICES: devices } = process.env
  const running = await startNation(dir, {
    ...(pages === undefined ? {} : { pages }),
    ...(devices === undefined ? {} : { devices }),
  })
  const stop = (): void => {
    void running.stop().finally(() => process.exit(process.exitCode ?? 0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Started over IPC, the node lives as long as whoever started it.
  process.once('disconnect', stop)
  return { ready: true, nation: running.nation, peopleUrl: running.peopleUrl, partnerPort: running.partnerPort }
}

async function answer(work: () => Promise<unknown>): Promise<void> {
  let result: Json
  try {
    result = (await work()) as Json
  } catch (error) {
    const told =
      error instanceof EntenteError
        ? { code: codeOf(error), message: error.message, values: { ...error.values } }
        : { code: 'node/internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error), values: {} }
    result = { error: told }
    process.exitCode = 1
  }
  process.stdout.write(`${canonicalText(result)}\n`)
}

if (asked === 'serve') {
  await answer(serve)
  // A node that did not start leaves none of its processes behind: they end with the channel to this one.
  if (process.exitCode !== undefined && process.exitCode !== 0) process.stdout.write('', () => process.exit())
} else if (asked === 'batch') {
  for await (const line of createInterface({ input: process.stdin })) {
    await answer(async () => {
      const { command, input = {} } = readJson(utf8(line)) as { command: string; input?: Json }
      return run(command, async () => input)
    })
  }
} else {
  await answer(async () => run(asked, async () => readJson(utf8(await text(process.stdin)))))
}
