import type { PartnerRoutes } from '../partner/server.ts'
import type { Nation } from '../nation.ts'
import { answerRelayedOpening } from './answer-opening.ts'
import { giveNonce } from './give-nonce.ts'
import { offeredContainer } from './offered-container.ts'
import { receiveEnvelope } from './receive-envelope.ts'

/** What partners may ask of this node, each the use case of the same name. */
export function partnerRoutes(nation: Nation): PartnerRoutes {
  return {
    inbox: (from, envelope) => receiveEnvelope(nation, from, envelope),
    nonce: async (from, body) => giveNonce(nation, from, body),
    opening: (from, body) => answerRelayedOpening(nation, from, body),
    witness: (_, body) => nation.ledger.call('witness', { body }),
    container: (from, body) => offeredContainer(nation, from, body),
  }
}
