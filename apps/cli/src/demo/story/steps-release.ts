import { parseDisclosure } from '@entente/ledger'
import { ask, call, problemCode } from '../call.ts'
import { releaseDraft } from './release-flow.ts'
import { cut, heal } from './link.ts'
import {
  type Actor,
  type Evidence,
  type Released,
  type Scene,
  actor,
  check,
  left,
  originators,
  recipients,
  runningOf,
  until,
} from './scene.ts'
import { type DraftView, type EvidenceEntry, evidenceOf, listOf, submit, writeDraft } from './write.ts'

export async function drafting(scene: Scene, evidence: Evidence): Promise<void> {
  runningOf(scene)
  const author = await originators(scene, 'author')
  const { first } = scene.world.story
  const draft = await writeDraft(scene, author, first, scene.files)
  check(draft.portions.length === first.portions.length + scene.files.length, 'every portion is there')
  evidence['portions'] = draft.portions.map(({ marking }) => marking)
  check(draft.banner !== '', 'a banner')
  evidence['banner'] = draft.banner
  for (const { name, size, sha256, marking } of scene.files) evidence[`file ${name}`] = `${marking}, ${size} bytes, SHA-256 ${sha256}`
  // The other direction of the same check: what nobody marked is nowhere accepted.
  const unmarked = await ask(author.session, 'POST', '/api/drafts', {
    title: first.title,
    area: scene.world.story.area,
    portions: [{ kind: 'text', marking: '', texts: [{ lang: 'en', text: 'EXERCISE' }] }],
  })
  check(unmarked.status === 400, `an unmarked portion is refused (${unmarked.status})`)
  evidence['unmarked portion'] = `400 ${problemCode(unmarked)}`
  await submit(author, draft.id)
  scene.drafts.set('first', draft.id)
}

interface Disclosure {
  readonly explanation: {
    readonly options: readonly {
      readonly basis: { readonly agreement: string; readonly article: string; readonly grant: string }
      readonly until: number
      readonly readers?: unknown
      readonly portions: readonly { readonly id: string; readonly goes: boolean; readonly reasons: readonly { readonly code: string }[] }[]
    }[]
  }
  readonly roster?: { readonly at: number; readonly number: number }
  readonly tearLine: readonly string[]
  readonly banner: string
  readonly tearLineBanner?: string
}

export async function approval(scene: Scene, evidence: Evidence): Promise<void> {
  const draft = left(scene.drafts.get('first'), 3)
  const { recipient } = scene.world.story
  const officer = await originators(scene, 'disclosureOfficer')
  const disclosure = await call<Disclosure>(officer.session, 'GET', `/api/drafts/${draft}/disclosure?to=${recipient}`)
  check(disclosure.roster !== undefined, 'the counts rest on a roster statement')
  evidence['roster'] = { number: disclosure.roster.number, at: disclosure.roster.at }
  const { portions } = await call<DraftView>(officer.session, 'GET', `/api/drafts/${draft}`)
  const given = disclosure.explanation.options.find(({ portions: all }) =>
    disclosure.tearLine.every((id) => all.some((one) => one.id === id && one.goes)),
  )
  check(given !== undefined && given.readers !== undefined, 'who could read is shown')
  evidence['article'] = `${given.basis.agreement} ${given.basis.article}, ${given.basis.grant}`
  evidence['who could read'] = given.readers as never
  check(given.until > scene.now(), 'until when')
  evidence['until'] = new Date(given.until * 1_000).toISOString().slice(0, 10)
  const held = portions.filter(({ id }) => !disclosure.tearLine.includes(id))
  check(held.length > 0 && disclosure.tearLine.length > 0, 'some portions go and some may not')
  evidence['stays'] = held.map(
    ({ id, marking }) =>
      `${marking}: ${
        given.portions
          .find((one) => one.id === id)
          ?.reasons.map(({ code }) => code)
          .join(' ') ?? ''
      }`,
  )
  for (const [at, { id }] of portions.entries()) if (disclosure.tearLine.includes(id)) scene.goes.add(at)
  evidence['tear line'] = `${disclosure.tearLine.length} of ${portions.length}, ${disclosure.tearLineBanner ?? ''}`
  await ownReportRefused(scene, evidence)
}

/** An officer who also writes asks to release what they wrote: the role is there, and still it may not be. */
async function ownReportRefused(scene: Scene, evidence: Evidence): Promise<void> {
  const officer = await originators(scene, 'disclosureOfficer')
  const draft = await writeDraft(scene, officer, scene.world.story.fourth, [])
  await submit(officer, draft.id)
  const answer = await ask(officer.session, 'POST', `/api/drafts/${draft.id}/sealing`, { to: [scene.world.story.recipient] })
  check(
    answer.status === 403 && problemCode(answer) === 'node/own-report',
    `an author cannot approve the own report (${answer.status} ${problemCode(answer)})`,
  )
  evidence['own report'] = `${answer.status} ${problemCode(answer)}`
}

export async function releaseAcross(scene: Scene, evidence: Evidence): Promise<void> {
  const draft = left(scene.drafts.get('first'), 3)
  const { recipient, originator, cast } = scene.world.story
  const officer = await originators(scene, 'disclosureOfficer')
  const theirReader = await recipients(scene, 'firstReader')
  cut(scene)
  let released: Released
  try {
    released = await releaseDraft(scene, officer, draft, recipient)
    scene.released.set('first', released)
    evidence['items'] = { own: released.own, given: released.given }
    const waiting = (await evidenceOf(await originators(scene, 'securityOfficer'), released.given)).find(({ act }) => act === 'release')
    check(waiting?.state === 'partner-pending', 'the release stands with the link cut, and waits for its cosignature')
    check((await listOf(scene, theirReader)).length === 0, 'nothing has arrived')
    evidence['while the link was cut'] = `entered, entry ${waiting.index} of ${waiting.log}: partner-pending`
  } finally {
    heal(scene)
  }
  const gone = await ask(officer.session, 'GET', `/api/drafts/${draft}`)
  check(gone.status === 404, 'the draft is gone from the node')
  const [ours, theirs] = await Promise.all([
    actor(scene, originator, cast.securityOfficer),
    actor(scene, recipient, cast.recipientSecurityOfficer),
  ])
  const cosigned = async (officerOf: Actor, act: string): Promise<EvidenceEntry> =>
    until(`${officerOf.nation} has a cosigned ${act}`, 30, async () =>
      (await evidenceOf(officerOf, released.given)).find((one) => one.act === act && one.state === 'cosigned'),
    )
  const release = await cosigned(ours, 'release')
  evidence[`release, ${originator}`] = `${release.log} entry ${release.index}, cosigned by ${recipient}`
  const delivery = await cosigned(theirs, 'deliver')
  evidence[`delivery, ${recipient}`] = `${delivery.log} entry ${delivery.index}, cosigned by ${originator}`
  const receipt = await until(`${originator} has the receipt, cosigned`, 30, async () => receiptAfter(scene, release))
  evidence[`receipt, ${originator}`] = `${release.log} entry ${receipt}, cosigned by ${recipient}`
}

/** Index of the cosigned entry with the partner's receipt for what was sent with a release; undefined while there is none. */
async function receiptAfter(scene: Scene, release: EvidenceEntry): Promise<number | undefined> {
  const { originator, cast } = scene.world.story
  const auditor = await actor(scene, originator, cast.auditors[originator] ?? '')
  const { logs } = await call<{ logs: readonly { log: string; size: number; cosigned: Readonly<Record<string, number>> }[] }>(
    auditor.session,
    'GET',
    '/api/ledger',
  )
  const { cosigned = {} } = logs.find(({ log }) => log === release.log) ?? {}
  const upTo = Math.max(0, ...Object.values(cosigned))
  const disclosure = parseDisclosure((await ask(auditor.session, 'GET', `/api/ledger/disclosure?log=${release.log}`)).bytes)
  const entry = disclosure.entries.find(({ index, opening }) => {
    const said = (name: string): unknown => opening.fields.find((field) => field.name === name)?.value
    return index > release.index && index < upTo && said('act') === 'receipt' && said('outcome') === 'accepted'
  })
  return entry?.index
}
