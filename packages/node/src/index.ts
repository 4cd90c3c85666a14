/** One nation's server. */
export * from './http/index.ts'
export * from './identity/index.ts'
