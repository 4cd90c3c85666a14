import { LoginError } from './errors.ts'
import { nodeFetch } from './node-fetch.ts'

/** More redirects than any sign-in has. */
const MAX_STEPS = 10

/**
 * Does what a browser would on the page of an exercise's provider: follows the redirects, keeps the provider's cookies,
 * and sends the form with `person` when the page comes. Returns the address on `redirect` to which the provider sends the
 * client back. Throws `login/person-unknown` when the page does not know the person, `login/refused` for anything else.
 */
export async function chooseOnPage(start: URL, redirect: string, person: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let address = start
  let chosen = false
  for (let step = 0; step < MAX_STEPS; step++) {
    let next = await visit(address, cookies, undefined)
    if (!chosen && next.status === 200 && /\/interaction\/[\w-]+$/u.test(address.pathname)) {
      next = await visit(address, cookies, new URLSearchParams({ person }))
      chosen = true
    }
    const to = next.headers.get('location')
    if (next.status < 300 || next.status > 399 || to === null) throw refusal(next, chosen, person)
    address = new URL(to, address)
    // The code goes to nobody: the client is this very process.
    if (`${address.origin}${address.pathname}` === redirect) return address
    if (address.origin !== start.origin)
      throw new LoginError('login/refused', 'the provider sends the sign-in elsewhere', { values: { error: 'redirect' } })
  }
  throw new LoginError('login/refused', 'the provider redirects without end', { values: { error: 'redirect' } })
}

function refusal(answer: Response, chosen: boolean, person: string): LoginError {
  if (chosen || answer.status === 404) return new LoginError('login/person-unknown', 'no such person', { values: { person } })
  return new LoginError('login/refused', `the provider answered ${answer.status}`, { values: { error: String(answer.status) } })
}

async function visit(address: URL, cookies: Map<string, string>, form: URLSearchParams | undefined): Promise<Response> {
  const answer = await nodeFetch(address, {
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'text/html',
      ...(cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
    },
    body: form,
  })
  for (const cookie of answer.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(cookie) ?? []
    // One provider and one sign-in in this jar: the paths need no telling apart.
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
  await answer.body?.cancel()
  return answer
}
