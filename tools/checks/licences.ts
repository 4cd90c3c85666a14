import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from './check.ts'

const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'CC0-1.0',
  'BlueOak-1.0.0',
  'Unlicense',
])

interface Locked {
  readonly dev?: boolean
  readonly link?: boolean
  readonly license?: string
}

export const licences: Check = {
  name: 'licences',
  promise: 'every production dependency has a licence of the list',
  run(root) {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
    return Object.entries(packages)
      .filter(([path, locked]) => path.includes('node_modules/') && locked.dev !== true && locked.link !== true)
      .filter(([, locked]) => !allowed(locked.license ?? ''))
      .map(([path, locked]) => `\`${path}\`: licence \`${locked.license ?? 'not named'}\``)
  },
}

/** One choice of an `OR` is enough; of an `AND` every part must be allowed. */
function allowed(expression: string): boolean {
  const choices = expression.replaceAll(/[()]/gu, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((name) => ALLOWED.has(name.trim())))
}
