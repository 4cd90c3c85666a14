/** What one agreement permits and another does not: exact, as a short list of regions; invariants (spec/difference.md). */
export { type Budget, USUAL_BUDGET } from './cover.ts'
export { difference } from './difference.ts'
export { DifferenceError, type DifferenceErrorCode } from './errors.ts'
export { NONE, OTHER } from './model.ts'
export type * from './model.ts'
export { type ReleasedUnder, questionOf } from './point.ts'
export { type Proof, prove, proveAll } from './prove.ts'
