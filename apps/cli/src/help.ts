import type { Lang } from '@entente/words'
import { commands } from './commands/index.ts'

const HEAD = {
  en: 'entente – sovereign nations share intelligence under an agreement\n\nTry:\n',
  ja: 'entente – 国と国が、取決めに基づいて情報を共有するためのソフトウェア\n\n例:\n',
} as const

const EXAMPLES = [
  "npx --no-install entente label parse 'SECRET//REL AUS, JPN' --scheme aus",
  'npm run demo',
  'npx --no-install entente report list --nation jpn --as sato',
] as const

/**
 * What `entente` alone prints: three examples, and every command in a line; or, of one group, how each command of it is
 * written (empty where there is no such group).
 */
export function help(lang: Lang, group?: string): string {
  if (group !== undefined) {
    const ofGroup = Object.entries(commands).filter(([name]) => name.startsWith(`${group} `))
    return ofGroup.map(([, { usage, about }]) => `entente ${usage}\n    ${about[lang]}\n`).join('')
  }
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about[lang]}`)
  const demo = {
    en: 'two nations on this machine; --story plays the first exchange',
    ja: 'この計算機上の二か国。--story で最初の共有を再生',
  }
  return `${HEAD[lang]}${EXAMPLES.map((example) => `  ${example}\n`).join('')}\n${[`  ${'demo'.padEnd(width)}  ${demo[lang]}`, ...lines].join('\n')}\n`
}
