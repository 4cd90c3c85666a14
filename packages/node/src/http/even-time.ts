import type { FastifyReply, FastifyRequest } from 'fastify'

/** Milliseconds since any fixed moment, and a wait of at least so many; tests hold both. */
export interface Timer {
  now(): number
  pause(milliseconds: number): Promise<void>
}

export const systemTimer: Timer = {
  now: () => performance.now(),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

/** An answer that gives nothing leaves at a multiple of so many milliseconds after its request came. */
export const BUCKET_MILLISECONDS = 100

const arrivals = new WeakMap<FastifyRequest, number>()

/** Notes when a request came; before anything is done for it. */
export function arrived(request: FastifyRequest, timer: Timer): void {
  arrivals.set(request, timer.now())
}

/**
 * Sends what `answer` sends at the next whole multiple of `BUCKET_MILLISECONDS` after the request came. What is refused
 * takes longer to find out than what is not there (a statement is verified, a rule is asked); without this the time of the
 * same 404 would tell which it was (P7, spec/leaks.md).
 */
export async function inEvenTime(request: FastifyRequest, timer: Timer, answer: () => FastifyReply): Promise<FastifyReply> {
  const spent = timer.now() - (arrivals.get(request) ?? timer.now())
  await timer.pause((Math.floor(spent / BUCKET_MILLISECONDS) + 1) * BUCKET_MILLISECONDS - spent)
  return answer()
}
