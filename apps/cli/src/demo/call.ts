import { DemoError } from './errors.ts'
import type { Session } from '../login/index.ts'

/** An answer of a node, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/** One request of a signed-in person; whatever comes back is the answer. */
export async function ask(session: Session, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await session.fetch(path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) }
}

/** The code of a problem document (RFC 9457), empty where there is none. */
export function problemCode(answer: Answer): string {
  try {
    const { code } = JSON.parse(new TextDecoder().decode(answer.bytes)) as { code?: unknown }
    return typeof code === 'string' ? code : ''
  } catch {
    return ''
  }
}

/** As `ask`, for what has to succeed; throws `demo/call-refused` with status and code. Gives the JSON of the answer, undefined when it is empty. */
export async function call<T>(session: Session, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await ask(session, method, path, body)
  if (answer.status >= 300) {
    const code = problemCode(answer)
    throw new DemoError(
      'demo/call-refused',
      `${method} ${path} as ${session.person}: ${answer.status} ${new TextDecoder().decode(answer.bytes).slice(0, 600)}`,
      {
        values: { method, path, status: answer.status, code },
      },
    )
  }
  return (answer.bytes.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(answer.bytes))) as T
}
