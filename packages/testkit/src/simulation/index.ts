/** Random walks of two nations through everything that fails, each from a seed, with every promise checked after every step. */
export { lifePlanOf } from './life.ts'
export * from './plan.ts'
export * from './simulate.ts'
