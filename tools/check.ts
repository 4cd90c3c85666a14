/**
 * Every rule of the project that a machine can hold: `npm run check`, or `npm run check -- graph words` for some.
 * One line a check, the findings below it, and `N passed, N failed` at the end.
 */
import { attacks } from './checks/attacks.ts'
import type { Check } from './checks/check.ts'
import { dataValid } from './checks/data.ts'
import { format, lint, types } from './checks/compilers.ts'
import { graph } from './checks/graph.ts'
import { licences } from './checks/licences.ts'
import { lockfile } from './checks/lockfile.ts'
import { machinePaths } from './checks/machine-paths.ts'
import { names } from './checks/names.ts'
import { nationNames } from './checks/nation-names.ts'
import { labelsPage } from './checks/label-reference.ts'
import { links } from './checks/links.ts'
import { purity } from './checks/purity.ts'
import { size } from './checks/size.ts'
import { words } from './checks/words.ts'

const ALL: readonly Check[] = [
  format,
  lint,
  types,
  graph,
  purity,
  nationNames,
  size,
  names,
  machinePaths,
  words,
  lockfile,
  licences,
  dataValid,
  labelsPage,
  links,
  attacks,
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !ALL.some((check) => check.name === name))
if (unknown.length > 0) {
  console.error(`unknown check \`${unknown.join('`, `')}\`; there are: ${ALL.map((check) => check.name).join(', ')}`)
  process.exit(2)
}

let passed = 0
let failed = 0
for (const check of ALL) {
  if (wanted.length > 0 && !wanted.includes(check.name)) continue
  const started = performance.now()
  const findings = await check.run(process.cwd())
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (findings.length === 0) {
    passed++
    console.log(`ok    ${check.name.padEnd(14)} ${seconds} s  ${check.promise}`)
  } else {
    failed++
    console.log(`FAIL  ${check.name.padEnd(14)} ${seconds} s  ${check.promise}`)
    for (const finding of findings) console.log(finding.replaceAll(/^/gmu, '        '))
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
