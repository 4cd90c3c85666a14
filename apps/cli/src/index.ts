/** The command line's own parts. */
export * from './login/index.ts'
