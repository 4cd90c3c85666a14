import { type Peer, peerOver } from './ipc.ts'

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
