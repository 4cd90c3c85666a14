/**
 * What a page of ours may do (packages/node/src/http/pages.ts), by directive and in any order. A node that adds to it, or leaves
 * something out, gives the page another policy than the one under which it was built and tried.
 */
const DIRECTIVES: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['entente', 'ProseMirrorClipboard'],
}

/**
 * Directives of a content policy (W3C CSP 3, section 2.2) that are not those of a build with these style hashes: changed, missing,
 * foreign, or standing twice, in the order of their names. A comma begins a second policy, and so is foreign too.
 */
export function policyDifferences(header: string, styles: readonly string[]): readonly string[] {
  const wanted = new Map(Object.entries(DIRECTIVES).map(([name, values]) => [name, [...values]]))
  wanted.get('style-src')?.push(...styles.map((hash) => `'${hash}'`))
  const differing = new Set<string>()
  const seen = new Set<string>()
  for (const part of header.split(';')) {
    const [name = '', ...values] = part.trim().split(/[\t\n\f\r ]+/u)
    if (name === '') continue
    const expected = wanted.get(name)
    const same = expected !== undefined && expected.toSorted().join(' ') === values.toSorted().join(' ')
    if (!same || seen.has(name)) differing.add(name)
    seen.add(name)
  }
  for (const name of wanted.keys()) if (!seen.has(name)) differing.add(name)
  return [...differing].toSorted()
}
