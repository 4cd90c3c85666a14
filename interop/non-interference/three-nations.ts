/** The demonstration's two nations and an invented third one, which has an agreement of its own with the originator. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type WorldData, type WorldFolder, type WorldPerson, demoWorld } from '@entente/testkit'

/** A code that ISO 3166 leaves to its users. */
export const THIRD = 'XCC'
/** Its one reader. */
export const THIRD_READER = 'third-reader'
/** Areas in which the originator's officers may release; the recipient's first reader needs both, its second only the first. */
export const OPEN_AREA = 'maritime'
export const CLOSED_AREA = 'air'

interface Named {
  readonly nation: string
  readonly names: object
}

/** Writes the world's data into `folder`. */
export async function writeThreeNations(folder: string): Promise<WorldFolder> {
  const from = await demoWorld()
  const data = JSON.parse(await readFile(from.world, 'utf8')) as WorldData
  const { originator, recipient, cast } = data.story
  const as = (text: string): string =>
    text
      .replaceAll(recipient, THIRD)
      .replaceAll(recipient.toLowerCase(), THIRD.toLowerCase())
      .replaceAll(/urn:oid:2\.25\.\d+/gu, 'urn:oid:2.25.1790')
  const to: WorldFolder & { readonly more: readonly string[] } = {
    world: join(folder, 'world.json'),
    policies: join(folder, 'nations'),
    template: join(folder, 'first.json'),
    more: [join(folder, 'second.json')],
  }
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  const template = await readFile(from.template, 'utf8')
  await write(to.template, template)
  await write(join(folder, 'second.json'), as(template))
  for (const { nation, folder: place } of data.nations) {
    const text = await readFile(join(from.policies, place, 'nation.json'), 'utf8')
    if (nation === recipient) await write(join(to.policies, THIRD.toLowerCase(), 'nation.json'), as(text))
    const policy = JSON.parse(text) as { releasableTo: Named[] }
    policy.releasableTo.push({ nation: THIRD, names: { en: 'Third nation (EXERCISE)', ja: '第三国（演習）' } })
    await write(join(to.policies, place, 'nation.json'), JSON.stringify(policy))
  }
  const recipients = data.nations.find(({ nation }) => nation === recipient)
  const third = JSON.parse(as(JSON.stringify(recipients))) as WorldData['nations'][number]
  const nations = [
    ...data.nations.map((nation) => ({ ...nation, persons: nation.persons.map((person) => widened(person)) })),
    thirdOf(third),
  ]
  await write(to.world, JSON.stringify({ ...data, nations }))
  return to

  function widened(person: WorldPerson): WorldPerson {
    const reader = (area: string) => ({ area, role: 'reader', purposes: ['assessment', 'operations'] })
    const { delegation, clearance, ...rest } = person
    const areas: Readonly<Record<string, readonly string[]>> = {
      [cast.firstReader]: [OPEN_AREA, CLOSED_AREA],
      [cast.secondReader]: [OPEN_AREA],
    }
    return {
      ...rest,
      ...(clearance === undefined
        ? {}
        : { clearance: { ...clearance, areas: (areas[person.id] ?? clearance.areas.map(({ area }) => area)).map(reader) } }),
      ...(delegation === undefined ? {} : { delegation: { ...delegation, areas: [CLOSED_AREA, OPEN_AREA] } }),
    }
  }

  function thirdOf(nation: WorldData['nations'][number]): WorldData['nations'][number] {
    const [first] = nation.persons
    const reader = first === undefined ? undefined : widened({ ...first, id: cast.firstReader })
    const officer = nation.persons.find(({ roles }) => roles.includes('clearance-officer'))
    if (reader === undefined || officer === undefined) throw new Error(`${originator} has no partner to copy`)
    return {
      ...nation,
      persons: [
        { ...reader, id: THIRD_READER, names: { en: 'Reader (EXERCISE)', ja: '閲覧者（演習）' } },
        { ...officer, id: 'third-clearance-officer', names: { en: 'Clearances (EXERCISE)', ja: '適性担当（演習）' } },
      ],
    }
  }
}
