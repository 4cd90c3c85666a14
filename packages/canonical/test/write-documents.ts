/** Writes spec/vectors/PACKAGE/documents.json of the packages named anew: on purpose only, since signatures differ every time. */
import { writeFileSync } from 'node:fs'
import { type HostileReader, makeVectors } from './hostile-documents.ts'

for (const name of process.argv.slice(2)) {
  // A device is read by the pages alone.
  const folder = name === 'device' ? '../../../apps/web' : `../../${name}`
  const { description, readers } = (await import(`${folder}/test/documents.ts`)) as {
    readonly description: string
    readonly readers: readonly HostileReader[]
  }
  const vectors = await makeVectors(description, readers)
  writeFileSync(new URL(`../../../spec/vectors/${name}/documents.json`, import.meta.url), `${JSON.stringify(vectors, null, 1)}\n`)
}
