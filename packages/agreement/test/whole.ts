import { type Agreement, type AgreementVersion, agreementId, completeSpecimen, readAgreementTemplate } from '@entente/agreement'
import { readJson } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type MarkingPolicy, readPolicy } from '@entente/label'
import { START, authority, bent, bytesOf, part } from './specimen.ts'

/** The arrangement of three, with a relay; and a second version of it that has every member that a version can have. */
export const nations: readonly string[] = ['JPN', 'KOR', 'USA']
export const policies: readonly MarkingPolicy[] = nations.map((nation) =>
  readPolicy(readJson(bytesOf(`nations/${nation.toLowerCase()}/nation.json`))),
)
export const keys = {
  JPN: (await authority(21)).publicKey,
  KOR: (await authority(22)).publicKey,
  USA: (await authority(23)).publicKey,
}

const body: Agreement = completeSpecimen(readAgreementTemplate(bytesOf('agreements/jpn-kor-usa/agreement.json')), {
  authorityKeys: keys,
  inForceFrom: START,
})
/** The version before, which had an area and a grant of other names. */
export const before: AgreementVersion = version(
  bent(
    body,
    ['areas/-', { code: 'warnings', names: { en: 'Warnings', ja: '警報' } }],
    ['grants/-', part({ ...(body.grants[0] as object), id: 'jpn-usa-old' })],
  ),
)

export const whole: Agreement = bent(
  body,
  ['version', 2],
  ['previous', before.id],
  ['inForceFrom', START + 100],
  ['inForceUntil', START + 100_000_000],
  ['parties/0/countersigningKey', part((await authority(24)).publicKey)],
  ['parties/1/memberUntil', START + 50_000_000],
  ['grants', part([...body.grants].toReversed())],
  ['grants/0/uses', ['act-on', 'court']],
  ['grants/0/person/organisations', ['EXERCISE-A', 'EXERCISE-B']],
  ['grants/0/person/posts', ['EXERCISE-POST']],
  ['grants/0/person/facilities', ['EXERCISE-FACILITY']],
  [
    'prohibitions/0',
    {
      id: 'everything',
      article: '6',
      from: 'JPN',
      to: 'KOR',
      via: 'USA',
      areas: ['nuclear'],
      atLeast: 'GOKUHI',
      personRules: ['NIHON-KOKUMIN'],
      categories: ['caveat/JOHOGEN-HOGO'],
      acts: ['derive', 'export'],
      uses: ['court'],
      citizenshipOutside: ['JPN'],
      organisationsOutside: ['EXERCISE-A'],
      postsOutside: ['EXERCISE-POST'],
      facilitiesOutside: ['EXERCISE-FACILITY'],
      purposesOutside: ['assessment'],
    },
  ],
  ['delegations/0/until', START + 1_000],
  ['clocks/-', { event: 'request-answer', article: '6', hours: 48 }],
  ['retention', { article: '7', evidenceYears: 20, itemDays: 400 }],
  ['amendment', { article: '8' }],
  [
    'successions',
    [
      { kind: 'area', from: 'warnings', to: 'missile', article: '8' },
      { kind: 'clearance', nation: 'USA', from: 'TOP-SECRET', to: 'SECRET', article: '8' },
      { kind: 'grant', from: 'jpn-usa-old', to: 'jpn-usa', article: '8' },
    ],
  ],
)

export function version(of: Agreement): AgreementVersion {
  return { id: agreementId(nodeCrypto, of), body: of }
}
