/** The crypto port of a browser: WebCrypto for keys and ciphers, noble for what must answer at once (hashes) or is missing there (SHA-3). */
export { webCrypto } from './port.ts'
export { type KeptSigner, keepSigner, keptSigner } from './kept.ts'
export { canSignHere } from './subtle.ts'
