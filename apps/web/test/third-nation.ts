/** A third nation beside the two of the demonstration: paired with both, invited to their agreement, and no party to it yet. */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Agreement, type AgreementTemplate, completeSpecimen, mergeSignatures, readAgreementTemplate } from '@entente/agreement'
import type { HybridPublicKey, Json, Signed } from '@entente/canonical'
import { type Batch, startBatch } from '../../cli/src/demo/batch.ts'
import { type Parcel, initInput, makeDevices, statementInput } from '../../cli/src/demo/make-nations.ts'
import { markSetUp, nationDirectory } from '../../cli/src/demo/set-up.ts'
import type { LoadedWorld, WorldNation, WorldPerson } from '../../cli/src/demo/world.ts'

/** A little before now, as the demonstration's own agreement. */
const EARLIER_SECONDS = 60

const person = (id: string, roles: readonly string[]): WorldPerson => ({
  id,
  names: { en: `${id} (EXERCISE)`, ja: `${id}（演習）` },
  duty: { en: id, ja: id },
  roles,
})

/** The world with the third nation in it. Nobody of it reads anything: it negotiates, signs, and leaves. */
export function withThirdNation(world: LoadedWorld): LoadedWorld {
  const third: WorldNation = {
    nation: 'USA',
    names: { en: 'United States', ja: 'アメリカ合衆国' },
    folder: 'usa',
    domain: 'usa.entente.example',
    people: { host: 'usa.localhost', port: 4_603 },
    partner: { port: 4_703 },
    persons: [person('adams', ['negotiator']), person('hayes', ['signatory']), person('pierce', ['signatory'])],
  }
  return { ...world, nations: [...world.nations, third] }
}

/** Makes the three in `dir` and pairs them; for `startWorld`, which then only starts them: nobody is cleared. */
export async function setUpThree(dir: string, world: LoadedWorld, now: number): Promise<void> {
  await using ended = new AsyncDisposableStack()
  const batches = new Map<string, Batch>(world.nations.map((one) => [one.nation, ended.use(startBatch(nationDirectory(dir, one)))]))
  const each = async <T>(work: (nation: WorldNation, batch: Batch) => Promise<T>): Promise<ReadonlyMap<string, T>> =>
    new Map(await Promise.all(world.nations.map(async (one) => [one.nation, await work(one, batches.get(one.nation)!)] as const)))
  const made = await each(async (nation, batch) => {
    await mkdir(nationDirectory(dir, nation), { recursive: true, mode: 0o700 })
    return batch.run<{ authorityKey: HybridPublicKey; countersigningKey: HybridPublicKey }>('init', initInput(world, nation))
  })
  const authorityKeys = Object.fromEntries([...made].map(([nation, { authorityKey }]) => [nation, authorityKey]))
  const countersigningKeys = Object.fromEntries([...made].map(([nation, { countersigningKey }]) => [nation, countersigningKey]))
  const templates = await templatesOf(world)
  const parcels = await each(async (nation, batch) => {
    const officers = await makeDevices(dir, world, nation, authorityKeys)
    const links = world.nations
      .filter((partner) => partner !== nation)
      .flatMap((partner) => [...linkNames(templates, nation, partner)].map((agreement) => ({ agreement, partner: partner.nation })))
    const parcel = await batch.run<Parcel>('statement', statementInput(world, nation, officers, now, links))
    return { parcel, anchor: await readFile(join(nationDirectory(dir, nation), 'node', 'tls-anchor.pem'), 'utf8') }
  })
  const [main, ...bilateral] = await Promise.all(
    templates.map(async (template) => {
      const body: Agreement = completeSpecimen(template, { authorityKeys, countersigningKeys, inForceFrom: now - EARLIER_SECONDS })
      const signed = await Promise.all(
        body.parties.map(({ nation }) => batches.get(nation)!.run<Signed<Agreement>>('sign-agreement', body)),
      )
      return signed.reduce((one, other) => mergeSignatures(one, other))
    }),
  )
  await each(async ({ nation }, batch) => {
    const agreements = [main!, ...bilateral].filter(({ body }) => body.parties.some((party) => party.nation === nation))
    const pair = async (partner: string, agreement: Signed<Agreement>): Promise<void> =>
      batch.run('pair', { ...parcels.get(partner), agreement } as unknown as Json)
    for (const agreement of agreements)
      for (const party of agreement.body.parties) if (party.nation !== nation) await pair(party.nation, agreement)
    // The guest gets every version so far of the agreement that it is invited to.
    if (!agreements.includes(main!)) await pair(main!.body.parties[0]!.nation, main!)
  })
  await markSetUp(dir, { agreement: world.agreement, signatures: main!.signatures.length, words: {} })
}

/** The agreement of the two, and for each of them one with the guest that permits nothing. */
async function templatesOf({ template, nations }: LoadedWorld): Promise<readonly AgreementTemplate[]> {
  const main = readAgreementTemplate(await readFile(template))
  const guest = nations.at(-1)!
  const { invariants: _, ...rest } = main
  return [
    main,
    ...main.parties.map((party): AgreementTemplate => {
      const parties = [party, { nation: guest.nation, names: guest.names, authority: guest.names }].toSorted((a, b) =>
        a.nation < b.nation ? -1 : 1,
      )
      const agreement = parties.map(({ nation }) => nation.toLowerCase()).join('-')
      return { ...rest, agreement, parties, equivalence: [], grants: [], prohibitions: [] }
    }),
  ]
}

/** Under which agreements two nations speak: those of both, and the one to which a guest is invited. */
function linkNames(templates: readonly AgreementTemplate[], one: WorldNation, other: WorldNation): ReadonlySet<string> {
  const ends = [one.nation, other.nation]
  const own = templates.filter(({ parties }) => ends.every((end) => parties.some(({ nation }) => nation === end)))
  return new Set([templates[0]!.agreement, ...own.map(({ agreement }) => agreement)])
}
