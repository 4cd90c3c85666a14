/** Longer than this, in milliseconds, nothing that a person does waits for hashing. */
const BUSY_MILLISECONDS = 24

let since = 0

/**
 * Lets keys and drawing in between two pieces of long work on the page's own thread. Streams that have much at hand give it
 * without a pause, and a whole file hashed in one go would leave the keyboard dead. A message, not a timer: timers of hidden
 * tabs are slowed down to one a minute.
 */
export async function breath(): Promise<void> {
  const now = performance.now()
  if (now - since < BUSY_MILLISECONDS) return
  await new Promise<void>((go) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener(
      'message',
      () => {
        port1.close()
        go()
      },
      { once: true },
    )
    port1.start()
    port2.postMessage(null)
  })
  since = performance.now()
}
