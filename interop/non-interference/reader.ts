/** What a reader sees of its nation's node: every answer over HTTP, with status, headers and body. */
import { HOME_AGREEMENT, signAsDevice } from '@entente/exchange'
import type { Chance, Reader } from '@entente/testkit'
import type { Observation } from './normalise.ts'
import { type Known, type Side, pick } from './pair.ts'
import { readAnswer, requestFor } from './requests.ts'

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS'
type Question = readonly [method: Method, url: string, payload?: unknown]

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const PURPOSE = '?purpose=assessment'
const HEX = 'ab'.repeat(32)
const THUMBPRINT = 'A'.repeat(43)

/** What is asked of which items. `hidden` is what the worlds differ in; a reader may have heard of its uuid, and may guess its title. */
function questions(known: Known, hidden: string, originator: string, guess: string): readonly Question[] {
  const [given = UNKNOWN, stopped = UNKNOWN, closed = UNKNOWN] = [known.given.at(-1), known.stopped.at(-1), known.closed.at(-1)]
  const joined = (item: string): Question => [
    'POST',
    '/api/openings/joined',
    { item, joined: { body: { request: HEX, leaf: HEX, outcome: 'opened' }, signatures: [] } },
  ]
  const roles = (item: string): readonly Question[] => [
    ['GET', `/api/items/${item}/evidence`],
    ['GET', `/api/items/${item}/damage?scope=report`],
    ['GET', `/api/items/${item}/readers`],
    ['GET', `/api/items/${item}/letters`],
    ['POST', `/api/items/${item}/revoke`, { reason: 'withdrawn', signed: {} }],
    ['GET', `/api/drafts/${item}`],
    ['GET', `/api/drafts/${item}/disclosure`],
    ['POST', `/api/drafts/${item}/withdraw`, {}],
    ['POST', `/api/drafts/${item}/discard`, {}],
    ['POST', `/api/drafts/${item}/return`, { code: 'not-useful' }],
  ]
  const searches = [
    'EXERCISE',
    guess,
    guess.slice(-8),
    `"${guess}"`,
    `level:secret ${guess.slice(-3)}`,
    'area:',
    `origin:${originator}`,
    '演習',
  ]
  return [
    ...searches.map((words): Question => ['GET', `/api/items?q=${encodeURIComponent(words)}`]),
    ['GET', '/api/items?limit=1'],
    ['GET', '/api/items?q=EXERCISE&limit=1'],
    ['GET', '/api/items?after=AAAA'],
    ['GET', '/api/status'],
    ['GET', '/api/register'],
    ['GET', '/api/policies'],
    ['GET', '/api/restored'],
    ['GET', '/api/items'],
    ['GET', `/api/items${PURPOSE}`],
    ['GET', `/api/items/${given}`],
    ['GET', `/api/items/${hidden}`],
    ['GET', `/api/items/${UNKNOWN}${PURPOSE}`],
    ['GET', `/api/items/${stopped}/container`],
    ['GET', `/api/items/${closed}`],
    ['GET', `/api/items/${hidden}/container`],
    ['GET', `/api/items/${given}/container`],
    ['HEAD', '/api/items'],
    ['HEAD', `/api/items/${hidden}`],
    ['GET', '/api/items/'],
    ['GET', `/api/items/${hidden}/`],
    ['GET', '/api/items/not-a-uuid'],
    ['GET', '/api/items?purpose=a&limit=1'],
    ['GET', '/api/items?cursor=1'],
    ['PUT', `/api/items/${hidden}`],
    ['DELETE', `/api/items/${given}`],
    ['OPTIONS', '/api/items'],
    ['GET', '/api/me'],
    ['GET', '/api/trust'],
    ['GET', '/api/health'],
    ['GET', '/api/doctor'],
    ['GET', '/api/ledger'],
    ['GET', '/api/ledger/policy?log=home'],
    ['GET', '/api/ledger/disclosure?log=home'],
    ['GET', '/api/rosters'],
    ['GET', '/api/agreements/rosters'],
    ['GET', '/api/agreements/holdings'],
    ['GET', '/api/drafts'],
    ['GET', '/api/clearance/next'],
    ['GET', '/api/clearance/people/sato'],
    ...roles(hidden),
    ...roles(UNKNOWN),
    joined(hidden),
    joined(UNKNOWN),
    ['POST', '/api/nonces', { originator: 'XXX', thumbprint: THUMBPRINT, item: hidden }],
    ['POST', '/api/nonces', { originator }],
    ['POST', '/api/credentials', { request: {}, item: hidden }],
    ['POST', '/api/openings', { request: 'not a request' }],
    ['POST', '/api/openings', '{"request": 1, "request": 2}'],
    ['POST', '/api/openings', `"${'x'.repeat(70_000)}"`],
    ['POST', `/api/openings/${hidden}`, {}],
  ]
}

/** Asks everything as one reader; then tries to open something. */
export async function askAsReader(
  side: Side,
  id: string,
  known: Known,
  hidden: readonly string[],
  draw: Chance,
  guess: string,
): Promise<readonly Observation[]> {
  const reader = await side.world.reader(id)
  const { world } = side
  const isOwn = reader.host === world.originator
  const mine: Known = isOwn ? { ...known, given: known.own } : known
  const about = pick(draw, [...hidden, ...known.third])
  // All at once: what one answer is must not hang on another that is under way.
  const seen = await Promise.all(questions(mine, about, world.originator.code, guess).map((question) => ask(side, reader, question)))
  seen.push(await ask(side, reader, ['POST', '/api/nonces', { originator: world.originator.code, thumbprint: THUMBPRINT, item: about }]))
  const { realm } = reader.host.parts.config
  const { agreement } = isOwn ? { agreement: HOME_AGREEMENT } : world.data
  for (const item of [about, UNKNOWN]) {
    const body = { realm, agreement, originator: world.originator.code, item, at: reader.host.parts.now() }
    const request = await signAsDevice(reader.keyFor(world.originator.code), 'credential-request', body)
    seen.push(await ask(side, reader, ['POST', '/api/credentials', { request, item }]))
  }
  const held = mine.given.at(-1)
  if (held === undefined) return seen
  const wanted = pick(draw, [about, about, about, UNKNOWN, known.stopped.at(-1) ?? UNKNOWN, held])
  const asked = await requestFor(side, reader, held, wanted)
  const answer = await ask(side, reader, ['POST', '/api/openings', { request: asked.compact }])
  seen.push({ ...answer, name: `open ${wanted === held ? 'what is given' : 'what is not'}` })
  if (answer.head.startsWith('200')) {
    const { originator } = JSON.parse(answer.body) as { originator: unknown }
    const inside = await readAnswer(side, asked, new TextEncoder().encode(JSON.stringify(originator)))
    seen.push({ name: 'what the answer says', head: '', body: JSON.stringify(inside) })
  }
  // Whatever was asked, the next list is as long as it was.
  seen.push(await ask(side, reader, ['GET', '/api/items']))
  return seen
}

async function ask(side: Side, reader: Reader, [method, url, payload]: Question): Promise<Observation> {
  const door = await side.door(reader.host)
  const answer = await door.inject({
    method,
    url,
    headers: { 'x-person': reader.id, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  })
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`)
  const isText = /json|text/u.test(answer.headers['content-type'] ?? '')
  return {
    name: `${method} ${url.slice(0, 100)}`,
    head: [`${answer.statusCode}`, ...headers].join('\n'),
    body: isText ? answer.payload : answer.rawPayload.toString('base64'),
  }
}
