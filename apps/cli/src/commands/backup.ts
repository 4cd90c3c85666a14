import { resolve } from 'node:path'
import { type Json, shapes } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { signRestoration } from '@entente/exchange'
import { hint, message } from '@entente/words'
import { type Command, type Context, one, textOption, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'
import { runNode } from '../node-process.ts'
import { signIn } from '../session.ts'

/** `recovery-key`: the key for which backups are sealed; its file is carried away from the node. */
export const recoveryKey: Command = {
  usage: 'recovery-key DIRECTORY --to FILE',
  about: { en: 'makes the key that opens backups, in a file to be kept elsewhere', ja: 'バックアップを開く鍵を作る（別の場所に保管する）' },
  options: { to: { type: 'string' } },
  run: (context) => onDirectory(context, recoveryKey, 'recovery-key', ['to'], ({ file }) => [`${file}`]),
}

/** `backup`: the whole directory but the authority's key, sealed; while the node runs. */
export const backup: Command = {
  usage: 'backup DIRECTORY --to FILE',
  about: { en: "backs a nation's directory up, sealed for its recovery key", ja: '国のディレクトリを、復旧用の鍵あてに封印して控える' },
  options: { to: { type: 'string' } },
  run: (context) => onDirectory(context, backup, 'backup', ['to'], ({ file, bytes, records }) => [`${file}  ${bytes}  #${records}`]),
}

/** `restore`: a directory out of a backup; its node stays closed until it is reconciled. */
export const restore: Command = {
  usage: 'restore DIRECTORY --from FILE --key FILE',
  about: { en: 'restores a directory from a backup; its node stays closed', ja: 'バックアップから復元する（照合が済むまで閉鎖される）' },
  options: { from: { type: 'string' }, key: { type: 'string' } },
  run: (context) =>
    onDirectory(context, restore, 'restore', ['from', 'key'], ({ nation, at, records }) => [
      `${nation}  ${new Date(Number(at) * 1_000).toISOString()}  #${records}`,
      hint(context.globals.lang, 'node/quarantined') ?? '',
    ]),
}

interface Restoration {
  readonly restored?: { readonly made: number; readonly records: number }
  readonly logs: readonly { readonly log: string; readonly size: number; readonly closure?: string }[]
}

/** `reconcile`: brings what a newer copy holds, or shows where a restored node stands and accepts that it goes on. */
export const reconcile: Command = {
  usage: 'reconcile [DIRECTORY --from OLD_DIRECTORY] [--accept]',
  about: {
    en: 'brings a restored node up to a newer copy; or shows where it stands and, with --accept, lets it go on',
    ja: '復元したノードに新しい写しを取り込む。または状態を示し、--accept で再開を承認する',
  },
  options: { from: { type: 'string' }, accept: { type: 'boolean' } },
  async run(context) {
    if (context.positionals.length > 0)
      return onDirectory(context, reconcile, 'bring-newer', ['from'], ({ before, records, files }) => [
        `#${before} → #${records}  +${files}`,
      ])
    if (textOption(context, 'from') !== undefined) throw usageError(reconcile)
    const signed = await signIn(context)
    const state = (await signed.api.get('/api/restored', shapes.json)) as unknown as Restoration
    if (context.options['accept'] === true && state.restored !== undefined) {
      const { pins, now } = await signed.client()
      const { made, records } = state.restored
      const { realm, nation } = pins.trust.anchors
      const order = await signRestoration(nodeCrypto, { realm, nation, made, records, at: now() }, await signed.officer())
      const done = (await signed.api.post('/api/restored', { signed: order }, shapes.json)) as { readonly n: number }
      context.result(done as unknown as Json, () => [`#${done.n}`])
      return EXIT.done
    }
    const { lang } = context.globals
    context.result(state as unknown as Json, () => [
      ...(state.restored === undefined ? [] : [`${new Date(state.restored.made * 1_000).toISOString()}  #${state.restored.records}`]),
      ...state.logs.map(({ log, size, closure }) =>
        `${log}  ${size}  ${closure === undefined ? '' : message(lang, codeOf(closure))}`.trimEnd(),
      ),
    ])
    return state.logs.every(({ closure }) => closure === undefined) ? EXIT.done : EXIT.refused
  },
}

function codeOf(closure: string): string {
  return closure === 'quarantine' ? 'health/quarantine' : `health/log-${closure}`
}

/** Runs a command of the node's process on a directory, with paths from options. */
async function onDirectory(
  context: Context,
  command: Command,
  name: string,
  options: readonly string[],
  lines: (answer: Readonly<Record<string, string | number>>) => readonly string[],
): Promise<number> {
  const dir = resolve(one(context, command))
  const input: Record<string, string> = {}
  for (const option of options) {
    const path = textOption(context, option)
    if (path === undefined) throw usageError(command)
    input[option] = resolve(path)
  }
  const answer = await runNode(name, dir, input)
  context.result(answer, () => lines(answer as unknown as Readonly<Record<string, string | number>>))
  return EXIT.done
}
