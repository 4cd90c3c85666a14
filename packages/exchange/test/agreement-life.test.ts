import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Agreement, AgreementVersion } from '@entente/agreement'
import { keyIdOf } from '@entente/canonical'
import {
  type AgreementLife,
  type Anchors,
  type HeldVersion,
  type LifeStep,
  type NegotiationAct,
  type ProvenHeld,
  ExchangeError,
  foldLife,
  initialOf,
  lifeAfter,
  missingSeals,
  standing,
} from '@entente/exchange'
import * as fc from 'fast-check'
import { crypto } from './world.ts'

const NATIONS = ['AAA', 'BBB'] as const
type Nation = (typeof NATIONS)[number]
const START = 1_000_000
const SKEW = 600
const key = (name: string) => ({ ed25519: name, mldsa65: name })

function body(version: number, previous: string | undefined, inForceFrom: number): Agreement {
  const parties = NATIONS.map((nation) => ({ nation, authorityKey: key(`${nation}1`), countersigningKey: key(`${nation}2`) }))
  return { agreement: 'a', version, ...(previous === undefined ? {} : { previous }), parties, inForceFrom } as unknown as Agreement
}

const first: AgreementVersion = { id: 'v1', body: body(1, undefined, START) }

/** Two versions of two numbers at most are proposed, each text by both sides under ids of their own. */
const acts = { propose: 1, initial: 4, seal: 8, hold: 3, prove: 3, deliver: 14, crash: 1, cut: 1, heal: 4, wait: 2, ask: 4 } as const
type Move = keyof typeof acts
const anyMove = fc.oneof(...Object.entries(acts).map(([what, weight]) => ({ weight, arbitrary: fc.constant(what as Move) })))
const moves = fc.array(fc.record({ who: fc.constantFrom(0, 1), what: anyMove, pick: fc.nat(7) }), {
  minLength: 150,
  maxLength: 400,
  size: 'max',
})

type Letter = { readonly step: LifeStep } | { readonly word: ProvenHeld }

/** One node: what is durable, and what it makes of it. */
class Node {
  readonly nation: Nation
  readonly skew: number
  /** Durable steps in the order in which they were taken; a crash leaves exactly these. */
  readonly journal: LifeStep[] = []
  readonly words: ProvenHeld[] = []
  readonly said = new Map<string, number>()
  /** Durable letters that the other has not taken, in order. */
  readonly out: Letter[] = []
  life: AgreementLife

  constructor(nation: Nation, skew: number) {
    this.nation = nation
    this.skew = skew
    this.life = lifeAfter(first, nation)
  }

  get other(): Nation {
    return this.nation === 'AAA' ? 'BBB' : 'AAA'
  }

  take(step: LifeStep): boolean {
    try {
      this.life = foldLife(crypto, this.life, step)
      this.journal.push(step)
      return true
    } catch (error) {
      if (error instanceof ExchangeError) return false
      throw error
    }
  }

  act(step: LifeStep): void {
    if (this.take(step)) this.out.push({ step })
  }

  crash(): void {
    const before = this.life
    this.life = this.journal.reduce((life, step) => foldLife(crypto, life, step), lifeAfter(first, this.nation))
    assert.deepEqual(this.life, before, 'the same steps give the same life')
  }

  /** What the node's trust says: the versions that it holds, and how they stand. */
  versions(): readonly HeldVersion[] {
    const held = [...this.life.proposals.values()].filter(({ id }) => this.said.has(id)).sort((a, b) => a.number - b.number)
    const anchors = { realm: 'exercise', nation: this.nation, authorities: {} } satisfies Anchors
    return standing(anchors, [first, ...held.map(({ id, body: one }) => ({ id, body: one }))], this.words, [])
  }

  inForce(now: number): HeldVersion {
    const found = this.versions().findLast((version) => version.narrowingOnly !== true && version.since <= now + this.skew)
    assert.ok(found)
    return found
  }
}

function act(node: Node, now: number, head: Pick<NegotiationAct, 'number' | 'proposal'>, what: object): LifeStep {
  const whole = { realm: 'exercise', agreement: 'a', nation: node.nation, at: now + node.skew, ...head, ...what } as NegotiationAct
  return { step: 'act', id: `${node.nation} ${whole.act} ${head.proposal}`, act: whole }
}

test('whatever crosses, crashes or is cut, and however far clocks are apart: one text a number, nothing widens before both have logged it, and no request is answered under another version', () => {
  let came = 0
  fc.assert(
    fc.property(moves, fc.integer({ min: -SKEW, max: SKEW }), fc.integer({ min: -SKEW, max: SKEW }), (steps, ...skews) => {
      const nodes = NATIONS.map((nation, at) => new Node(nation, skews[at] ?? 0))
      let now = START + 10_000
      let isCut = false
      for (const { who, what, pick } of steps) {
        const node = nodes[who] as Node
        const peer = nodes[1 - who] as Node
        const proposals = [...node.life.proposals.values()].filter(({ number }) => number === node.life.newest.body.version + 1)
        // Often what the other side has initialled already, or nothing would ever be settled.
        const followed = proposals.find(({ id, number }) => initialOf(node.life, number, node.other) === id)
        const chosen = (pick % 2 === 0 ? followed : undefined) ?? proposals[pick % Math.max(1, proposals.length)]
        const next = node.life.newest.body.version + 1
        switch (what) {
          case 'propose': {
            const proposal = `v${next} ${pick % 3}${node.nation}`
            const proposed = body(next, node.life.newest.id, node.life.newest.body.inForceFrom + 1 + (pick % 2) * 700)
            if (next <= 3) node.act(act(node, now, { number: next, proposal }, { act: 'propose', body: proposed }))
            break
          }
          case 'initial':
            if (chosen !== undefined) node.act(act(node, now, { number: next, proposal: chosen.id }, { act: 'initial' }))
            break
          case 'seal': {
            const initialled = initialOf(node.life, next, node.nation)
            if (initialled === undefined) break
            const keyId = keyIdOf(crypto, key(`${node.nation}${(pick % 2) + 1}`))
            node.act({ step: 'seal', nation: node.nation, number: next, proposal: initialled, keyId })
            break
          }
          case 'hold': {
            if (node.versions().at(-1)?.narrowingOnly === true) break
            const whole = [...node.life.proposals.values()]
              .filter((one) => missingSeals(one).length === 0 && !node.said.has(one.id))
              .sort((a, b) => a.number - b.number)[0]
            if (whole !== undefined) node.said.set(whole.id, now + node.skew)
            break
          }
          case 'prove':
            for (const [version, at] of isCut ? [] : node.said) {
              if (node.words.some((word) => word.of === node.nation && word.version === version)) continue
              const word = { version, of: node.nation, partner: node.other, at }
              node.words.push(word)
              node.out.push({ word })
            }
            break
          case 'deliver': {
            const letter = isCut ? undefined : node.out.shift()
            if (letter === undefined) break
            if ('word' in letter) peer.words.push(letter.word)
            else peer.take(letter.step)
            break
          }
          case 'crash':
            node.crash()
            break
          case 'cut':
            isCut = true
            break
          case 'heal':
            isCut = false
            break
          case 'wait':
            now += 1 + pick * 150
            break
          case 'ask': {
            // The reader's nation decides and names its version; the originator answers only by the same one.
            const named = node.inForce(now).id
            const decides = peer.inForce(now)
            if (decides.id !== named) break
            const own = node.versions().find(({ id }) => id === named)
            assert.equal(own?.since, decides.since, 'one version, one beginning')
            assert.ok(named === 'v1' || (node.said.has(named) && peer.said.has(named)), 'both have logged what one asks under')
            if (named !== 'v1') came++
            break
          }
          default:
            what satisfies never
        }
        for (const [at, one] of nodes.entries()) {
          const newest = one.inForce(now)
          const across = nodes[1 - at] as Node
          // W: in force anywhere only what both have logged.
          if (newest.id !== 'v1') assert.ok(one.said.has(newest.id) && across.said.has(newest.id))
        }
        const whole = nodes.map((one) => [...one.life.proposals.values()].filter((proposal) => missingSeals(proposal).length === 0))
        for (const number of [2, 3]) {
          const ids = new Set(whole.flat().flatMap((proposal) => (proposal.number === number ? [proposal.id] : [])))
          assert.ok(ids.size <= 1, 'two texts of one number are whole')
        }
      }
    }),
    { numRuns: 300 },
  )
  assert.ok(came > 20, `asked under a later version ${came} times`)
})

test('what is held narrows and is not in force until both words are there; its beginning is the latest of all of them', () => {
  const anchors = { realm: 'exercise', nation: 'AAA', authorities: {} } satisfies Anchors
  const second: AgreementVersion = { id: 'v2', body: body(2, 'v1', START + 10) }
  const own: ProvenHeld = { version: 'v2', of: 'AAA', partner: 'BBB', at: START + 50 }
  const theirs: ProvenHeld = { version: 'v2', of: 'BBB', partner: 'AAA', at: START + 900 }
  const said = (words: readonly ProvenHeld[]): string => {
    const last = standing(anchors, [first, second], words, []).at(-1)
    return `${last?.since}${last?.narrowingOnly === true ? ' narrows' : ''}`
  }
  assert.equal(said([]), `${START + 10} narrows`)
  assert.equal(said([own]), `${START + 10} narrows`)
  assert.equal(said([theirs]), `${START + 10} narrows`)
  assert.equal(said([own, theirs]), `${START + 900}`)
  // What people carried over when they paired needs no words.
  assert.equal(
    standing({ ...anchors, paired: { a: 2 } }, [first, second], [], [])
      .map(({ since, narrowingOnly }) => `${since} ${narrowingOnly}`)
      .join(),
    `${START} undefined,${START + 10} undefined`,
  )
})

test('three nations whose links deliver in any order across each other end with the same proposals, and the same word of each', () => {
  const three = ['AAA', 'BBB', 'CCC']
  const parties = three.map((nation) => ({ nation, authorityKey: key(`${nation}1`) }))
  const start = { id: 'v1', body: { agreement: 'a', version: 1, parties, inForceFrom: START } as unknown as Agreement }
  const move = fc.record({
    who: fc.nat(2),
    to: fc.nat(1),
    what: fc.constantFrom('propose', 'counter', 'comment', 'initial', 'deliver', 'deliver'),
    pick: fc.nat(5),
  })
  let overtook = 0
  fc.assert(
    fc.property(fc.array(move, { minLength: 20, maxLength: 80, size: 'max' }), (steps) => {
      const lives = three.map((nation) => lifeAfter(start, nation))
      const links = three.map(() => three.map((): LifeStep[] => []))
      const take = (at: number, step: LifeStep): boolean => {
        try {
          lives[at] = foldLife(crypto, lives[at] as AgreementLife, step)
          return true
        } catch (error) {
          if (error instanceof ExchangeError) return false
          throw error
        }
      }
      const deliver = (from: number, to: number): void => {
        const step = links[from]?.[to]?.shift()
        if (step === undefined) return
        const before = lives[to]?.waiting.length ?? 0
        take(to, step)
        if ((lives[to]?.waiting.length ?? 0) > before) overtook++
      }
      for (const [count, { who, to, what, pick }] of steps.entries()) {
        if (what === 'deliver') {
          deliver(who, (who + 1 + to) % 3)
          continue
        }
        const nation = three[who] ?? ''
        const known = [...(lives[who]?.proposals.keys() ?? [])]
        const about = known[pick % Math.max(known.length, 1)] ?? 'nothing'
        const isNew = what === 'propose' || what === 'counter'
        const proposal = isNew ? `p${(count * 7) % 80}` : about
        const text = { agreement: 'a', version: 2, previous: 'v1', parties, inForceFrom: START + 1 }
        const more = { ...(isNew ? { body: text } : {}), ...(what === 'counter' ? { answers: about } : {}) }
        const head = { realm: 'exercise', agreement: 'a', nation, number: 2, proposal, at: START }
        const step: LifeStep = { step: 'act', id: `${nation} ${count}`, act: { ...head, act: what, ...more } as unknown as NegotiationAct }
        if (take(who, step)) for (const [at, link] of (links[who] ?? []).entries()) if (at !== who) link.push(step)
      }
      for (let at = 0; at < 9 * steps.length; at++) deliver(at % 3, Math.floor(at / 3) % 3)
      const [own, ...others] = lives.map(({ proposals, initials, acts, waiting }) => ({
        proposals: [...proposals.keys()].sort(),
        initials: [...initials].map((pair) => pair.join(' ')).sort(),
        acts: [...acts].sort(),
        waiting: waiting.length,
      }))
      assert.equal(own?.waiting, 0)
      for (const other of others) assert.deepEqual(other, own)
    }),
    { numRuns: 300, seed: 8 },
  )
  assert.ok(overtook > 100, `${overtook} acts overtook what they speak of`)
})
