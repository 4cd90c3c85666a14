/** Signing in at a node, and speaking to it afterwards. */
export { loadSession, type SavedSession } from './device.ts'
export { type LoginCode, LoginError } from './errors.ts'
export { login, loginAs, type LoginOptions } from './login.ts'
export { type Fetch, type FetchInit, isLoopback, nodeFetch } from './node-fetch.ts'
export { logout, resumeSession, type Session } from './session.ts'
