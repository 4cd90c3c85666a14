import type { HybridPublicKey } from '@entente/canonical'
import { AgreementError } from './errors.ts'
import type { Agreement, AgreementTemplate } from './model.ts'

/**
 * Turns a template into the body of a version: each party gets its authority key, and the second person's where one is given; the
 * agreement and its equivalence tables the date (seconds), a later version the id of the one before. Throws
 * `agreement/key-missing` for a party without a key.
 */
export function completeSpecimen(
  template: AgreementTemplate,
  given: {
    readonly authorityKeys: Readonly<Record<string, HybridPublicKey>>
    readonly countersigningKeys?: Readonly<Record<string, HybridPublicKey>>
    readonly inForceFrom: number
    readonly previous?: string
  },
): Agreement {
  const { countersigningKeys = {} } = given
  return {
    ...template,
    parties: template.parties.map((party) => {
      const authorityKey = Object.hasOwn(given.authorityKeys, party.nation) ? given.authorityKeys[party.nation] : undefined
      if (authorityKey === undefined) {
        throw new AgreementError('agreement/key-missing', `no authority key for \`${party.nation}\``, { values: { nation: party.nation } })
      }
      const countersigningKey = Object.hasOwn(countersigningKeys, party.nation) ? countersigningKeys[party.nation] : undefined
      return { ...party, authorityKey, ...(countersigningKey === undefined ? {} : { countersigningKey }) }
    }),
    equivalence: template.equivalence.map((table) => ({ ...table, validFrom: given.inForceFrom })),
    inForceFrom: given.inForceFrom,
    ...(given.previous === undefined ? {} : { previous: given.previous }),
  }
}
