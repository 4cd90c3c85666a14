import { type Json } from '@entente/canonical'
import { type Client, fetchContainer, listItems, openItem, readItem, streamOf, verifyItem } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import { readContainer } from '@entente/container'
import { type Command, type Context, textOption, one, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'
import { type SignedIn, fileScratch, signIn } from '../session.ts'
import { checkMayShow, showReport } from '../show-report.ts'
import { writeNew } from '../write-new.ts'
import { fileSource } from './container-inspect.ts'

const DEFAULT_PURPOSE = 'assessment'
const PAGE_LINES = 200
const ONLY_CARDS = {
  en: '(searched: titles, areas, originators, markings; not the text, not the files)',
  ja: '（検索の対象は、題名、分野、作成国、標示です。本文とファイルは含みません）',
} as const

/** `report list`: what this person may know of. */
export const reportList: Command = {
  usage: 'report list [--search TEXT] [--purpose CODE] [--after CURSOR]',
  about: { en: 'lists what you may know of, or searches it', ja: '知ることのできる項目を一覧する、または検索する' },
  options: { search: { type: 'string' }, purpose: { type: 'string' }, after: { type: 'string' } },
  async run(context) {
    const { api } = await signIn(context)
    const { lang } = context.globals
    const [q, purpose, after] = ['search', 'purpose', 'after'].map((name) => textOption(context, name))
    const page = await listItems(
      { api },
      {
        limit: PAGE_LINES,
        ...(q === undefined ? {} : { q }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(after === undefined ? {} : { after }),
      },
    )
    context.result(page as unknown as Json, () => [
      ...page.items.map(({ item, marking, equivalent, originator, card, expires }) => {
        const title = card.title[lang] ?? card.title.en ?? card.title.ja ?? ''
        return `${item}  ${originator} · ${marking}${equivalent === undefined ? '' : ` (${equivalent})`}  ${title}  → ${new Date(expires * 1000).toISOString().slice(0, 10)}`
      }),
      ...(page.searched === undefined ? [] : [ONLY_CARDS[lang]]),
      ...(page.next === undefined ? [] : [`${page.items.length} / ${page.count}  --after ${page.next}`]),
    ])
    return EXIT.done
  },
}

/** `report open`: verifies, asks for the key, decrypts here, shows. */
export const reportOpen: Command = {
  usage: 'report open ITEM [--purpose CODE] [--files DIRECTORY] [--mark]',
  about: { en: 'opens an item on this machine', ja: 'この端末で項目を開封する' },
  options: { purpose: { type: 'string' }, files: { type: 'string' } },
  async run(context) {
    checkMayShow(context)
    const item = one(context, reportOpen)
    return openAndShow(context, await signIn(context), item)
  },
}

/** `report save`: keeps the container, ciphertext, as a file. */
export const reportSave: Command = {
  usage: 'report save ITEM --out FILE',
  about: { en: 'saves the sealed container of an item', ja: '項目の封印されたコンテナを保存する' },
  options: { out: { type: 'string' } },
  async run(context) {
    const item = one(context, reportSave)
    const out = textOption(context, 'out')
    if (out === undefined) throw usageError(reportSave)
    const client = await (await signIn(context)).client()
    const view = await readItem(client, item)
    const scratch = await fetchContainer(client, view, fileScratch)
    try {
      await verifyItem(client, view, scratch)
      await writeNew(out, streamOf(scratch))
    } finally {
      await scratch.remove()
    }
    context.result({ item, path: out, size: view.container.size, sha256: view.container.sha256 }, () => [
      `${out}  ${view.container.sha256}`,
    ])
    return EXIT.done
  },
}

/** `container open`: opens a saved container with the reader's own login. */
export const containerOpen: Command = {
  usage: 'container open FILE [--purpose CODE] [--files DIRECTORY] [--mark]',
  about: { en: 'opens a saved container with your own login', ja: '保存したコンテナを自分のログインで開封する' },
  options: { purpose: { type: 'string' }, files: { type: 'string' } },
  async run(context) {
    checkMayShow(context)
    const path = one(context, containerOpen)
    const signed = await signIn(context)
    const source = await fileSource(path)
    try {
      const { policy } = await readContainer(nodeCrypto, source)
      return await openAndShow(context, signed, policy.uuid, source)
    } finally {
      await source.close()
    }
  },
}

async function openAndShow(
  context: Context,
  signed: SignedIn,
  item: string,
  saved?: Awaited<ReturnType<typeof fileSource>>,
): Promise<number> {
  const client: Client = await signed.client()
  const opened = await openItem(client, {
    item,
    purpose: textOption(context, 'purpose') ?? DEFAULT_PURPOSE,
    holder: (originator) => signed.holder(originator),
    scratch: fileScratch,
    ...(saved === undefined ? {} : { saved }),
  })
  const { json, lines } = await showReport(context, opened, client.pins.policies, textOption(context, 'files'))
  context.result(json, () => lines)
  return EXIT.done
}
