import type { FastifyInstance } from 'fastify'
import type { Nation } from '../nation.ts'

/** Registers every route of the API for people. */
export function registerRoutes(app: FastifyInstance, nation: Nation): void {
  void app
  void nation
}
