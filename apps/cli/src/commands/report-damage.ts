import { type Json, type Shape, canonicalText, shapes } from '@entente/canonical'
import { type Command, answer } from '../command.ts'
import { usage } from '../errors.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente report damage`: what a compromise of an item, or of its whole report, would mean. */
export const command: Command = {
  usage: 'report damage ITEM --as SECURITY-OFFICER [--scope item|report]',
  summary: { en: 'what a compromise would mean', ja: '漏えいした場合の影響を調べる' },
  options: { scope: { type: 'string' } },
  positionals: [1, 1],
  async run(given) {
    const scope = given.text('scope') ?? 'item'
    if (scope !== 'item' && scope !== 'report') throw usage(given.command, '--scope item|report')
    const { api } = await personGiven(given)
    const found = await api.get(`/api/items/${given.positionals[0] ?? ''}/damage?scope=${scope}`, shapes.json as Shape<Json>)
    answer(given, found, membersOf(found))
    return EXIT.done
  },
}

/** A document for a person to read: one member a line. */
export function membersOf(document: Json, indent = ''): readonly string[] {
  if (Array.isArray(document)) return (document as readonly Json[]).flatMap((one) => membersOf(one, indent))
  if (typeof document !== 'object') return [`${indent}${String(document)}`]
  return Object.entries(document).flatMap(([name, value]) => {
    if (value === undefined) return []
    return typeof value === 'object' ? [`${indent}${name}:`, ...membersOf(value as Json, `${indent}  `)] : [`${indent}${name}: ${typeof value === 'string' ? value : canonicalText(value)}`]
  })
}
