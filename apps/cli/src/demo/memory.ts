import { readFile, readdir } from 'node:fs/promises'

/** Every living process below these, themselves included; from `/proc`. Empty where there is none. */
export async function processTree(roots: readonly number[]): Promise<readonly number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc').catch((): string[] => [])) {
    if (!/^\d+$/u.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    // The second field is the command in parentheses, and may itself hold some.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (parent !== undefined && state !== 'Z') parents.set(Number(name), Number(parent))
  }
  const tree = new Set(roots.filter((pid) => parents.has(pid)))
  for (let before = -1; before !== tree.size;) {
    before = tree.size
    for (const [pid, parent] of parents) if (tree.has(parent)) tree.add(pid)
  }
  return [...tree].sort((a, b) => a - b)
}

/** Proportional set size of the processes in bytes: shared pages counted once over all that share them. Undefined where the system does not tell. */
export async function proportionalSetSize(pids: readonly number[]): Promise<number | undefined> {
  let bytes = 0
  for (const pid of pids) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => undefined)
    const kibibytes = rollup === undefined ? undefined : /^Pss:\s+(\d+) kB$/mu.exec(rollup)?.[1]
    if (kibibytes === undefined) return undefined
    bytes += Number(kibibytes) * 1_024
  }
  return pids.length === 0 ? undefined : bytes
}
