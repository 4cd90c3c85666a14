import { type FileHandle, open } from 'node:fs/promises'
import { codeOf, type Json } from '@entente/canonical'
import { type RandomAccess, readContainer, statementId } from '@entente/container'
import { nodeCrypto } from '@entente/crypto-node'
import { type Command, nameOf } from '../command.ts'
import { CliError, EXIT } from '../errors.ts'

/** A file as the container's reader wants it. */
export async function fileSource(path: string): Promise<RandomAccess & { close(): Promise<void> }> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (cause) {
    throw new CliError('cli/file', `cannot read ${path}`, { cause, values: { path, why: codeOf(cause) } })
  }
  const { size } = await file.stat()
  return {
    size,
    async read(offset, length, into = new Uint8Array(length)) {
      const { bytesRead, buffer } = await file.read(into, 0, length, offset)
      return buffer.subarray(0, bytesRead)
    },
    close: () => file.close(),
  }
}

/** `container inspect`: what can be read of a container without a key; nothing of it is verified. */
export const containerInspect: Command = {
  usage: 'container inspect FILE',
  about: {
    en: 'shows what a container says without a key (nothing verified)',
    ja: '鍵なしで読めるコンテナの内容を表示する（検証はしない）',
  },
  options: {},
  async run(context) {
    const [path] = context.positionals
    if (path === undefined)
      throw new CliError('cli/usage', 'a file is needed', { values: { missing: 'FILE', command: nameOf(containerInspect) } })
    const source = await fileSource(path)
    try {
      const container = await readContainer(nodeCrypto, source)
      const { statement, manifest, policy } = container
      const services = manifest.encryptionInformation.keyAccess.map(({ url, kid, type }) => ({
        url,
        ...(kid === undefined ? {} : { kid }),
        type,
      }))
      const value = {
        kind: container.kind,
        item: policy.uuid,
        attributes: [...policy.attributes],
        segments: container.segments.length,
        plaintextBytes: container.plaintextBytes,
        keyAccess: services,
        ...(statement === undefined ? {} : { statement: statementId(nodeCrypto, statement.body), body: statement.body as unknown as Json }),
      }
      context.result(value, () => [
        `${container.kind}  ${policy.uuid}  ${container.plaintextBytes} B / ${container.segments.length}`,
        ...policy.attributes,
        ...services.map(({ url, type }) => `${type}  ${url}`),
        ...(statement === undefined
          ? []
          : [
              `${statement.body.originator} → ${statement.body.recipient}  ${statement.body.keyControl}  ${statement.body.basis?.article ?? ''}  ${new Date(statement.body.expires * 1000).toISOString()}`,
            ]),
      ])
      return EXIT.done
    } finally {
      await source.close()
    }
  },
}
