import type { NodeApi } from './node-api.ts'
import { type NodeStatus, statusShape } from './shapes.ts'

/** How the own node stands and whether its partners answer, as it knows at this moment: nothing is waited for. */
export async function readStatus(api: NodeApi): Promise<NodeStatus> {
  return api.get('/api/status', statusShape)
}
