/** Writes docs/{en,ja}/reference/labels.md from the marking schemes in `nations/`: `node bin/node26.js tools/label-reference.ts`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PLACES, labelReference } from './labels-page.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

for (const lang of ['en', 'ja'] as const) writeFileSync(join(ROOT, PLACES[lang]), labelReference(ROOT, lang))
