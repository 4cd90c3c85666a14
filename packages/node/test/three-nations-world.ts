import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Agreement, AgreementTemplate, EquivalenceTable } from '@entente/agreement'
import { type World, type WorldData, type WorldPerson, demoWorld, twoNations } from '@entente/testkit'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** The nation that is no party yet. */
export const THIRD = 'USA'
export const READER = 'lee'

async function json<T>(...path: readonly string[]): Promise<T> {
  return JSON.parse(await readFile(join(ROOT, ...path), 'utf8')) as T
}

function people(level: string, area: string, purposes: readonly string[]): readonly WorldPerson[] {
  const person = (id: string, role: string, more: Partial<WorldPerson> = {}): WorldPerson => ({
    id,
    names: { en: `${id} (EXERCISE)`, ja: `${id}（演習）` },
    roles: [role],
    ...more,
  })
  const clearance = { level, citizenships: [THIRD], days: 365, areas: [{ area, role: 'reader', purposes }] }
  return [
    person(READER, 'reader', { clearance }),
    person('grant', 'clearance-officer'),
    person('adams', 'negotiator'),
    person('hayes', 'signatory'),
    person('pierce', 'signatory'),
  ]
}

/** The story's two nations, and a third that is paired with both and invited to their agreement. */
export async function threeNations(seed: string): Promise<World> {
  const demo = await demoWorld()
  const folder = await mkdtemp(join(tmpdir(), 'entente-three-'))
  const data = JSON.parse(await readFile(demo.world, 'utf8')) as WorldData
  const story = await json<AgreementTemplate>('agreements', data.agreement, 'agreement.json')
  const world = join(folder, 'world.json')
  const third = {
    nation: THIRD,
    domain: 'usa.entente.example',
    folder: 'usa',
    persons: people('SECRET', data.story.area, [data.story.purpose]),
  }
  await writeFile(world, JSON.stringify({ ...data, nations: [...data.nations, third] }))
  // Two agreements that permit nothing, by which the third nation is paired with each of the others.
  const more = await Promise.all(
    story.parties.map(async (party) => {
      const path = join(folder, `${party.nation}.json`)
      const names = { en: THIRD, ja: THIRD }
      const parties = [party, { nation: THIRD, names, authority: names }].toSorted((a, b) => (a.nation < b.nation ? -1 : 1))
      const { invariants: _, ...rest } = story
      const agreement = parties.map(({ nation }) => nation.toLowerCase()).join('-')
      await writeFile(path, JSON.stringify({ ...rest, agreement, parties, equivalence: [], grants: [], prohibitions: [] }))
      return path
    }),
  )
  try {
    return await twoNations({ seed, data: { ...demo, world, more, invited: [{ agreement: data.agreement, nation: THIRD }] } })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The next version of the story's agreement, with the third nation as a party to which the originator gives what it gives the recipient. */
export async function withThird(world: World): Promise<(body: Agreement) => Partial<Agreement>> {
  const { originator, recipient, data } = world
  const eyes = await json<AgreementTemplate>('agreements', 'five-eyes', 'agreement.json')
  const ends = [originator.code, THIRD]
  const tables = eyes.equivalence.filter(
    ({ kind, from, to }) => from === ends[kind === 'markings' ? 0 : 1] && to === ends[kind === 'markings' ? 1 : 0],
  )
  const known = [...recipient.parts.trust().agreements.values()].flatMap((versions) => versions.flatMap(({ body }) => body.parties))
  const third = known.find(({ nation }) => nation === THIRD)
  if (third === undefined) throw new Error(`${THIRD} is not paired`)
  const wider = (nations: readonly string[] | undefined): readonly string[] => [...new Set([...(nations ?? []), THIRD])].toSorted()
  return (body) => ({
    parties: [...body.parties, third].toSorted((a, b) => (a.nation < b.nation ? -1 : 1)),
    equivalence: [
      ...body.equivalence,
      ...tables.map((table): EquivalenceTable => ({
        ...table,
        article: body.equivalence[0]?.article ?? '',
        validFrom: originator.parts.now(),
      })),
    ],
    grants: [
      ...body.grants,
      ...body.grants.flatMap((grant) =>
        grant.from === originator.code && grant.floor !== undefined
          ? [{ ...grant, id: `${grant.id}-third`, to: THIRD, person: { ...grant.person, citizenship: [THIRD] } }]
          : [],
      ),
    ],
    prohibitions: body.prohibitions.map((one) =>
      one.citizenshipOutside === undefined ? one : { ...one, citizenshipOutside: wider(one.citizenshipOutside) },
    ),
    invariants: (body.invariants ?? []).map((one) =>
      one.never.citizenshipOutside === undefined
        ? one
        : { ...one, never: { ...one.never, citizenshipOutside: wider(one.never.citizenshipOutside) } },
    ),
    title: { ...body.title, en: `EXERCISE: ${data.agreement} with a third party` },
  })
}
