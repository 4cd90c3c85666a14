import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { WEB_CLIENT } from './configuration.ts'
import type { Person } from './people.ts'

const MAX_FORM_BYTES = 4096

/**
 * Signing in without a password, for exercises: GET shows who may be chosen, POST `person=ID` chooses. It is a real
 * interaction of the real code flow; only the proof of who sits at the keyboard is missing, and the page says so.
 */
export async function chooseInteraction(
  provider: Provider,
  people: readonly Person[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let redirect: string
  let client: unknown
  try {
    const { params } = await provider.interactionDetails(request, response)
    redirect = params.redirect_uri ?? ''
    client = params.client_id
  } catch {
    // Too late, or a browser that did not start this: nothing to choose.
    return answer(response, 400, page('sign-in has expired; start again', '期限切れです。最初からやり直してください。', ''))
  }
  const [only, ...others] = people
  if (request.method !== 'POST' && client === WEB_CLIENT && only !== undefined && others.length === 0) {
    // The person was chosen on the node's own page, which started this; a code that nobody asked for is of no use to anybody.
    return provider.interactionFinished(request, response, { login: { accountId: only.id }, consent: {} })
  }
  if (request.method !== 'POST') {
    response.setHeader('content-security-policy', contentPolicy(redirect))
    return answer(response, 200, page('Exercise: choose who you are', '訓練：利用者を選んでください', buttons(people)))
  }
  const form = await readForm(request)
  const person = people.find(({ id }) => id === form?.get('person'))
  if (person === undefined) return answer(response, 400, page('nobody of that name', '該当する利用者がいません。', ''))
  // An empty consent answers the question that is put for native clients each time (RFC 8252 section 8.6): the person did choose.
  await provider.interactionFinished(request, response, { login: { accountId: person.id }, consent: {} })
}

/** Browsers apply `form-action` to the redirects after a form as well, so the client's address must be in it. */
function contentPolicy(redirect: string): string {
  const back = URL.parse(redirect)?.origin ?? ''
  return `default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${back}`.trimEnd()
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (request.headers['content-type']?.split(';', 1)[0] !== 'application/x-www-form-urlencoded') return undefined
  let text = ''
  for await (const part of request) {
    text += String(part)
    if (text.length > MAX_FORM_BYTES) return undefined
  }
  return new URLSearchParams(text)
}

function buttons(people: readonly Person[]): string {
  const rows = people.map(
    ({ id, names, roles }) =>
      `<p><button name="person" value="${escape(id)}"><span lang="en">${escape(names.en)}</span> · <span lang="ja">${escape(names.ja)}</span></button> ${escape(roles.join(', '))}</p>`,
  )
  return `<form method="post">${rows.join('')}</form>`
}

function page(en: string, ja: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>EXERCISE · 訓練</title><h1><span lang="en">${en}</span><br><span lang="ja">${ja}</span></h1>${body}</html>`
}

function answer(response: ServerResponse, status: number, html: string): void {
  response.statusCode = status
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(html)
}

function escape(text: string): string {
  return text.replace(/[&<>"']/gu, (mark) => `&#${mark.charCodeAt(0)};`)
}
