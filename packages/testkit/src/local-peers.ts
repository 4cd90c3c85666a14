import { type Channel, type Peer, peerOver } from '@entente/node'

/** Two ends of a channel inside one process: what goes over it is copied, comes later, and stops when it is cut. */
export function channelPair(): { readonly near: Channel; readonly far: Channel; cut(): void } {
  let isCut = false
  const listeners = { near: new Set<(message: unknown) => void>(), far: new Set<(message: unknown) => void>() }
  const leavers: (() => void)[] = []
  const end = (other: 'near' | 'far', own: 'near' | 'far'): Channel => ({
    send(message, sent) {
      const copy: unknown = structuredClone(message)
      queueMicrotask(() => {
        if (!isCut) for (const listener of listeners[other]) listener(copy)
      })
      sent(null)
      return true
    },
    on(event: 'message' | 'disconnect', listener: ((message: unknown) => void) | (() => void)) {
      if (event === 'message') listeners[own].add(listener)
      else leavers.push(listener as () => void)
    },
  })
  return {
    near: end('far', 'near'),
    far: end('near', 'far'),
    cut() {
      if (isCut) return
      isCut = true
      for (const leave of leavers) leave()
    },
  }
}

/** A process's work behind a channel, as the node sees it. */
export function localPeer<Remote>(api: Record<string, (body: never) => unknown>): { readonly peer: Peer<Remote>; cut(): void } {
  const pair = channelPair()
  peerOver(pair.far, api)
  return { peer: peerOver<Remote>(pair.near, {}), cut: () => pair.cut() }
}
