import { EntenteError, codeOf } from '@entente/canonical'
import { type Peer, peerOver } from './ipc.ts'
import type { Notice } from './log-events.ts'
import { logFaults } from './notice.ts'

/** What a process says to its node when it ends because of an error that nobody caught, most often while it starts. */
export interface Failed {
  readonly failed: { readonly code: string; readonly message: string; readonly values: EntenteError['values'] }
}

/** As `logFaults`, for a child: one that just ended would leave its node, and whoever started that, without a reason. */
export function tellFaults(notice: Notice): void {
  logFaults(notice, (error, end) => {
    if (process.send === undefined || !process.connected) {
      end()
      return
    }
    const known = error instanceof EntenteError
    const failed: Failed['failed'] = {
      code: known ? codeOf(error) : 'node/internal',
      message: error instanceof Error ? error.message : '',
      values: known ? error.values : {},
    }
    process.send({ failed } satisfies Failed, end)
  })
}

/**
 * The child's end of the channel: offers its operations, says that it is ready, and ends when the node goes, also when the
 * node was killed: a process without its node has nothing to do and must not hold a log open.
 */
export function offer<Host>(own: Record<string, (body: never) => unknown>, close: () => Promise<void>): Peer<Host> {
  const peer = peerOver<Host>(process, { ...own, alive: () => ({ rss: process.memoryUsage.rss() }) })
  void peer.gone.then(close).finally(() => process.exit(0))
  // The node decides when to stop; a terminal's Ctrl-C is for it.
  process.on('SIGINT', () => {})
  void (peer as Peer<{ ready(body: Record<string, never>): void }>).call('ready', {})
  return peer
}
