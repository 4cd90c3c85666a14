import { type Crypto, type HybridSigner, type Realm, toBase64Url } from '@entente/canonical'
import type { ClearanceAct } from '@entente/clearance'
import { enrolmentCodeDigest, signAct, signEnrolmentCode } from '@entente/exchange'
import type { NodeApi } from './node-api.ts'
import { numberShape } from './shapes.ts'

/** An act before it has a number, a time and an officer. */
export type ActContent = ClearanceAct extends infer One ? (One extends ClearanceAct ? Omit<One, 'number' | 'at' | 'by'> : never) : never

/** A clearance officer at work. */
export interface ClearanceDesk {
  readonly crypto: Crypto
  readonly api: NodeApi
  readonly realm: Realm
  /** The officer's id, and the key that signs acts. */
  readonly by: string
  readonly officer: HybridSigner
  readonly now: () => number
}

/** Signs one act with the number that is next and hands it to the office. Gives the number; throws what the office refuses. */
export async function enterAct(desk: ClearanceDesk, content: ActContent): Promise<number> {
  const { crypto, api, realm, by, officer } = desk
  const { number } = await api.get('/api/clearance/next', numberShape)
  const act = { ...content, number, at: desk.now(), by } as ClearanceAct
  return (await api.post('/api/clearance/acts', { signed: await signAct(crypto, realm, act, officer) }, numberShape)).number
}

/** A fresh enrolment code for a person: the office gets a signed digest, the officer hands the code itself to the person. */
export async function giveEnrolmentCode(desk: ClearanceDesk, person: string): Promise<string> {
  const { crypto, api, realm, officer } = desk
  const code = toBase64Url(crypto.random(18))
  const body = { realm, person, digest: enrolmentCodeDigest(crypto, code), at: desk.now() }
  await api.send('/api/clearance/codes', { signed: await signEnrolmentCode(crypto, body, officer) })
  return code
}
