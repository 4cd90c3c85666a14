import { type Json, canonicalText, fromUtf8 } from '@entente/canonical'
import {
  type AgreementNotice,
  agreementId,
  readAgreement,
  readAgreementTemplate,
  readParty,
  readSignedAgreement,
  readSignedNotice,
  signAgreement,
  signNotice,
} from '@entente/agreement'
import { nodeCrypto } from '@entente/crypto-node'
import type { HostileReader } from '../../canonical/test/hostile-documents.ts'
import { START, asBytes, aus, first, jpn, template } from './specimen.ts'

export const description = 'EXERCISE. The specimen agreement: as a template, as a body, signed by one authority; notices of it.'

const whole = fromUtf8(asBytes(first))
const suspend: AgreementNotice = {
  agreement: first.agreement,
  realm: first.realm,
  version: agreementId(nodeCrypto, first),
  nation: 'AUS',
  notice: 'suspend',
  at: START,
  effectiveAt: START + 10,
}
const resume: AgreementNotice = { ...suspend, nation: 'JPN', notice: 'resume', of: 'ab'.repeat(32) }

async function notice(body: unknown): Promise<string> {
  return canonicalText((await signNotice(nodeCrypto, body as AgreementNotice, jpn)) as unknown as Json)
}

export const readers: readonly HostileReader[] = [
  {
    parser: 'readAgreementTemplate',
    read: readAgreementTemplate,
    good: [fromUtf8(asBytes(template))],
    bad: [['a body that is complete', whole]],
  },
  { parser: 'readAgreement', read: readAgreement, good: [whole], bad: [['a template', fromUtf8(asBytes(template))]] },
  {
    parser: 'readParty',
    read: readParty,
    good: first.parties.map((party) => canonicalText(party as unknown as Json)),
    bad: [
      ['a whole agreement', whole],
      ['a party of a template, without its key', canonicalText(template.parties[0] as unknown as Json)],
      ['half a key', canonicalText({ ...first.parties[0], authorityKey: { ed25519: 'A'.repeat(43) } } as unknown as Json)],
      ['a nation that is none', canonicalText({ ...first.parties[0], nation: 'japan' } as unknown as Json)],
    ],
  },
  {
    parser: 'readSignedAgreement',
    read: readSignedAgreement,
    good: [canonicalText((await signAgreement(nodeCrypto, first, aus)) as unknown as Json)],
    bad: [['a body without signatures', whole]],
  },
  {
    parser: 'readSignedNotice',
    read: readSignedNotice,
    good: [await notice(suspend), await notice(resume)],
    bad: [
      ['an effect before the signature', await notice({ ...suspend, effectiveAt: START - 1 })],
      ['a resumption of nothing', await notice({ ...suspend, notice: 'resume' })],
      ['a suspension of something', await notice({ ...suspend, of: 'ab'.repeat(32) })],
      ['a notice of another kind', await notice({ ...suspend, notice: 'denounce' })],
      ['a version by its number', await notice({ ...suspend, version: 1 })],
    ],
  },
]
