import { releaseReport } from '@entente/client'
import { fileScratch } from '../../session.ts'
import { officerSigner } from '../devices.ts'
import { clientOf } from './flows.ts'
import { type Actor, type Released, type Scene, left } from './scene.ts'

/** The officer approves: seals what the node prepared, signs the statements, and releases. */
export async function releaseDraft(scene: Scene, officer: Actor, draft: string, to: string): Promise<Released> {
  const client = await clientOf(scene, officer)
  const signer = left(await officerSigner(officer.folder), 1)
  const { items } = await releaseReport(client, { draft, to: [to], officer: signer, scratch: fileScratch })
  const of = (recipient: string): string =>
    left(
      items.find((one) => one.recipient === recipient),
      5,
    ).item
  return { draft, own: of(officer.nation), given: of(to) }
}
