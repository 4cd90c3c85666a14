// Faults to plant in what is decided in bulk, and in what is worked out once for many questions.
import type { Fault } from './planted.ts'

export const BULK_FAULTS: readonly Fault[] = [
  { name: 'in bulk a life never ends', file: 'reader', right: 'if (at - end >= life) continue', wrong: 'if (life < 0) continue' },
  { name: 'in bulk a life is a second longer', file: 'reader', right: 'at - end >= life', wrong: 'at - end > life' },
  { name: 'in bulk nothing is asked', file: 'reader', right: 'this.#kinds.fails(condition, this.#asking) ? 1 : 0', wrong: '0' },
  { name: 'in bulk time is not regarded', file: 'kinds', right: 'standing.reasons.all.length > 0 ? NEVER : ', wrong: '' },
  {
    name: 'in bulk what stands against everybody stands against nobody',
    file: 'kinds',
    right: 'life: -Infinity }',
    wrong: 'life: Infinity }',
  },
  {
    name: 'in bulk one stretch is all that follow',
    file: 'reader',
    right: ' && release < (this.#until[course] ?? 0)',
    wrong: '',
  },
  { name: 'in bulk a stretch has no end', file: 'kinds', right: 'turns[index + 1] ?? Infinity', wrong: 'Infinity' },
  {
    name: 'in bulk acts share a moment',
    file: 'kinds',
    right: 'const key = `${act} ${at}`',
    wrong: 'const key = `${act.length < 0} ${at}`',
  },
  {
    name: 'in bulk all items take one course',
    file: 'kinds',
    right: "const key = `${originator} ${via ?? ''} ${agreement",
    wrong: "const key = `${''} ${via ?? ''} ${agreement",
  },
  {
    name: 'in bulk memberships are no turns',
    file: 'span',
    right: 'for (const member of members.values()) points.add(member.from).add(member.until)',
    wrong: '',
  },
  {
    name: 'in bulk clearances are the same in every version',
    file: 'granted',
    right: "['cleared', this.cited.number, from,",
    wrong: "['cleared', from,",
  },
  { name: 'in bulk areas are one', file: 'granted', right: "['need', this.#area, [...(this.#above ?? [])]]", wrong: "['need']" },
  {
    name: 'in bulk all prohibitions are one',
    file: 'prohibition',
    right: "keyOf('forbidden', this.#version.body.agreement, this.#version.number, this.#compiled.prohibition.id)",
    wrong: "keyOf('forbidden')",
  },
  // What is worked out once.
  {
    name: 'how a release stood is kept by the time of the question alone',
    file: 'path',
    right: '(all[indexIn(turns, since)] ??= [])',
    wrong: '(all[indexIn(turns, at)] ??= [])',
  },
  {
    name: 'how a release stands is kept for ever',
    file: 'path',
    right: '(released[indexIn(turns, at)] ??=',
    wrong: '(released[0] ??=',
  },
  {
    name: 'two intermediaries are one path',
    file: 'path',
    right: 'all.get(originator)?.get(nation)?.get(via)',
    wrong: 'all.get(originator)?.get(nation)?.values().next().value',
  },
  {
    name: 'an area below one that is granted is not',
    file: 'compile',
    right: 'grant.areas.some((area) => above.has(area))',
    wrong: 'grant.areas.some((area) => above.values().next().value === area)',
  },
]
