import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assert as holds, integer, property } from 'fast-check'
import { PERSON_DECIDES, equivalentClearance, equivalentMarking, readAgreementTemplate } from '@entente/agreement'
import { compile } from '@entente/decision'
import type { PersonFacts } from '@entente/clearance'
import type { MarkingPolicy } from '@entente/label'
import { linesOf, reference } from './reference.ts'
import { permittedIn } from './bulk.ts'
import { asked, label, policies, facts as specimen } from './specimen.ts'
import { DAY, Dice, NATIONS, body, facts, question, versions } from './worlds.ts'

const ROOT = join(import.meta.dirname, '../../..')
const WORLDS = 400
const QUESTIONS = 60

function forWorlds(runs: number, check: (dice: Dice) => void): void {
  holds(
    property(integer(), (seed) => check(new Dice(seed))),
    { numRuns: runs },
  )
}

test(`decide says what the obvious evaluator says, in ${WORLDS * QUESTIONS} cases, of which enough are permits`, () => {
  let permits = 0
  forWorlds(WORLDS, (dice) => {
    const world = facts(dice)
    const decider = compile(world)
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(dice, world)
      const decision = decider.decide(asked)
      if (decision.permit) permits++
      assert.deepEqual(linesOf(decision), reference(asked, world))
      assert.deepEqual(decider.decide(asked), decision)
    }
  })
  assert.ok(permits > (WORLDS * QUESTIONS) / 20, `only ${permits} permits`)
})

test('a reader over many kinds of item permits what `decide` does, in one pass', () => {
  let permits = 0
  forWorlds(150, (dice) => {
    const world = facts(dice)
    const decider = compile(world)
    const questions = Array.from({ length: 12 }, () => question(dice, world))
    for (const { item: _, ...asking } of questions) {
      const reader = decider.reader(asking)
      const kinds = questions.map(({ item }) => reader.intern(item))
      assert.deepEqual(
        questions.map(({ item }) => reader.intern(structuredClone(item))),
        kinds,
      )
      const permitted = permittedIn(reader, asking.at, questions)
      for (const [place, { item }] of questions.entries()) {
        const { permit } = decider.decide({ ...asking, item })
        assert.equal(permitted[place], permit)
        if (permit) permits++
      }
    }
  })
  assert.ok(permits > 500, `only ${permits} permits`)
})

test('between two turns a release is permitted from one second on, and that is the second which is said', () => {
  forWorlds(60, (dice) => {
    const world = facts(dice)
    const decider = compile(world)
    for (let n = 0; n < 20; n++) {
      const { item, ...asking } = question(dice, world)
      const reader = decider.reader(asking)
      const starts = [0, ...reader.turns]
      for (const [index, from] of starts.entries()) {
        const last = (starts[index + 1] ?? asking.at + 2 * DAY) - 1
        if (last < from) continue
        const since = Float64Array.of(Infinity, Infinity)
        const released = {
          kinds: Int32Array.of(reader.intern(item), -1),
          oldest: Float64Array.of(-Infinity, -Infinity),
          newest: Float64Array.of(Infinity, Infinity),
        }
        reader.permittedFrom(released, from, last, since)
        const [first = Infinity, passedOver] = since
        assert.equal(passedOver, Infinity)
        for (const releasedAt of [from, last, from + dice.below(last - from + 1), first, first - 1]) {
          if (releasedAt < from || releasedAt > last) continue
          const { permit } = decider.decide({ ...asking, item: { ...item, releasedAt, expiresAt: Infinity, stopped: false } })
          assert.equal(permit, releasedAt >= first)
        }
      }
    }
  })
})

/** The person with some facts hidden: members gone, lists of areas and briefings shorter. Citizenships are shown whole or not at all. */
function hide(dice: Dice, person: PersonFacts): PersonFacts {
  const { nation, pseudonym, areas, briefings, ...rest } = person
  const kept = Object.fromEntries(Object.entries(rest).filter(() => dice.chance(75)))
  return {
    ...kept,
    nation,
    pseudonym,
    ...(areas !== undefined && dice.chance(75) ? { areas: dice.some(areas, 70) } : {}),
    ...(briefings !== undefined && dice.chance(75) ? { briefings: dice.some(briefings, 70) } : {}),
  }
}

test('a presentation that hides more never permits more', () => {
  forWorlds(200, (dice) => {
    const world = facts(dice)
    const decider = compile(world)
    for (let n = 0; n < QUESTIONS; n++) {
      const whole = question(dice, world)
      const hidden = { ...whole, person: hide(dice, whole.person) }
      if (decider.decide(hidden).permit) assert.equal(decider.decide(whole).permit, true)
    }
  })
})

test('an agreement more never permits an item anew', () => {
  forWorlds(200, (dice) => {
    const world = facts(dice)
    const before = compile(world)
    const after = compile({ ...world, agreements: [...world.agreements, ...versions(dice, 'later')] })
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(dice, world)
      if (after.decide(asked).permit) assert.equal(before.decide(asked).permit, true)
    }
  })
})

test('a version more of the basis never permits what was released before it anew, whatever it replaces', () => {
  forWorlds(300, (dice) => {
    const world = facts(dice)
    const last = world.agreements.findLast((version) => version.body.agreement === 'pair')
    if (last === undefined) return
    const inForceFrom = last.body.inForceFrom + DAY
    const next = { id: 'pair@next', body: body(dice, 'pair', last.body.version + 1, inForceFrom, last.body) }
    const before = compile(world)
    const after = compile({ ...world, agreements: [...world.agreements, next] })
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(dice, world)
      // Another agreement may lift what it forbade or stand again as a basis; an own end that the successor's beginning now
      // precedes is the successor's to extend; and nobody held a clearance before it had its name.
      if (asked.item.basis?.agreement !== 'pair' || asked.item.releasedAt >= inForceFrom) continue
      if (world.agreements.some(({ body: one }) => one.agreement === 'pair' && one.inForceUntil !== undefined)) continue
      if (asked.person.clearance?.endsWith('-N') === true) continue
      if (after.decide(asked).permit) assert.equal(before.decide(asked).permit, true)
    }
  })
})

test('a member more never permits what was released before it joined', () => {
  let joined = 0
  forWorlds(200, (dice) => {
    const world = facts(dice)
    const memberFrom = (3 + dice.below(10)) * DAY
    const agreements = world.agreements.map((version) => {
      const { parties } = version.body
      const [known] = parties
      const missing = NATIONS.filter((nation) => !parties.some((party) => party.nation === nation))
      // Where notes are needed, a party more keeps the version itself from entering.
      const plain = version.body.agreement === 'pair' && version.body.entry === undefined
      if (!plain || known === undefined || missing.length === 0) return version
      joined++
      return {
        ...version,
        body: { ...version.body, parties: [...parties, ...missing.map((nation) => ({ ...known, nation, memberFrom }))] },
      }
    })
    const before = compile(world)
    const after = compile({ ...world, agreements })
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(dice, world)
      if (asked.item.basis?.agreement !== 'pair' || asked.item.releasedAt >= memberFrom) continue
      if (after.decide(asked).permit) assert.equal(before.decide(asked).permit, true)
    }
  })
  assert.ok(joined > 20)
})

test('what is permitted under older terms was permitted under each version by itself: a succession raises nobody', () => {
  let replaced = 0
  forWorlds(300, (dice) => {
    const world = facts(dice)
    const decider = compile(world)
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(dice, world)
      if (!decider.decide(asked).permit || asked.item.basis === undefined || asked.person.clearance?.endsWith('-N') === true) continue
      const { agreement, version } = asked.item.basis
      const named = world.agreements.find(({ id }) => id === version)
      if (named === undefined) continue
      if (world.agreements.some(({ body: one }) => one.agreement === agreement && one.version > named.body.version && one.successions))
        replaced++
      // The world as it would be had no later version come: the old terms must have been enough there.
      const kept = world.agreements.filter(({ body: one }) => one.agreement !== agreement || one.version <= named.body.version)
      // A suspension of a version that never came is none; who resumed or withdrew did so all the same.
      const notices = (world.notices ?? []).filter(({ body: { agreement: of, version: about, notice } }) => {
        return of !== agreement || notice === 'withdraw' || notice === 'resume' || kept.some(({ id }) => id === about)
      })
      if ((named.body.inForceUntil ?? Infinity) <= asked.at) continue
      assert.equal(compile({ ...world, agreements: kept, notices }).decide(asked).permit, true)
    }
  })
  assert.ok(replaced > 20, `only ${replaced} questions across a succession`)
})

test('tables are monotone and no marking comes back lower than it went, in every agreement shipped', () => {
  let rows = 0
  for (const path of globSync('agreements/*/agreement.json', { cwd: ROOT })) {
    const template = readAgreementTemplate(readFileSync(join(ROOT, path)))
    const agreement = { equivalence: template.equivalence.map((table) => ({ ...table, validFrom: 0 })) }
    for (const { kind, from, to, rows: cells } of template.equivalence) {
      const own = policies.find(({ nation }) => nation === from)
      const other = policies.find(({ nation }) => nation === to)
      if (own === undefined || other === undefined) continue
      const read = kind === 'markings' ? equivalentMarking : equivalentClearance
      const orders = (policy: MarkingPolicy): ReadonlyMap<string, number> =>
        new Map((kind === 'markings' ? policy.classifications : policy.clearances).map(({ code, order }) => [code, order]))
      const order = (code: string): number => orders(own).get(code) ?? NaN
      let highest = -Infinity
      for (const cell of cells.toSorted((a, b) => order(a.from) - order(b.from))) {
        if (cell.to === undefined) continue
        assert.ok((orders(other).get(cell.to) ?? NaN) >= highest, `${path}: ${from} ${cell.from} stands for less than a lower one`)
        highest = orders(other).get(cell.to) ?? NaN
        const back = read(agreement, to, from, cell.to, 1)
        if (kind === 'clearances' || back === PERSON_DECIDES) continue
        rows++
        assert.ok(order(back) >= order(cell.from), `${path}: ${from} ${cell.from} comes back as ${back}`)
      }
    }
  }
  assert.ok(rows > 3, `only ${rows} markings`)
})

test('of two clearances the higher never refuses what the lower opens', () => {
  const decider = compile(specimen)
  for (const classification of ['OFFICIAL', 'PROTECTED', 'SECRET', 'TOP-SECRET']) {
    let opened = false
    for (const clearance of ['TEKIKAKU-1', 'TEKIKAKU-2', 'TEKIKAKU-TOKUTEI']) {
      const { permit } = decider.decide(asked({ person: { clearance }, item: { label: label(classification) } }))
      assert.ok(permit || !opened)
      opened ||= permit
    }
    assert.equal(opened, classification === 'PROTECTED' || classification === 'SECRET')
  }
})

test('the order in which facts are given changes no answer', () => {
  forWorlds(100, (dice) => {
    const world = facts(dice)
    const turned = compile({ ...world, agreements: world.agreements.toReversed(), policies: world.policies.toReversed() })
    for (let n = 0; n < 20; n++) {
      const asked = question(dice, world)
      assert.deepEqual(linesOf(turned.decide(asked)), linesOf(compile(world).decide(asked)))
    }
  })
})
