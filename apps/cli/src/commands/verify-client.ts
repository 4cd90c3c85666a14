import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Shape, codeOf, readDocument, shapes, toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { hint, message } from '@entente/words'
import * as v from 'valibot'
import { type Command, one, textOption, usageError } from '../command.ts'
import { readGiven } from '../data.ts'
import { PAGES } from '../demo/entry.ts'
import { type CliCode, EXIT } from '../errors.ts'
import { LoginError, nodeFetch } from '../login/index.ts'
import { policyDifferences } from './page-policy.ts'

/** What a build says of itself; the node reads the same (packages/node/src/http/pages.ts). */
interface Build {
  readonly screens: readonly string[]
  readonly styles: readonly string[]
  readonly files: readonly BuiltFile[]
}

interface BuiltFile {
  readonly path: string
  readonly type: string
  readonly size: number
  readonly sha256: string
}

const buildShape: Shape<Build> = v.strictObject({
  version: v.literal(1),
  screens: v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/u))),
  styles: v.array(v.pipe(v.string(), v.regex(/^sha256-[A-Za-z0-9+/]{43}=$/u))),
  files: v.array(
    v.strictObject({
      path: v.pipe(v.string(), v.regex(/^(?:assets\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/u)),
      type: shapes.shortText,
      size: shapes.natural,
      sha256: shapes.sha256,
    }),
  ),
}) as Shape<Build>

const MAX_MANIFEST_BYTES = 1_048_576
const INDEX = 'index.html'
/** A node that says nothing for so long is not there. */
const PATIENCE_MS = 30_000
/** Headers under which a browser makes something else of the same bytes, or goes elsewhere. */
const TURNING = ['content-encoding', 'refresh', 'link'] as const

/** One way in which a node, or the build at hand, is not what the build says. */
interface Difference {
  readonly code: Extract<CliCode, `cli/page-${string}` | 'cli/build-differs'>
  readonly values: Readonly<Record<string, string>>
}

/** `verify-client`: whether a node hands out the pages of a build that this machine has. The build is believed, the node is not. */
export const verifyClient: Command = {
  usage: 'verify-client URL [--build FOLDER]',
  about: {
    en: 'proves that a node hands out the pages of a build, byte for byte',
    ja: 'ノードの配るページが手元のビルドと一バイトも違わないことを証明する',
  },
  options: { build: { type: 'string' } },
  async run(context) {
    const node = addressOf(one(context, verifyClient))
    if (node === undefined) throw usageError(verifyClient)
    const folder = textOption(context, 'build') ?? PAGES
    const build = readDocument(buildShape, await readGiven(join(folder, 'pages.json')), 'pages.json', MAX_MANIFEST_BYTES)
    const differences: Difference[] = []
    let compared = 0
    for (const file of build.files) {
      if (!(await isWhole(folder, file))) differences.push({ code: 'cli/build-differs', values: { path: file.path } })
      for (const path of addresses(file, build)) {
        differences.push(...(await compare(new URL(path, node), path, file, build)))
        compared++
      }
    }
    const { lang } = context.globals
    const ok = differences.length === 0
    context.result({ ok, node: node.origin, compared, differences: differences.map(({ code, values }) => ({ code, ...values })) }, () => [
      `${ok ? 'ok' : 'FAIL'}  ${node.origin}  ${compared - new Set(differences.map(({ values }) => values['path'])).size}/${compared}`,
      ...differences.flatMap(({ code, values }) => {
        const next = hint(lang, code, values)
        return [`! ${message(lang, code, values)}`, ...(next === null ? [] : [`  ${next}`])]
      }),
    ])
    return ok ? EXIT.done : EXIT.notVerified
  },
}

/** The node's root; undefined for what is no address of the web. */
function addressOf(text: string): URL | undefined {
  const url = URL.parse(text)
  return url !== null && /^https?:$/u.test(url.protocol) ? new URL('/', url) : undefined
}

/** Where the node shows a file: the page stands at the address of every screen. */
function addresses({ path }: BuiltFile, { screens }: Build): readonly string[] {
  return path === INDEX ? ['/', '/signed-in', ...screens.flatMap((screen) => [`/${screen}`, `/${screen}/verify-client`])] : [`/${path}`]
}

/** Whether the file at hand is the one that its own build names. */
async function isWhole(folder: string, { path, size, sha256 }: BuiltFile): Promise<boolean> {
  try {
    const bytes = await readFile(join(folder, path))
    return bytes.length === size && toHex(nodeCrypto.sha256(bytes)) === sha256
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

async function compare(url: URL, path: string, file: BuiltFile, { styles }: Build): Promise<readonly Difference[]> {
  const answer = await nodeFetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
  if (answer.status !== 200) {
    await answer.body?.cancel()
    return [{ code: 'cli/page-missing', values: { path, status: String(answer.status) } }]
  }
  const found: Difference[] = []
  const { headers } = answer
  if (headers.get('content-type') !== file.type) found.push({ code: 'cli/page-header', values: { path, header: 'content-type' } })
  for (const header of TURNING) if (headers.has(header)) found.push({ code: 'cli/page-header', values: { path, header } })
  const differing = file.path === INDEX ? policyDifferences(headers.get('content-security-policy') ?? '', styles) : []
  if (differing.length > 0) found.push({ code: 'cli/page-policy', values: { path, directives: differing.join(', ') } })
  if ((await digestOf(answer, file.size, url)) !== file.sha256) found.push({ code: 'cli/page-differs', values: { path } })
  return found
}

/** SHA-256 of an answer, in hexadecimal; undefined when it is longer than it may be. Nothing beyond that is read. */
async function digestOf(answer: Response, maxBytes: number, { host }: URL): Promise<string | undefined> {
  const hasher = nodeCrypto.hashSha256()
  let size = 0
  try {
    for await (const bytes of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      size += bytes.length
      if (size > maxBytes) return undefined
      hasher.update(bytes)
    }
  } catch (cause) {
    throw new LoginError('login/unreachable', `${host} stopped in the middle`, { values: { host }, cause })
  }
  return toHex(hasher.digest())
}
