import {
  type Agreement,
  type AgreementTemplate,
  type AgreementVersion,
  agreementId,
  completeSpecimen,
  readAgreement,
  readAgreementTemplate,
  readSignedAgreement,
} from '@entente/agreement'
import { type Signed, codeOf } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { readGiven } from './data.ts'
import { CliError } from './errors.ts'

/** An agreement as a file holds it: signed by somebody, about to be signed, or a template that lacks keys and dates. */
export type AgreementFile =
  | { readonly form: 'signed'; readonly signed: Signed<Agreement>; readonly body: Agreement; readonly id: string }
  | { readonly form: 'body'; readonly body: Agreement; readonly id: string }
  | { readonly form: 'template'; readonly body: AgreementTemplate }

/** Reads any of the three forms; throws `cli/not-verified` with the reason of the nearest, `cli/file`. */
export async function readAgreementFile(path: string): Promise<AgreementFile> {
  return agreementFileOf(await readGiven(path))
}

/** As `readAgreementFile`, of bytes. */
export function agreementFileOf(bytes: Uint8Array): AgreementFile {
  const reasons: unknown[] = []
  for (const read of [signedForm, bodyForm, templateForm]) {
    try {
      return read(bytes)
    } catch (cause) {
      // The next form may fit; where none does, the reason of the last is told: a template is what the others are made of.
      reasons.push(cause)
    }
  }
  const cause = reasons.at(-1)
  const where = cause instanceof Error && 'values' in cause ? (cause.values as Readonly<Record<string, unknown>>)['where'] : undefined
  const why = typeof where === 'string' && where !== '' ? `${codeOf(cause)}: ${where}` : codeOf(cause)
  throw new CliError('cli/not-verified', 'not an agreement', { cause, values: { what: 'agreement', why } })
}

function signedForm(bytes: Uint8Array): AgreementFile {
  const signed = readSignedAgreement(bytes)
  return { form: 'signed', signed, body: signed.body, id: agreementId(nodeCrypto, signed.body) }
}

function bodyForm(bytes: Uint8Array): AgreementFile {
  const body = readAgreement(bytes)
  return { form: 'body', body, id: agreementId(nodeCrypto, body) }
}

function templateForm(bytes: Uint8Array): AgreementFile {
  return { form: 'template', body: readAgreementTemplate(bytes) }
}

/** Stands for a key that is not there yet: 32 and 1952 zero bytes. */
const NO_KEY = { ed25519: 'A'.repeat(43), mldsa65: 'A'.repeat(2_603) } as const

/** A template with keys and dates that stand for what the parties will give, after the version before it. */
export function completedTemplate(template: AgreementTemplate, at: number, previous: AgreementVersion | undefined): AgreementVersion {
  const body = completeSpecimen(template, {
    authorityKeys: Object.fromEntries(template.parties.map(({ nation }) => [nation, NO_KEY])),
    inForceFrom: previous === undefined ? at : Math.max(at, previous.body.inForceFrom + 1),
    ...(template.version === 1 ? {} : { previous: previous?.id ?? '0'.repeat(64) }),
  })
  return { id: agreementId(nodeCrypto, body), body }
}
