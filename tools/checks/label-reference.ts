import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PLACES, labelReference } from '../labels-page.ts'
import type { Check } from './check.ts'

export const labelsPage: Check = {
  name: 'label-reference',
  promise: 'the pages on marking schemes say what stands in nations/',
  run(root) {
    return (['en', 'ja'] as const)
      .filter((lang) => {
        const path = join(root, PLACES[lang])
        return !existsSync(path) || readFileSync(path, 'utf8') !== labelReference(root, lang)
      })
      .map((lang) => `${PLACES[lang]}: not as the data are; run \`node bin/node26.js tools/label-reference.ts\``)
  },
}
