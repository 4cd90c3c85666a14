import { type Caller, type Timer, type Wording, AuthError, createHttp, registerRoutes, statuses } from '@entente/node'
import type { HostedNation } from './hosted-nation.ts'

/** The HTTP server for a nation's people, without a socket. */
export type PeopleDoor = ReturnType<typeof createHttp>

const BODY_LIMIT_BYTES = 9_437_184

/**
 * A nation's API as it runs at the moment of each call; the header `x-person` says who calls, in place of a token and its
 * proof.
 */
export async function peopleDoor(
  host: Pick<HostedNation, 'code' | 'parts'>,
  wording: Wording,
  bodyLimitBytes: number = BODY_LIMIT_BYTES,
  timer?: Timer,
): Promise<PeopleDoor> {
  const parts = new Proxy({} as HostedNation['parts'], { get: (_, member) => Reflect.get(host.parts, member) as unknown })
  const app = createHttp({
    info: { title: `Entente ${host.code}`, version: '1' },
    async authenticate({ headers }): Promise<Caller> {
      const person = parts.person(String(headers['x-person'] ?? ''))
      if (person === undefined) throw new AuthError('auth/credential-missing', 'nobody calls')
      return { person: person.id, roles: person.roles, client: 'test', thumbprint: person.id }
    },
    bodyLimitBytes,
    statuses,
    wording,
    ...(timer === undefined ? {} : { timer }),
    onEvent: ({ error }) => parts.notice('http/fault', { fault: String(error) }),
  })
  registerRoutes(app, parts)
  await app.ready()
  return app
}
