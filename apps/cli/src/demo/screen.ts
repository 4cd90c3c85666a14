import type { Lang } from '@entente/words'
import { resolve } from 'node:path'
import type { RunningWorld } from './running.ts'
import type { Bilingual } from './world.ts'

const words = {
  nations: { en: 'two nations on this machine', ja: 'この計算機上の二つの国' },
  agreement: { en: 'agreement signed by both, nations paired', ja: '両国が取決めに署名し、相互に登録' },
  clearances: { en: 'clearances granted, devices enrolled', ja: 'クリアランスを付与し、端末を登録' },
  local: { en: 'nothing leaves 127.0.0.1', ja: '127.0.0.1 の外へは何も出ません' },
  exercise: { en: 'EXERCISE. Everything is fiction; nothing here is classified.', ja: '演習。すべて架空であり、秘密は含まれません。' },
  stop: {
    en: 'Ctrl-C stops both and keeps everything; the next start goes on from there.',
    ja: 'Ctrl-C で停止します。内容は残り、次回はその続きから始まります。',
  },
  words: { en: 'both sides read', ja: '両者が読み上げた語' },
  logs: { en: 'files and logs', ja: 'ファイル及び記録' },
  asPerson: { en: 'act as somebody', ja: '利用者として操作する' },
} as const satisfies Readonly<Record<string, Bilingual>>

/** A line of progress with its time. */
export function progressLine(lang: Lang, done: 'nations' | 'agreement' | 'clearances', milliseconds: number): string {
  const rest = done === 'nations' ? `   (SQLite; ${words.local[lang]})` : ''
  return `  ✔ ${padded(words[done][lang], 44)} ${(milliseconds / 1_000).toFixed(1)} s${rest}\n`
}

/** The tree of addresses and named people, in the reader's language first; commands name the directory where it is not the `usual` one. */
export function tree(lang: Lang, running: RunningWorld, usual: string): string {
  const other = lang === 'en' ? 'ja' : 'en'
  const { world, dir } = running
  const lines: string[] = []
  if (running.setUp !== undefined) lines.push(`    ${words.words[lang]}: ${Object.values(running.setUp.words)[0]?.join(' ') ?? ''}`)
  for (const { nation, names, persons } of world.nations) {
    const address = running.nations.get(nation)?.peopleUrl ?? ''
    lines.push(`  ├─ ${padded(names[lang], 14)} ${address}`)
    for (const person of persons) {
      lines.push(`  │    ${padded(person.id, 11)} ${person.names[lang]} — ${person.duty[lang]}`)
    }
  }
  const place = resolve(usual) === dir ? '' : ` --dir '${dir}'`
  lines.push(
    `  ├─ ${words.asPerson[lang]}: npx --no-install entente --nation ${world.nations[0]?.nation ?? ''} --as ${world.nations[0]?.persons[0]?.id ?? ''}${place} report list`,
  )
  lines.push(`  └─ ${words.logs[lang]}: ${dir}`)
  lines.push(`  ${words.exercise[lang]} ${words.exercise[other]}`)
  lines.push(`  ${words.stop[lang]}`)
  return `${lines.join('\n')}\n`
}

/** Says that somebody else has a port. */
export function portTaken(lang: Lang, nation: Bilingual, preferred: number, taken: number): string {
  return lang === 'ja'
    ? `  ! ${nation.ja}：ポート ${preferred} は使用中のため ${taken} を使います\n`
    : `  ! ${nation.en}: port ${preferred} is in use, taking ${taken}\n`
}

/** Pads to a width in columns of a terminal, where Japanese characters take two. */
function padded(text: string, width: number): string {
  let columns = 0
  for (const character of text)
    columns +=
      /[\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}]/u.test(
        character,
      )
        ? 2
        : 1
  return text + ' '.repeat(Math.max(0, width - columns))
}
