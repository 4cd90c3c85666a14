/** An element with content that is XML already; attributes and their values are escaped here. */
export function element(name: string, content: string, attributes: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  return `<${name}${written.join('')}>${content}</${name}>`
}

/** A text as character data or as the value of an attribute in double quotes. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/gu, (space) => `&#${space.charCodeAt(0)};`)
}

/** An instant (seconds since 1970) as `xs:dateTime` in UTC. */
export function dateTime(instant: number): string {
  return `${new Date(instant * 1000).toISOString().slice(0, 19)}Z`
}
