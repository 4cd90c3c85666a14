declare module '*.css'
/** The address of a script that runs as a worker. */
declare module '*?worker&url' {
  const address: string
  export default address
}

/** Trusted Types, as far as these pages use them; absent in browsers that do not hold them. */
declare const trustedTypes:
  | { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } }
  | undefined
