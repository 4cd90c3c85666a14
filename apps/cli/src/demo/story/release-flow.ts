import { type Signed, fromBase64Url } from '@entente/canonical'
import {
  type Card,
  type FilePortion,
  type ReleaseStatement,
  type Report,
  REPORT_MEDIA_TYPE,
  cardDigest,
  collect,
  encodePolicy,
  makeKeys,
  seal,
  signStatement,
  writeReport,
} from '@entente/container'
import { nodeCrypto } from '@entente/crypto-node'
import { type Label, type MarkingPolicy, type Portion, attributesOf, printMarking, toStanag4774 } from '@entente/label'
import { ask, call } from '../call.ts'
import { officerSigner } from '../devices.ts'
import { DemoError } from '../errors.ts'
import { createHash } from 'node:crypto'
import { type Actor, type Released, type Scene, left } from './scene.ts'
import { policiesOf, zipCrc32 } from './flows.ts'

const crypto = nodeCrypto
const PART_BYTES = 8_388_608

interface Prepared {
  readonly item: string
  readonly serial: number
  readonly originator: string
  readonly recipient: string
  readonly portions: readonly string[]
  readonly label: Label
  readonly area: string
  readonly basis?: { readonly agreement: string; readonly version: string; readonly article: string; readonly grant: string }
  readonly keyControl: 'originator' | 'both' | 'either'
  readonly expires: number
  readonly released: number
  readonly keyServices: readonly {
    readonly role: 'originator' | 'recipient'
    readonly name: string
    readonly kid: string
    readonly publicKey: string
  }[]
}

/** The officer approves: seals what the node prepared, signs the statements, and releases. */
export async function releaseDraft(scene: Scene, officer: Actor, draft: string, to: string): Promise<Released> {
  const policies = await policiesOf(scene)
  const signer = left(await officerSigner(officer.folder), 1)
  const view = await call<{ title: { en?: string; ja?: string }; area: string; portions: readonly (Portion & { marking: string })[] }>(
    officer.session,
    'GET',
    `/api/drafts/${draft}`,
  )
  const { renditions } = await call<{ renditions: readonly Prepared[] }>(officer.session, 'POST', `/api/drafts/${draft}/sealing`, {
    to: [to],
  })
  const handedIn: { signed: Signed<ReleaseStatement>; card: Card; container: { sha256: string; size: number } }[] = []
  for (const prepared of renditions) {
    const policy = left(policies.get(prepared.label.policy), 1)
    const portions = view.portions
      .filter(({ id }) => prepared.portions.includes(id))
      .map(({ marking: _marking, ...portion }) => portion as Portion)
    const report: Report = { title: view.title, area: view.area, portions }
    const card: Card = {
      item: prepared.item,
      title: view.title,
      area: prepared.area,
      banner: printMarking(prepared.label, policy, { form: 'banner' }),
      originator: prepared.originator,
    }
    const { bytes, signed } = await sealRendition(scene, officer, { prepared, policy, report, card, draft, signer })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { upload } = await call<{ upload: string }>(officer.session, 'POST', '/api/containers', { sha256, size: bytes.length })
    for (let number = 0; number * PART_BYTES < bytes.length; number++) {
      const part = bytes.subarray(number * PART_BYTES, (number + 1) * PART_BYTES)
      const answer = await officer.session.fetch(
        `/api/uploads/${upload}/parts/${number}?sha256=${createHash('sha256').update(part).digest('hex')}`,
        {
          method: 'PUT',
          headers: { 'content-type': 'application/octet-stream' },
          body: part,
        },
      )
      if (answer.status !== 204) throw new DemoError('demo/call-refused', `part: ${answer.status} ${await answer.text()}`)
    }
    await call(officer.session, 'POST', `/api/uploads/${upload}/complete`, { size: bytes.length, sha256 })
    handedIn.push({ signed, card, container: { sha256, size: bytes.length } })
  }
  const { items } = await call<{ items: readonly { item: string; recipient: string }[] }>(officer.session, 'POST', '/api/releases', {
    draft,
    renditions: handedIn,
  })
  const of = (recipient: string): string =>
    left(
      items.find((one) => one.recipient === recipient),
      5,
    ).item
  return { draft, own: of(officer.nation), given: of(to) }
}

async function sealRendition(
  scene: Scene,
  officer: Actor,
  given: {
    prepared: Prepared
    policy: MarkingPolicy
    report: Report
    card: Card
    draft: string
    signer: NonNullable<Awaited<ReturnType<typeof officerSigner>>>
  },
): Promise<{ bytes: Uint8Array; signed: Signed<ReleaseStatement> }> {
  const { prepared, policy, report, card, draft, signer } = given
  const [originator, recipient] = prepared.keyServices.map(({ name, kid, publicKey }) => ({ name, kid, kem: fromBase64Url(publicKey) }))
  const keys = await makeKeys(crypto, {
    policy: encodePolicy(prepared.item, attributesOf(prepared.label, policy)),
    control: prepared.keyControl,
    originator: left(originator, 5),
    ...(recipient === undefined ? {} : { recipient }),
  })
  const payload = collect()
  await writeReport(
    {
      crypto,
      report,
      crc32: zipCrc32,
      async *content(portion: FilePortion) {
        const answer = await ask(officer.session, 'GET', `/api/drafts/${draft}/files/${portion.sha256}`)
        yield answer.bytes
      },
    },
    payload.sink,
  )
  const container = collect()
  const { portions: _, keyServices: __, ...fixed } = prepared
  const sealed = await seal(
    [payload.bytes()],
    {
      crypto,
      keys,
      label: prepared.label,
      labelXml: toStanag4774(prepared.label, policy),
      mediaType: REPORT_MEDIA_TYPE,
      crc32: zipCrc32,
      statement: (digests) =>
        signStatement(crypto, signer, {
          ...fixed,
          realm: scene.world.realm,
          foreignClients: false,
          cardDigest: cardDigest(crypto, card),
          ...digests,
        }),
    },
    container.sink,
  )
  return { bytes: container.bytes(), signed: sealed.statement }
}
