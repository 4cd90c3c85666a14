import type { ReactNode } from 'react'

/** A sentence of the catalogue on a page: what stands in backticks, as on a command line, is code. */
export function Sentence({ text }: { readonly text: string }): ReactNode {
  // oxlint-disable-next-line no-array-index-key -- the pieces of a sentence have no other name, and never move
  return text.split('`').map((piece, at) => (at % 2 === 1 ? <code key={at}>{piece}</code> : piece))
}
