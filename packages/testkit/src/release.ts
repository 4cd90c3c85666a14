import { crc32 } from 'node:zlib'
import { type Crypto, type HybridSigner, type Signed, fromBase64Url, toBase64Url, toHex } from '@entente/canonical'
import {
  type Card,
  REPORT_MEDIA_TYPE,
  type ReleaseStatement,
  cardDigest,
  collect,
  encodePolicy,
  makeKeys,
  seal,
  signStatement,
  writeReport,
} from '@entente/container'
import { attributesOf, printMarking, toStanag4774 } from '@entente/label'
import { prepareSealing, releaseReport, saveDraft, submitDraft } from '@entente/node'
import type { HostedNation } from './hosted-nation.ts'

/** What to release. */
export interface ReleaseWish {
  /** Marking of the one text portion, as an author writes it; by default what the world's data releases. */
  readonly marking?: string
  readonly text?: string
  /** Further portions, each with its marking. */
  readonly more?: readonly { readonly marking: string; readonly text: string }[]
  readonly title?: string
  /** By default that of the world's data. */
  readonly area?: string
  /** Nations besides the own; the agreement's partner if absent. */
  readonly to?: readonly string[]
  /** Changes a sealed container before it is handed in; for what must be refused. */
  readonly tamper?: (container: Uint8Array<ArrayBuffer>, recipient: string) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>
  /** Changes the statement before it is signed. */
  readonly change?: (body: ReleaseStatement) => ReleaseStatement
  /** Signs instead of the officer. */
  readonly signer?: HybridSigner
}

/** What was released: the own nation's rendition, and one for each other. */
export interface ReleasedReport {
  readonly own: string
  /** Item by nation. */
  readonly items: Readonly<Record<string, string>>
  readonly n: number
}

/** A rendition as it is handed in. */
export interface SealedRendition {
  readonly signed: Signed<ReleaseStatement>
  readonly card: Card
  readonly container: { readonly sha256: string; readonly size: number }
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Who does it, and with which key. */
export interface Hands {
  readonly author: string
  readonly officer: string
  readonly officerKey: HybridSigner
  readonly area: string
  readonly marking: string
  readonly partner: string
}

/** Writes a report, submits it, prepares it, seals every rendition as an officer's client does. */
export async function sealReport(
  host: HostedNation,
  crypto: Crypto,
  hands: Hands,
  wish: ReleaseWish,
): Promise<{ readonly draft: string; readonly renditions: readonly SealedRendition[] }> {
  const { parts } = host
  const draft = await saveDraft(parts, hands.author, {
    title: { en: wish.title ?? 'EXERCISE report', ja: '演習報告' },
    area: wish.area ?? hands.area,
    portions: [
      { marking: wish.marking ?? hands.marking, text: wish.text ?? 'EXERCISE. Nothing happened anywhere.' },
      ...(wish.more ?? []),
    ].map(({ marking, text }) => ({ kind: 'text', marking, texts: [{ lang: 'en', text }] })),
  })
  await submitDraft(parts, hands.author, draft.id)
  const prepared = await prepareSealing(parts, hands.officer, draft.id, wish.to ?? [hands.partner])
  const kept = await parts.drafts.find(draft.id)
  const renditions: SealedRendition[] = []
  for (const plan of prepared) {
    const policy = parts.policies.get(plan.label.policy)
    if (policy === undefined || kept === undefined) throw new Error('the draft or its policy is gone')
    const [first, second] = plan.keyServices
    if (first === undefined) throw new Error('nothing to wrap for')
    const service = (one: typeof first) => ({ name: one.name, kid: one.kid, kem: fromBase64Url(one.publicKey) })
    const keys = await makeKeys(crypto, {
      policy: encodePolicy(plan.item, attributesOf(plan.label, policy)),
      control: plan.keyControl,
      originator: service(first),
      ...(second === undefined ? {} : { recipient: service(second) }),
    })
    const card: Card = {
      item: plan.item,
      title: draft.title,
      area: plan.area,
      banner: printMarking(plan.label, policy, { form: 'banner' }),
      originator: plan.originator,
      salt: toBase64Url(crypto.random(32)),
    }
    const payload = collect()
    const portions = kept.portions.filter((portion) => plan.portions.includes(portion.id))
    await writeReport(
      { crypto, report: { title: draft.title, area: plan.area, portions }, crc32: (bytes, crc) => crc32(bytes, crc), content: () => [] },
      payload.sink,
    )
    const out = collect()
    const { portions: _, keyServices: __, ...fixed } = plan
    const sealed = await seal(
      [payload.bytes()],
      {
        crypto,
        keys,
        label: plan.label,
        labelXml: toStanag4774(plan.label, policy),
        mediaType: REPORT_MEDIA_TYPE,
        crc32: (bytes, crc) => crc32(bytes, crc),
        statement: (digests) => {
          const body: ReleaseStatement = {
            realm: parts.config.realm,
            ...fixed,
            foreignClients: false,
            cardDigest: cardDigest(crypto, card),
            ...digests,
          }
          return signStatement(crypto, wish.signer ?? hands.officerKey, wish.change?.(body) ?? body)
        },
      },
      out.sink,
    )
    const bytes = (await wish.tamper?.(out.bytes(), plan.recipient)) ?? out.bytes()
    renditions.push({ signed: sealed.statement, card, container: { sha256: toHex(crypto.sha256(bytes)), size: bytes.length }, bytes })
  }
  return { draft: draft.id, renditions }
}

/** Uploads the sealed renditions and releases them. */
export async function handIn(host: HostedNation, hands: Hands, sealed: Awaited<ReturnType<typeof sealReport>>): Promise<ReleasedReport> {
  const { parts } = host
  for (const { container, bytes } of sealed.renditions) await parts.blobs.receive(container.sha256, container.size, one(bytes))
  const { items, n } = await releaseReport(
    parts,
    hands.officer,
    sealed.draft,
    sealed.renditions.map(({ signed, card, container }) => ({ signed, card, container })),
  )
  const byNation = Object.fromEntries(items.map(({ item, recipient }) => [recipient, item]))
  return { own: byNation[host.code] ?? '', items: byNation, n }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
