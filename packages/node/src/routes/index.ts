import type { FastifyInstance } from 'fastify'
import type { Nation } from '../nation.ts'
import { registerAgreements } from './agreements.ts'
import { registerDrafting } from './drafting.ts'
import { registerOversight } from './oversight.ts'
import { registerReading } from './reading.ts'

/** Registers every route of the API for people. */
export function registerRoutes(app: FastifyInstance, nation: Nation): void {
  registerReading(app, nation)
  registerDrafting(app, nation)
  registerOversight(app, nation)
  registerAgreements(app, nation)
}
