import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AgreementTemplate, completeSpecimen, mergeSignatures, readAgreementTemplate } from '@entente/agreement'
import type { Crypto, HybridSigner, Json } from '@entente/canonical'
import { type PairingParcel, initNation, makeKeyStatement, pairNation, pathsOf, signAsAuthority } from '@entente/node'
import { negotiatorsOf } from './agreement-hands.ts'
import { type ClearanceDesk, freshHybrid } from './person.ts'
import type { WorldData, WorldFolder, WorldPerson } from './world-data.ts'

const SECONDS_A_DAY = 86_400

/** A device key for everybody who signs with one. */
export async function freshOfficers(crypto: Crypto, data: WorldData): Promise<ReadonlyMap<string, HybridSigner>> {
  const officers = new Map<string, HybridSigner>()
  for (const person of data.nations.flatMap(({ persons }) => persons)) {
    if (person.delegation !== undefined || ['clearance-officer', 'negotiator'].some((role) => person.roles.includes(role)))
      officers.set(person.id, await freshHybrid(crypto))
  }
  return officers
}

/** Makes each nation's directory, and pairs them under every agreement that is given. */
export async function setUp(
  dir: string,
  folder: WorldFolder,
  data: WorldData,
  officers: ReadonlyMap<string, HybridSigner>,
  now: number,
): Promise<void> {
  const templates = await Promise.all(
    [folder.template, ...(folder.more ?? [])].map(async (path) => readAgreementTemplate(await readFile(path))),
  )
  const parcels = new Map<string, PairingParcel>()
  for (const { nation, domain, persons } of data.nations) {
    const place = { host: '127.0.0.1', port: 0 }
    await initNation(join(dir, nation), {
      realm: 'exercise',
      nation,
      domain,
      people: place,
      partner: place,
      nations: folder.policies,
      demoProvider: true,
      persons: persons.map(({ id, names, roles }) => ({ id, names, roles })),
    })
    const statement = {
      links: templates.flatMap(({ agreement, parties }) => {
        const guests = (folder.invited ?? []).flatMap((one) => (one.agreement === agreement ? [one.nation] : []))
        const others = [...parties.map((party) => party.nation), ...guests]
        return others.includes(nation) ? others.flatMap((partner) => (partner === nation ? [] : [{ agreement, partner }])) : []
      }),
      officers: persons.flatMap(({ id, delegation }) =>
        delegation === undefined
          ? []
          : [
              {
                officer: id,
                key: found(officers.get(id)).publicKey,
                ceiling: delegation.ceiling,
                areas: delegation.areas,
                until: now + delegation.days * SECONDS_A_DAY,
              },
            ],
      ),
      negotiators: negotiatorsOf(persons, officers, now + 365 * SECONDS_A_DAY),
      clearanceOfficers: Object.fromEntries(
        persons.filter(({ roles }) => roles.includes('clearance-officer')).map(({ id }) => [id, found(officers.get(id)).publicKey]),
      ),
      number: 1,
    }
    parcels.set(nation, await makeKeyStatement(join(dir, nation), statement))
  }
  // Before anybody is a guest, they are paired under another agreement.
  const later = (template: AgreementTemplate): boolean => folder.invited?.some(({ agreement }) => agreement === template.agreement) === true
  for (const template of templates.toSorted((a, b) => Number(later(a)) - Number(later(b)))) {
    const guests = (folder.invited ?? []).flatMap((one) => (one.agreement === template.agreement ? [one.nation] : []))
    await pairAll(dir, template, parcels, now, guests)
  }
}

/** Every party of an agreement signs it and pairs with every other; guests get it as it is. */
async function pairAll(
  dir: string,
  template: AgreementTemplate,
  parcels: ReadonlyMap<string, PairingParcel>,
  now: number,
  guests: readonly string[],
): Promise<void> {
  const parties = template.parties.map(({ nation }) => nation)
  const authorityKeys = Object.fromEntries(parties.map((nation) => [nation, found(parcels.get(nation)).authorityKey]))
  const countersigningKeys = Object.fromEntries(parties.map((nation) => [nation, found(parcels.get(nation)).countersigningKey]))
  const agreement = completeSpecimen(template, { authorityKeys, countersigningKeys, inForceFrom: now - SECONDS_A_DAY })
  const signed = await Promise.all(parties.map((nation) => signAsAuthority(join(dir, nation), agreement as unknown as Json)))
  const both = mergeSignatures(found(signed[0]), ...signed.slice(1))
  for (const nation of [...parties, ...guests]) {
    for (const other of parties) {
      if (other === nation) continue
      const anchor = await readFile(join(pathsOf(join(dir, other)).node, 'tls-anchor.pem'), 'utf8')
      await pairNation(join(dir, nation), { parcel: found(parcels.get(other)), anchor, agreement: both })
    }
  }
}

/** Clears a person as the world's data has it. */
export async function clear(desk: ClearanceDesk, { id, clearance }: WorldPerson, now: number): Promise<void> {
  if (clearance === undefined) return
  const { level, citizenships, days, areas } = clearance
  const until = now + days * SECONDS_A_DAY
  await desk.act(id, { act: 'grant', clearance: level, citizenships, validFrom: now - SECONDS_A_DAY, validUntil: until })
  for (const { area, role, purposes } of areas) await desk.act(id, { act: 'assign', area, role, purposes, until })
}

/** Throws where the data lacks what every world needs. */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the world lacks something that its data must have')
  return value
}
