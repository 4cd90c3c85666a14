/** A ledger that enters acts as fast as it can and writes a line to standard output for each one that it acknowledges. Arguments: folder of a nation, number of acts. */
import { writeSync } from 'node:fs'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { openNationLedger } from './open-ledger.ts'
import { entryFor } from '@entente/node'

const [dir = '', acts = '0'] = process.argv.slice(2)
const { service, projection, realm, now, close } = await openNationLedger(dir, (size) => writeSync(1, `acknowledged size-${size}\n`))
await service.api.reconcile({})
const config = { realm } as Parameters<typeof entryFor>[0]['config']

async function enter(act: number): Promise<void> {
  const at = now()
  const entry = entryFor({ crypto, config }, 'home', at, { act: 'list', purpose: `act-${act}` })
  const { n } = await service.api.append({ at, kind: 'list', body: {}, entries: [entry], effects: [], conditions: [] })
  await projection.applied(n)
  // By the system call itself: its place in the trace says what was safe when it was promised.
  writeSync(1, `acknowledged act-${act}\n`)
}

for (let act = 0; act < Number(acts);) {
  const together = 1 + (act % 7)
  await Promise.all(Array.from({ length: together }, (_, at) => enter(act + at)))
  act += together
}
await close()
