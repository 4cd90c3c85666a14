import type { ClearanceDesk } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import { type Given, clock } from './command.ts'
import { personGiven } from './person.ts'

/** The clearance officer of `--as` at the own office's desk. */
export async function deskGiven(given: Given): Promise<ClearanceDesk> {
  const { api, device } = await personGiven(given)
  return { crypto: nodeCrypto, api, realm: device.anchors.realm, by: device.person, officer: await device.officer(), now: clock }
}
