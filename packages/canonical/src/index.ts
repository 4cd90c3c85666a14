/** Canonical bytes, ids, hybrid signatures and the crypto port: what everything else is built on (spec/canonical.md). */
export * from './bytes.ts'
export * from './crypto.ts'
export * from './errors.ts'
export * from './json.ts'
export * from './kem.ts'
export * from './recent.ts'
export * from './shape.ts'
export * from './signed.ts'
