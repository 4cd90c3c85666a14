// Each planted fault is loaded beside the true package, and must give another answer than the obvious evaluator in some
// random world.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type * as Package from '@entente/decision'
import type { Question } from '@entente/decision'
import { permittedIn } from './bulk.ts'
import { FAULTS } from './faults.ts'
import { linesOf, reference } from './reference.ts'
import { Dice, facts, question } from './worlds.ts'

/** Address of a source file of the package. */
function sourceOf(file: string): string {
  return import.meta.resolve(`../src/${file}.ts`)
}

function textOf(file: string): string {
  return readFileSync(fileURLToPath(sourceOf(file)), 'utf8')
}

registerHooks({
  resolve(specifier, context, next) {
    const fault = /[?]fault=(\d+)$/u.exec(context.parentURL ?? '')?.[0]
    const resolved = next(specifier, context)
    return fault !== undefined && specifier.startsWith('./') ? { ...resolved, url: `${resolved.url}${fault}` } : resolved
  },
  load(url, context, next) {
    const [, number] = /[?]fault=(\d+)$/u.exec(url) ?? []
    const fault = number === undefined ? undefined : FAULTS[Number(number)]
    const path = url.replace(/[?].*$/u, '')
    if (fault === undefined || path !== sourceOf(fault.file)) return next(url, context)
    const text = textOf(fault.file)
    return { format: 'module-typescript', source: text.replace(fault.right, () => fault.wrong), shortCircuit: true }
  },
})

async function load(fault: number): Promise<typeof Package> {
  return (await import(`${sourceOf('index')}?fault=${fault}`)) as typeof Package
}

/** How many questions it takes until the faulty package answers otherwise; undefined when it never does. */
function questionsUntilFound({ compile }: typeof Package, limit: number, bulk: boolean): number | undefined {
  for (let asked = 0; asked < limit;) {
    const dice = new Dice(asked + 1)
    const world = facts(dice)
    const decider = compile(world)
    const questions = Array.from({ length: 60 }, () => question(dice, world))
    for (const one of questions) {
      if (JSON.stringify(linesOf(decider.decide(one))) !== JSON.stringify(reference(one, world))) return asked
      asked++
    }
    for (const one of bulk ? questions.slice(0, 3) : []) {
      for (const act of ['list', 'open', 'show'] as const) {
        const permitted = permittedIn(decider.reader({ ...one, act }), one.at, questions)
        const differs = ({ item }: Question, place: number): boolean =>
          permitted[place] !== (reference({ ...one, act, item }, world).length === 0)
        if (questions.some(differs)) return asked
      }
    }
  }
  return undefined
}

FAULTS.forEach((fault, index) => {
  test(`found: ${fault.name}`, async () => {
    const text = textOf(fault.file)
    assert.equal(text.split(fault.right).length, 2, 'the line to be made wrong stands in the source exactly once')
    assert.notEqual(questionsUntilFound(await load(index), 24_000, fault.name.startsWith('in bulk')), undefined)
  })
})

test('without a fault nothing is found by the same search', async () => {
  assert.equal(questionsUntilFound(await load(FAULTS.length), 12_000, true), undefined)
})
