import * as v from 'valibot'
import { type Json, type Shape, readShape, shapes } from '@entente/canonical'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'

const askShape: Shape<{ readonly item: string; readonly from: number }> = v.strictObject({ item: shapes.uuid, from: shapes.natural })

/** A container for the partner that it was released to, from a byte on; anything else is absent. It is ciphertext, stopped or not. */
export async function offeredContainer(
  nation: Pick<Nation, 'db' | 'blobs' | 'config'>,
  partner: string,
  body: Json,
): Promise<AsyncIterable<Uint8Array>> {
  const { item, from } = readShape(askShape, body, 'container request')
  const row = await nation.db
    .selectFrom('items')
    .select('container')
    .where('item', '=', item)
    .where('recipient', '=', partner)
    .where('originator', '=', nation.config.nation)
    .executeTakeFirst()
  if (row === undefined) throw new NodeError('node/absent', 'nothing is here')
  return nation.blobs.read(row.container, from)
}
