import { type Shape, shapes } from '@entente/canonical'
import { listDrafts, readDraft, returnDraft } from '@entente/client'
import type { ReleaseExplanation } from '@entente/decision'
import { type WordedReason, reasonSentence } from '@entente/words'
import * as v from 'valibot'
import { type Command, type Given, answer, named, timeText } from '../command.ts'
import { type Person, personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'
import { checkMayShow } from '../show-report.ts'

interface Disclosure {
  readonly explanation: ReleaseExplanation
  readonly tearLine: readonly string[]
  readonly banner: string
  readonly tearLineBanner?: string
}

// The explanation is shown as it is; what goes is decided again by the node and checked by the device when it seals.
const disclosureShape: Shape<Disclosure> = v.object({
  explanation: shapes.json,
  tearLine: v.array(shapes.shortText),
  banner: shapes.shortText,
  tearLineBanner: v.exactOptional(shapes.shortText),
}) as unknown as Shape<Disclosure>

/** `entente report review`: what waits for review; one report with what of it may go to a nation, and why; or gives it back. */
export const command: Command = {
  usage: 'report review [DRAFT --to NATION [--mark]] --as OFFICER [--return REASON]',
  summary: { en: 'see what may go to a partner, and why', ja: '何を提供できるか、その理由とともに確認する' },
  options: { to: { type: 'string' }, return: { type: 'string' } },
  positionals: [0, 1],
  async run(given) {
    const [draft] = given.positionals
    if (draft !== undefined && given.text('return') === undefined) checkMayShow(given)
    const person = await personGiven(given)
    if (draft === undefined) return list(given, person)
    const reason = given.text('return')
    if (reason === undefined) return review(given, person, draft)
    await returnDraft(person.api, draft, reason)
    answer(given, { id: draft, state: 'returned' }, [draft])
    return EXIT.done
  },
}

async function list(given: Given, person: Person): Promise<number> {
  const drafts = (await listDrafts(person.api)) as readonly { id?: string; state?: string; banner?: string; title?: { en?: string; ja?: string } }[]
  answer(given, { drafts }, drafts.map(({ id, state, banner, title }) => [id, state, banner, named(given.options.lang, title ?? {})].join('  ')))
  return EXIT.done
}

async function review(given: Given, person: Person, id: string): Promise<number> {
  const { lang } = given.options
  const draft = await readDraft(person.api, id)
  const to = given.text('to')?.toUpperCase()
  const disclosure = to === undefined ? undefined : await person.api.get(`/api/drafts/${id}/disclosure?to=${to.replaceAll(/[^A-Z]/gu, '')}`, disclosureShape)
  const goes = new Set(disclosure?.tearLine)
  const lines = draft.portions.map((portion) => {
    const text = portion.kind === 'file' ? `[${portion.name}]` : (portion.texts.find((one) => one.lang === lang) ?? portion.texts[0])?.text
    return `${disclosure === undefined ? '' : goes.has(portion.id) ? `→ ${to}  ` : '✕       '}${portion.marking} ${text ?? ''}`
  })
  const reasons = disclosure?.explanation.options.flatMap((option) => [
    `${option.basis.agreement} ${option.basis.article} ${option.basis.grant}  – ${timeText(option.until)}`,
    ...option.portions.flatMap((portion) => (portion.goes ? [] : portion.reasons.map((reason) => `    ${reasonSentence(lang, reason as WordedReason)}`))),
  ])
  const banner = draft.banner ?? ''
  answer(given, { draft, ...(disclosure === undefined ? {} : { disclosure }) }, [
    banner,
    named(lang, draft.title),
    ...lines,
    ...(reasons ?? []),
    ...(disclosure?.tearLineBanner === undefined ? [] : [`${to}: ${disclosure.tearLineBanner}`]),
    banner,
  ])
  return EXIT.done
}
