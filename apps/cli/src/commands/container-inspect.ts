import { readContainer, statementId } from '@entente/container'
import { nodeCrypto } from '@entente/crypto-node'
import { printMarking } from '@entente/label'
import { type Command, answer, timeText } from '../command.ts'
import { openFile } from '../files.ts'
import { policiesGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente container inspect`: what can be said of a container without a key. Whose statement it is, only `open` checks. */
export const command: Command = {
  usage: 'container inspect FILE',
  summary: { en: 'what a sealed container says, without a key', ja: '封緘ファイルの内容を鍵なしで調べる' },
  positionals: [1, 1],
  async run(given) {
    await using source = await openFile(given.positionals[0] ?? '')
    const container = await readContainer(nodeCrypto, source)
    const { kind, manifest, policy, segments, plaintextBytes, payload } = container
    const keyServices = manifest.encryptionInformation.keyAccess.map(({ url, kid, type }) => ({ url, kid, type }))
    const size = { file: source.size, plaintext: plaintextBytes, segments: segments.length }
    const body = container.statement?.body
    if (body === undefined) {
      const result = { kind, mediaType: payload.mediaType, item: policy.uuid, attributes: policy.attributes, size, keyServices }
      answer(given, result, [kind, payload.mediaType, `${size.file} bytes, ${size.segments} segments`, ...keyServices.map(({ url }) => url)])
      return EXIT.done
    }
    const scheme = (await policiesGiven(given)).get(body.label.policy)
    const banner = scheme === undefined ? body.label.classification : printMarking(body.label, scheme, { form: 'banner' })
    const statement = { id: statementId(nodeCrypto, body), ...body }
    answer(given, { kind, banner, mediaType: payload.mediaType, size, keyServices, attributes: policy.attributes, statement }, [
      banner,
      `${body.originator} → ${body.recipient}  ${body.area}  ${body.item}  #${body.serial}`,
      ...(body.basis === undefined ? [] : [`${body.basis.agreement}  ${body.basis.article}  ${body.basis.grant}  ${body.keyControl}`]),
      `${timeText(body.released)} – ${timeText(body.expires)}`,
      `${size.file} bytes, ${size.segments} segments, ${payload.mediaType}`,
      ...keyServices.map(({ url, kid }) => `${url}  ${kid ?? ''}`),
      statement.id,
    ])
    return EXIT.done
  },
}
