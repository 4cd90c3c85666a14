import type { Agreement } from '@entente/agreement'
import { type Expression, actionLine, clause, quoted } from './expression.ts'

/** One Cedar policy: how it is named, on what it rests, and what it says. */
export interface CedarPolicy {
  /** What it answers: whether somebody may read, whether the version has a say, or whether an office may release. */
  readonly about: 'reading' | 'say' | 'release'
  /** As in its `@id`. */
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  /** What `decide` says where this forbids: its code without `decision/`. */
  readonly reason?: string
  readonly article?: string
  /** The policy as Cedar text, with comments and annotations, as Cedar's formatter lays it out. */
  readonly text: string
}

/** What a policy is made of. */
export interface Draft {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly reason?: string
  readonly article?: string
  /** Lines of comment in English and Japanese; the article's title is put after them. */
  readonly about: readonly [en: string, ja: string]
  /** Further annotations. */
  readonly notes?: Readonly<Record<string, string>>
  /** Names of actions; absent: everything that a reader does. */
  readonly actions?: readonly string[]
  readonly when: readonly Expression[]
  readonly unless?: readonly Expression[]
  /** Absent: `reading`. */
  readonly asked?: CedarPolicy['about']
}

/** Who asks, and of what, by what is asked. */
const TYPES: Readonly<Record<CedarPolicy['about'], readonly [principal: string, resource: string]>> = {
  reading: ['Reader', 'Item'],
  say: ['Nation', 'Release'],
  release: ['Office', 'Item'],
}

/** Prints a policy. The articles are those of the agreement, for their titles. */
export function policyOf(draft: Draft, articles: Agreement['articles'] = []): CedarPolicy {
  const { id, effect, reason, article, about, notes = {}, asked = 'reading' } = draft
  const [principal, resource] = TYPES[asked]
  const title = articles.find((one) => one.id === article)?.title
  const comments = [
    ...about,
    ...(article === undefined || title === undefined ? [] : [`Article ${article}: ${title.en}`, `第${article}条 ${title.ja}`]),
  ]
  const annotations = { id, ...(article === undefined ? {} : { article }), ...(reason === undefined ? {} : { reason }), ...notes }
  const clauses = [
    ...draft.when.map((condition) => ['when', condition] as const),
    ...(draft.unless ?? []).map((condition) => ['unless', condition] as const),
  ]
  const action = draft.actions === undefined ? '  action in Action::"read"' : actionLine(draft.actions)
  const lines = [
    ...comments.map((comment) => `// ${comment.replaceAll(/\s+/gu, ' ')}`),
    ...Object.entries(annotations).map(([name, value]) => `@${name}(${quoted(value)})`),
    `${effect} (`,
    `  principal is ${principal},`,
    `${action},`,
    `  resource is ${resource}`,
    clauses.length === 0 ? ');' : ')',
    ...clauses.map(([word, condition], index) => clause(word, condition, index === clauses.length - 1 ? ';' : '')),
  ]
  return {
    about: asked,
    id,
    effect,
    ...(reason === undefined ? {} : { reason }),
    ...(article === undefined ? {} : { article }),
    text: lines.join('\n'),
  }
}

/** Policies as one text. */
export function textOf(policies: readonly CedarPolicy[]): string {
  return `${policies.map(({ text }) => text).join('\n\n')}\n`
}
