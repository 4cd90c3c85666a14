import { EntenteError, codeOf, toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../io.ts'
import type { DemoOptions } from '../options.ts'
import { startRelay } from '../relay.ts'
import type { LoadedWorld } from '../world.ts'
import type { Evidence, Scene } from './scene.ts'
import { STEPS, type Step } from './steps.ts'
import { readStoryFile } from './write.ts'

/** What a step came to. */
export interface StepResult {
  readonly step: number
  readonly name: string
  readonly ok: boolean
  readonly ms: number
  readonly evidence: Evidence | string
}

/**
 * Plays the story from its first step to its last, in a directory of its own that is gone afterwards unless `keep` was
 * asked. A step that fails hides none of the later ones. Gives 0 only if every check of every step held.
 */
export async function playStory(world: LoadedWorld, options: DemoOptions, io: Io, now: () => number): Promise<number> {
  const files = await Promise.all(options.files.map(({ path, marking }) => readStoryFile(path, marking ?? world.story.fileMarking)))
  const dir = await mkdtemp(join(tmpdir(), 'entente story-'))
  const scene: Scene = {
    world,
    dir,
    now,
    files,
    relays: new Map(),
    planted: unique('planted'),
    canary: unique('given'),
    heldCanary: unique('held'),
    nations: new Map(),
    drafts: new Map(),
    released: new Map(),
    goes: new Set(),
    seed: io.env['ENTENTE_SEED'] ?? toHex(nodeCrypto.random(4)),
    dataKeys: new Map(),
    audit: new Map(),
    sessions: new Map(),
  }
  const stop = async (): Promise<void> => {
    await scene.running?.stop()
    for (const relay of scene.relays.values()) await relay[Symbol.asyncDispose]()
    if (!options.keep) await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
  let interrupted = false
  const interrupt = (): void => {
    if (interrupted) return
    interrupted = true
    void stop().finally(() => process.exit(130))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  let held = true
  try {
    const relays = scene.relays as Map<string, Awaited<ReturnType<typeof startRelay>>>
    for (const { nation, folder } of world.nations) {
      relays.set(nation, await startRelay(() => scene.nations.get(nation)?.partnerPort ?? 0, join(dir, `wire-to-${folder}.bin`)))
    }
    for (const step of STEPS) {
      const result = await play(step, scene)
      held &&= result.ok
      io.stdout.write(options.json ? `${JSON.stringify(result)}\n` : printed(result, options.lang))
    }
  } finally {
    if (!interrupted) await stop()
  }
  if (!options.json && options.keep) io.stdout.write(`${dir}\n`)
  return held ? 0 : 1
}

async function play({ step, name, run }: Step, scene: Scene): Promise<StepResult> {
  const begin = performance.now()
  const evidence: Evidence = {}
  const ms = (): number => Math.round(performance.now() - begin)
  try {
    await run(scene, evidence)
    return { step, name: name.en, ok: true, ms: ms(), evidence }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const code = error instanceof EntenteError ? codeOf(error) : ''
    const stack =
      error instanceof Error && !(error instanceof EntenteError) && error.name !== 'CheckFailed' ? { stack: error.stack ?? '' } : {}
    return { step, name: name.en, ok: false, ms: ms(), evidence: { ...evidence, failed: why, ...(code === '' ? {} : { code }), ...stack } }
  }
}

function printed(result: StepResult, lang: DemoOptions['lang']): string {
  const name = STEPS.find(({ step }) => step === result.step)?.name[lang] ?? result.name
  const head = `${result.ok ? '✔' : '✘'} ${String(result.step).padStart(2)} ${name}  ${(result.ms / 1_000).toFixed(1)} s\n`
  const lines = typeof result.evidence === 'string' ? [['', result.evidence] as const] : Object.entries(result.evidence)
  return (
    head +
    lines
      .map(([key, value]) => `     ${key === '' ? '' : `${key}: `}${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
      .join('')
  )
}

/** A word that stands nowhere else in the world. */
function unique(kind: string): string {
  return `EXERCISE-${kind}-${toHex(nodeCrypto.random(16))}`
}
