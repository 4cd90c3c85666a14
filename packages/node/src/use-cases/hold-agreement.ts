import { type Json, canonicalText, codeOf } from '@entente/canonical'
import { type HeldEvidence, type Proposal, missingSeals } from '@entente/exchange'
import type { Nation } from '../nation.ts'
import { statementOf } from '../pins.ts'
import { logName, witnessName } from '../trust.ts'
import { type LifeNeeds, entriesUnder, inAgreementTurn, lifeOf, partnersUnder, stepsOf } from './agreement-steps.ts'
import { COSIGN_MILLISECONDS } from './answer-opening.ts'
import { evidenceOf } from './entries.ts'
import { type PostNeeds, enterWithLetter } from './post-envelope.ts'

type Needs = PostNeeds & LifeNeeds & Pick<Nation, 'renewTrust' | 'notice'>

/**
 * Enters that this node holds the versions that became whole: from then on they narrow. Where it has said so, the rest is
 * `proveHeld`'s. Nothing here fails whoever made the last step: what could not be done now is done at the next wake.
 */
export async function followAgreement(nation: Needs, agreement: string): Promise<void> {
  try {
    if (await inAgreementTurn(nation, agreement, () => enterHeld(nation, agreement))) await nation.renewTrust()
  } catch (error) {
    nation.notice('version/waiting', { reason: codeOf(error) })
  }
  nation.wake()
}

/** Gives whether trust lacks a version that was said to be held: just now, or by somebody who renews it at this moment. */
async function enterHeld(nation: Needs, agreement: string): Promise<boolean> {
  // The version before must be in force: until then this one waits, or two would narrow at once and neither could be told apart.
  if (nation.trust().agreements.get(agreement)?.at(-1)?.narrowingOnly === true) return false
  const { proposals } = await lifeOf(nation, agreement)
  const rows = await stepsOf(nation, agreement)
  const isSaid = (one: Proposal): boolean => rows.some(({ kind, proposal }) => kind === 'held' && proposal === one.id)
  const [next] = [...proposals.values()]
    .filter((one) => missingSeals(one).length === 0 && !isSaid(one))
    .toSorted((a, b) => a.number - b.number)
  const known = nation.trust().agreements.get(agreement) ?? []
  if (next === undefined) return rows.some(({ kind, proposal }) => kind === 'held' && !known.some(({ id }) => id === proposal))
  const { id, number } = next
  const at = nation.now()
  const fields = { act: 'agreement-held', number, version: id }
  await nation.enter({
    at,
    kind: 'agreement-held',
    body: {
      agreements: [
        { id: `held:${id}`, agreement, kind: 'held', nation: nation.config.nation, number, proposal: id, document: canonicalText(fields) },
      ],
    } as unknown as Json,
    entries: entriesUnder(nation, agreement, at, fields),
    effects: [{ effect: 'agreement', agreement }],
    conditions: [],
  })
  return true
}

/**
 * Proves what this node holds to each partner: the entry once it is cosigned there, by letter, which is also what its own processes
 * need. Gives whether something is left that could not be proven now.
 */
export async function proveHeld(nation: Needs): Promise<boolean> {
  let isLeft = false
  for (const agreement of nation.trust().agreements.keys()) {
    if (await inAgreementTurn(nation, agreement, () => enterHeld(nation, agreement))) await nation.renewTrust()
    for (const { number, proposal } of (await stepsOf(nation, agreement)).filter(({ kind }) => kind === 'held')) {
      for (const partner of partnersUnder(nation, agreement)) {
        const isProven = await proveTo(nation, { agreement, number, version: proposal, partner })
        isLeft ||= !isProven
      }
    }
  }
  return isLeft
}

async function proveTo(
  nation: Needs,
  what: { readonly agreement: string; readonly number: number; readonly version: string; readonly partner: string },
): Promise<boolean> {
  const { agreement, number, version, partner } = what
  const { realm, nation: of } = nation.config
  const id = `proof:${version}:${of}:${partner}`
  const known = await nation.db.selectFrom('agreement_steps').select('id').where('id', '=', id).executeTakeFirst()
  if (known !== undefined) return true
  const log = logName(agreement, partner)
  const entries = await nation.db.selectFrom('entries').selectAll().where('log', '=', log).where('act', '=', 'agreement-held').execute()
  const row = entries.find(({ opening }) => opening.includes(`"${version}"`))
  if (row === undefined) return true
  try {
    const by = witnessName(statementOf(nation.trust(), partner).names.kas, realm)
    const proof = await nation.ledger.call('proof', { log, index: row.position, by, withinMilliseconds: COSIGN_MILLISECONDS })
    const entry = { log, leaf: row.leaf, opening: JSON.parse(row.opening) as Parameters<typeof evidenceOf>[1]['opening'] }
    const held: HeldEvidence = { realm, agreement, number, version, of, partner, evidence: evidenceOf(nation, entry, proof) }
    const document = canonicalText(held as unknown as Json)
    await enterWithLetter(
      nation,
      {
        at: nation.now(),
        kind: 'agreement-proof',
        body: { agreements: [{ id, agreement, kind: 'proof', nation: of, number, proposal: version, document }] },
        entries: [],
        effects: [
          { effect: 'agreement', agreement },
          { effect: 'spend', nonce: id, until: Number.MAX_SAFE_INTEGER },
        ],
        conditions: [{ condition: 'unspent', nonce: id }],
      },
      { partner, agreement, type: 'agreement-held', body: held as unknown as Json },
    )
    await nation.renewTrust()
    return true
  } catch (error) {
    nation.notice('version/waiting', { reason: codeOf(error) })
    return false
  }
}

const AGAIN_MILLISECONDS = 2_000

/** Brings versions on while nobody does anything: what a crash or a cut link left is proven when it can be. */
export class AgreementWatch {
  readonly #nation: Needs
  #running: Promise<void> | undefined
  #again = false
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(nation: Needs) {
    this.#nation = nation
  }

  /** Looks whether a version can be brought on now. */
  wake(): void {
    if (this.#stopped) return
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Ends after what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer)
    while (this.#again && !this.#stopped) {
      this.#again = false
      const isLeft = await proveHeld(this.#nation).catch((error: unknown) => {
        if (!this.#stopped) this.#nation.notice('version/waiting', { reason: codeOf(error) })
        return true
      })
      // Its own step may have woken this; what the partner has to do is waited for.
      if (isLeft && !this.#stopped) {
        this.#again = false
        this.#timer = setTimeout(() => this.wake(), AGAIN_MILLISECONDS).unref()
      }
    }
  }
}
