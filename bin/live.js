// Exit 0 when the node of the directory given answers at all: for a container's health check. It says nothing of `/api/health`,
// because a node whose partner is away must not be started again for it.
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'

const { peopleUrl } = JSON.parse(readFileSync(join(process.argv[2] ?? '.', 'running.json'), 'utf8'))
const call = get({ host: '127.0.0.1', port: new URL(peopleUrl).port, path: '/api/health/live', timeout: 4_000 }, (answer) => {
  process.exit(answer.statusCode === 200 ? 0 : 1)
})
call.on('timeout', () => process.exit(1))
call.on('error', () => process.exit(1))
