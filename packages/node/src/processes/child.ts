import { EntenteError, codeOf } from '@entente/canonical'
import { type Peer, peerOver } from './ipc.ts'
import { notice } from './notice.ts'

/** What a process says to its node when it ends because of an error that nobody caught, most often while it starts. */
export interface Failed {
  readonly failed: { readonly code: string; readonly message: string; readonly values: EntenteError['values'] }
}

// A process that just ended would leave its node, and whoever started that, without a reason.
process.once('uncaughtException', (error: Error) => {
  const code = error instanceof EntenteError ? codeOf(error) : 'node/internal'
  const values = error instanceof EntenteError ? error.values : {}
  notice(code, { why: (error.stack ?? error.message).slice(0, 400) })
  const end = (): never => process.exit(1)
  if (process.send === undefined || !process.connected) end()
  else process.send({ failed: { code, message: error.message, values } } satisfies Failed, end)
})

/**
 * The child's end of the channel: offers its operations, says that it is ready, and ends when the node goes, also when the
 * node was killed: a process without its node has nothing to do and must not hold a log open.
 */
export function offer<Host>(own: Record<string, (body: never) => unknown>, close: () => Promise<void>): Peer<Host> {
  const peer = peerOver<Host>(process, own)
  void peer.gone.then(close).finally(() => process.exit(0))
  // The node decides when to stop; a terminal's Ctrl-C is for it.
  process.on('SIGINT', () => {})
  void (peer as Peer<{ ready(body: Record<string, never>): void }>).call('ready', {})
  return peer
}
