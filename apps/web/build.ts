/** Builds the pages that a node serves: `node bin/node26.js apps/web/build.ts [--if-needed]`, into `apps/web/built`. */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const OUT = join(ROOT, 'built')
/** First parts of the paths of the screens (src/screens/routes.tsx). */
const SCREENS = ['inbox', 'drafts', 'queue', 'ledger', 'agreement']
/** The one style element that react-aria makes, for touch; its text is fixed in the pinned version. */
const STYLES = ['sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=']
const LICENCES = 'assets/licences.txt'
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
}

if (process.argv.includes('--if-needed') && isBuilt()) process.exit(0)
// A production install has no build tools: its pages come with the package.
const tools = await Promise.all([import('vite'), import('@vitejs/plugin-react')]).catch(() => undefined)
if (tools === undefined) {
  if (!process.argv.includes('--if-needed')) throw new Error('the build tools are not installed')
  process.exit(0)
}
const [{ build }, { default: react }] = tools
await build({
  root: ROOT,
  configFile: false,
  logLevel: 'warn',
  plugins: [react()],
  resolve: { conditions: ['entente-source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'chrome150',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_500,
    license: { fileName: LICENCES },
  },
})
addStyleLicences()
writeManifest()

/** Whether what stands there is newer than everything that it was made of. */
function isBuilt(): boolean {
  const manifest = join(OUT, 'pages.json')
  if (!existsSync(manifest)) return false
  const made = statSync(manifest).mtimeMs
  const sources = [ROOT, ...readdirSync(join(ROOT, '../../packages')).map((name) => join(ROOT, '../../packages', name))]
  return sources.every((folder) => newest(join(folder, 'src')) < made) && statSync(join(ROOT, '../../package-lock.json')).mtimeMs < made
}

function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  )
}

/** The bundler names what scripts import; fonts and colours come by style sheets, and their licences ask to travel with them too. */
function addStyleLicences(): void {
  const styles = join(ROOT, 'src', 'styles')
  const imported = readdirSync(styles).flatMap((name) =>
    [...readFileSync(join(styles, name), 'utf8').matchAll(/@import '(?<from>[^.'][^']*)'/gu)].map(({ groups }) => groups?.['from'] ?? ''),
  )
  for (const specifier of imported.sort()) {
    const manifest = findPackageJSON(specifier, import.meta.url)
    if (manifest === undefined) throw new Error(`${specifier} is not installed`)
    const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as Readonly<
      Record<'name' | 'version' | 'license', string>
    >
    const text = readFileSync(join(manifest, '..', 'LICENSE'), 'utf8').trim()
    appendFileSync(join(OUT, LICENCES), `\n## ${name} - ${version} (${license})\n\n${text}\n`)
  }
}

/** What the node reads to know what it may serve, and what `entente verify-client` compares. */
function writeManifest(): void {
  const files = readdirSync(OUT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'pages.json')
    .map((entry) => join(entry.parentPath, entry.name).slice(OUT.length + 1))
    .sort()
    .map((path) => {
      const bytes = readFileSync(join(OUT, path))
      const type = TYPES[path.split('.').at(-1) ?? ''] ?? 'text/plain; charset=utf-8'
      return { path, type, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    })
  writeFileSync(join(OUT, 'pages.json'), `${JSON.stringify({ version: 1, screens: SCREENS, styles: STYLES, files }, null, 1)}\n`)
}
