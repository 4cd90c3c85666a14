import { type Json, canonicalText, fromUtf8 } from '@entente/canonical'
import { readAgreement, readAgreementTemplate, readSignedAgreement, signAgreement } from '@entente/agreement'
import { nodeCrypto } from '@entente/crypto-node'
import type { HostileReader } from '../../canonical/test/hostile-documents.ts'
import { asBytes, aus, first, template } from './specimen.ts'

export const description = 'EXERCISE. The specimen agreement: as a template, as a body, signed by one authority.'

const whole = fromUtf8(asBytes(first))

export const readers: readonly HostileReader[] = [
  {
    parser: 'readAgreementTemplate',
    read: readAgreementTemplate,
    good: [fromUtf8(asBytes(template))],
    bad: [['a body that is complete', whole]],
  },
  { parser: 'readAgreement', read: readAgreement, good: [whole], bad: [['a template', fromUtf8(asBytes(template))]] },
  {
    parser: 'readSignedAgreement',
    read: readSignedAgreement,
    good: [canonicalText((await signAgreement(nodeCrypto, first, aus)) as unknown as Json)],
    bad: [['a body without signatures', whole]],
  },
]
