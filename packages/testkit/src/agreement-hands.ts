import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agreement } from '@entente/agreement'
import { type HybridPublicKey, type HybridSigner, fromBase64Url, hybridSigner } from '@entente/canonical'
import {
  type Client,
  type NoticeWish,
  commentProposal,
  giveNotice,
  initialProposal,
  proposeAgreement,
  sealProposal,
  suspensionOf,
} from '@entente/client'
import type { HeldVersion } from '@entente/exchange'
import { followAgreement, pathsOf } from '@entente/node'
import type { HostedNation } from './hosted-nation.ts'
import type { World } from './two-nations.ts'
import { useCaseApi } from './use-case-api.ts'
import type { WorldPerson } from './world-data.ts'

/** The two keys of a nation's authority, as its persons have them off the node. */
export async function authorityKeysOf(world: World, nation: HostedNation): Promise<readonly [HybridSigner, HybridSigner]> {
  const key = async (file: string): Promise<HybridSigner> => {
    const seeds = JSON.parse(await readFile(join(pathsOf(nation.dir).authority, file), 'utf8')) as { ed25519: string; mldsa65: string }
    return hybridSigner(
      await world.crypto.signer('Ed25519', fromBase64Url(seeds.ed25519)),
      await world.crypto.signer('ML-DSA-65', fromBase64Url(seeds.mldsa65)),
    )
  }
  return [await key('keys.json'), await key('countersigning.json')]
}

/** Lines of a key statement for those of these persons who negotiate. */
export function negotiatorsOf(
  persons: readonly WorldPerson[],
  officers: ReadonlyMap<string, HybridSigner>,
  until: number,
): { readonly officer: string; readonly key: HybridPublicKey; readonly until: number }[] {
  return persons.flatMap(({ id, roles }) => {
    const key = officers.get(id)?.publicKey
    return roles.includes('negotiator') && key !== undefined ? [{ officer: id, key, until }] : []
  })
}

/** A nation's people who make agreements: its negotiator and the two persons of its authority, with their devices. */
export class AgreementHands {
  readonly #world: World
  readonly #nation: HostedNation

  constructor(world: World, nation: HostedNation) {
    this.#world = world
    this.#nation = nation
  }

  /** The version of the story's agreement that this node's trust has last. */
  get newest(): HeldVersion {
    const version = this.#nation.parts.trust().agreements.get(this.#world.data.agreement)?.at(-1)
    if (version === undefined) throw new Error('there is no agreement')
    return version
  }

  /** A body that continues the newest version here, from `after` seconds from now. */
  next(change: (body: Agreement) => Partial<Agreement>, after = 1): Agreement {
    const { id, body } = this.newest
    const inForceFrom = Math.max(this.#nation.parts.now() + after, body.inForceFrom + 1)
    return { ...body, version: body.version + 1, previous: id, inForceFrom, ...change(body) }
  }

  async propose(body: Agreement, answers?: string): Promise<string> {
    return proposeAgreement(this.#negotiating(), body, answers)
  }

  async comment(proposal: string, text: string, article?: string): Promise<void> {
    await commentProposal(this.#negotiating(), proposal, article === undefined ? { text } : { text, article })
  }

  async initial(proposal: string): Promise<string> {
    return initialProposal(this.#negotiating(), proposal)
  }

  /** One or both persons of the authority sign it. */
  async seal(proposal: string, who: 'first' | 'second' | 'both' = 'both'): Promise<void> {
    for (const [at, authority] of (await authorityKeysOf(this.#world, this.#nation)).entries()) {
      if (who === 'both' || (who === 'first') === (at === 0))
        await sealProposal({ ...this.#client(this.#signatory(at)), authority }, proposal)
    }
  }

  /** One or both persons of the authority give notice; gives its id. */
  async notice(wish: Omit<NoticeWish, 'agreement'>, who: 'first' | 'second' | 'both' = 'both'): Promise<string> {
    let id = ''
    for (const [at, authority] of (await authorityKeysOf(this.#world, this.#nation)).entries()) {
      if (who !== 'both' && (who === 'first') !== (at === 0)) continue
      const given = await giveNotice(
        { ...this.#client(this.#signatory(at)), authority },
        { agreement: this.#world.data.agreement, ...wish },
      )
      ;({ id } = given)
    }
    return id
  }

  /** The suspension that is in effect here. */
  async suspension(): Promise<string> {
    return (await suspensionOf(this.#client(this.#signatory(0)), this.#world.data.agreement)) ?? ''
  }

  #negotiating(): Client & { readonly negotiator: HybridSigner } {
    const person = this.#withRole('negotiator')[0] ?? ''
    return { ...this.#client(person), negotiator: this.#world.officerKey(person) }
  }

  #signatory(at: number): string {
    return this.#withRole('signatory')[at] ?? ''
  }

  #withRole(role: string): readonly string[] {
    return this.#nation.parts.people.filter(({ roles }) => roles.includes(role)).map(({ id }) => id)
  }

  #client(person: string): Client {
    const { parts } = this.#nation
    const pins = { trust: parts.trust(), policies: parts.policies }
    return { crypto: this.#world.crypto, api: useCaseApi(this.#nation, person), pins, now: () => parts.now() }
  }
}

/** Both nations' hands. */
export function handsOf(world: World): { readonly originator: AgreementHands; readonly recipient: AgreementHands } {
  return { originator: new AgreementHands(world, world.originator), recipient: new AgreementHands(world, world.recipient) }
}

/** Proposes a change of the story's agreement from one side, and lets both sides initial and sign it; gives the version's id. */
export async function amend(world: World, change: (body: Agreement) => Partial<Agreement>, after = 1): Promise<string> {
  const { originator, recipient } = handsOf(world)
  const proposal = await originator.propose(originator.next(change, after))
  await world.settle()
  await originator.initial(proposal)
  await recipient.initial(proposal)
  await world.settle()
  await originator.seal(proposal)
  await recipient.seal(proposal)
  return proposal
}

/** Whether a nation holds a version of which it has not told every partner yet, with proof. */
export async function hasUnproven({ parts, code }: HostedNation): Promise<boolean> {
  const rows = await parts.db.selectFrom('agreement_steps').select(['kind', 'nation', 'proposal']).where('nation', '=', code).execute()
  return rows.some(({ kind, proposal }) => kind === 'held' && !rows.some((one) => one.kind === 'proof' && one.proposal === proposal))
}

/** Waits until the trust of all that are up has followed what their journals say of agreements, and was acted upon. */
export async function trustsFollowed(nations: readonly HostedNation[]): Promise<void> {
  for (const { parts, isUp } of nations) {
    if (!isUp) continue
    const steps = await parts.db.selectFrom('agreement_steps').select('agreement').distinct().execute()
    if (steps.length > 0) await parts.renewTrust()
    for (const { agreement } of steps) await followAgreement(parts, agreement)
  }
}
