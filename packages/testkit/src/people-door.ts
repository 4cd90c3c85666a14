import { type Caller, type Timer, type Wording, AuthError, createHttp, registerRoutes, statuses } from '@entente/node'
import type { HostedNation } from './hosted-nation.ts'

/** The HTTP server for a nation's people, without a socket. */
export type PeopleDoor = ReturnType<typeof createHttp>

const BODY_LIMIT_BYTES = 9_437_184

/** A nation's API as it runs now; the header `x-person` says who calls, in place of a token and its proof. */
export async function peopleDoor(
  host: HostedNation,
  wording: Wording,
  bodyLimitBytes: number = BODY_LIMIT_BYTES,
  timer?: Timer,
): Promise<PeopleDoor> {
  const { parts } = host
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
    onEvent: ({ error }) => parts.notice('http/fault', { why: String(error) }),
  })
  registerRoutes(app, parts)
  await app.ready()
  return app
}
