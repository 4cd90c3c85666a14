// What the isomorphic packages may use of their host, beyond the language: text coding, streams, URL, abort.
// Present in every browser and in Node; nothing here reads a clock, a file, a socket or chance.
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
  encodeInto(source: string, destination: Uint8Array): { readonly read: number; readonly written: number }
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(input?: Uint8Array, options?: { stream?: boolean }): string
}
declare class URL {
  constructor(url: string, base?: string)
  readonly href: string
  readonly origin: string
  readonly protocol: string
  readonly host: string
  readonly hostname: string
  readonly port: string
  readonly pathname: string
  readonly search: string
  readonly hash: string
  readonly username: string
  readonly password: string
}
// Named by the typings of a dependency (valibot); nothing of ours makes one.
interface Blob {
  readonly size: number
}
interface File extends Blob {
  readonly name: string
}
