/** Metrics: what is counted, how it is said, and that it goes to the one address that the configuration names, or nowhere. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { pathsOf, readConfig } from '#src/config.ts'
import { BOUNDS_MILLISECONDS, Counts, Times } from '#src/metrics/instruments.ts'
import { otlpBody } from '#src/metrics/otlp.ts'
import { pushMetrics } from '#src/metrics/push.ts'
import { startNation } from '#src/start.ts'
import { enterActs, getJson, makeLoneNation } from './lone-nation.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

async function collector(status = 200): Promise<{ readonly url: string; readonly got: Received[]; status: number } & AsyncDisposable> {
  const got: Received[] = []
  const state = { status }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      got.push({ headers: request.headers, body })
      response.writeHead(state.status, { location: '/elsewhere' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`,
    got,
    get status() {
      return state.status
    },
    set status(next) {
      state.status = next
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

test('times fall into the cell whose bound they do not exceed; counts count by word', () => {
  const times = new Times()
  for (const milliseconds of [0.2, 1, 1.1, 6_000]) times.take(milliseconds)
  const { count, sumMilliseconds, cells } = times.taken
  assert.deepEqual([count, Math.round(sumMilliseconds)], [4, 6_002])
  assert.deepEqual([cells[0], cells[1], cells.at(-1)], [2, 1, 1])
  assert.equal(cells.length, BOUNDS_MILLISECONDS.length + 1)
  const counts = new Counts<string>()
  for (const word of ['a', 'b', 'a']) counts.add(word)
  assert.deepEqual(counts.counted, [
    ['a', 2],
    ['b', 1],
  ])
})

test('a message in the JSON of OTLP: 64-bit numbers are strings, sums are cumulative and grow', () => {
  const body = otlpBody([{ name: 'entente.acts', unit: '{act}', kind: 'sum', points: [{ value: 3, about: { kind: 'list' } }] }], {
    resource: { 'service.name': 'entente-node' },
    startedAt: 1_790_000_000,
    now: 1_790_000_060,
  })
  assert.deepEqual(JSON.parse(body), {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'entente-node' } }] },
        scopeMetrics: [
          {
            scope: { name: 'entente' },
            metrics: [
              {
                name: 'entente.acts',
                unit: '{act}',
                sum: {
                  aggregationTemporality: 2,
                  isMonotonic: true,
                  dataPoints: [
                    {
                      startTimeUnixNano: '1790000000000000000',
                      timeUnixNano: '1790000060000000000',
                      attributes: [{ key: 'kind', value: { stringValue: 'list' } }],
                      asInt: '3',
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  })
})

test('a collector that refuses or redirects is told of once, followed nowhere, and sent to again', async () => {
  await using to = await collector(503)
  const said: string[] = []
  const pusher = pushMetrics({
    url: to.url,
    everySeconds: 1,
    collect: async () => '{}',
    notice: (code, { reason }) => void said.push(`${code} ${reason ?? ''}`),
  })
  const until = performance.now() + 10_000
  const got = async (count: number): Promise<void> => {
    while (to.got.length < count && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await got(1)
  to.status = 307
  await got(2)
  to.status = 200
  await pusher.stop()
  assert.deepEqual(said, ['metrics/not-sent node/partner-refused'])
  assert.ok(to.got.length >= 3)
  assert.equal(to.got[0]?.headers['content-type'], 'application/json')
})

test('a node says what it counts to the address in its configuration, and only where there is one', async () => {
  await using made = await makeLoneNation()
  await using to = await collector()
  await enterActs(made.dir, 2)
  for (const metrics of [undefined, { otlp: to.url, everySeconds: 3_600 }]) {
    const config = JSON.parse(await readFile(pathsOf(made.dir).config, 'utf8')) as object
    if (metrics !== undefined) await writeFile(pathsOf(made.dir).config, JSON.stringify({ ...config, metrics }))
    const running = await startNation(made.dir)
    await getJson(running.peopleUrl, '/api/health/live')
    // What there is goes out once more at the end.
    await running.stop()
    assert.equal(to.got.length, metrics === undefined ? 0 : 1)
  }
  const { resourceMetrics } = JSON.parse(to.got[0]?.body ?? '') as {
    resourceMetrics: { scopeMetrics: { metrics: { name: string; gauge?: { dataPoints: { asInt: string; attributes: unknown }[] } }[] }[] }[]
  }
  const metrics = new Map(resourceMetrics[0]?.scopeMetrics[0]?.metrics.map((metric) => [metric.name, metric]))
  assert.deepEqual(
    metrics.get('entente.log.entries')?.gauge?.dataPoints.map(({ asInt, attributes }) => [asInt, attributes]),
    [['2', [{ key: 'log', value: { stringValue: 'home' } }]]],
  )
  assert.equal(metrics.get('process.memory.usage')?.gauge?.dataPoints.length, 5)
})

test('an address that is none, or that names a user, is no configuration', async () => {
  await using made = await makeLoneNation()
  const path = pathsOf(made.dir).config
  const config = JSON.parse(await readFile(path, 'utf8')) as object
  for (const otlp of ['ftp://127.0.0.1/', 'http://user:secret@127.0.0.1/', '127.0.0.1:4318', 'http://a b/']) {
    await writeFile(path, JSON.stringify({ ...config, metrics: { otlp, everySeconds: 10 } }))
    await assert.rejects(readConfig(made.dir), otlp)
  }
  for (const everySeconds of [0, 3_601, 1.5]) {
    await writeFile(path, JSON.stringify({ ...config, metrics: { otlp: 'http://127.0.0.1:4318/v1/metrics', everySeconds } }))
    await assert.rejects(readConfig(made.dir), String(everySeconds))
  }
})
