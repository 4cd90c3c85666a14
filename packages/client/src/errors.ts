import { EntenteError, type MessageValues } from '@entente/canonical'

export type ClientCode =
  | 'client/absent'
  | 'client/answer-malformed'
  | 'client/answer-unknown'
  | 'client/trust'
  | 'client/label-policy'
  | 'client/policy'
  | 'client/other-item'
  | 'client/container-digest'
  | 'client/item-expired'
  | 'client/container-foreign'
  | 'client/rendition-portions'
  | 'client/rendition-label'
  | 'client/rendition-key'
  | 'client/rendition-basis'
  | 'client/file-changed'
  | 'client/entry-log'

/** What a client throws: an answer, an item or a prepared release that is not what it must be. */
export class ClientError extends EntenteError<ClientCode> {
  override name = 'ClientError'
}

/** What the own node refused, with the node's own code and values; its sentence stands in `words` by that code. */
export class NodeRefusal extends EntenteError {
  override name = 'NodeRefusal'
  /** HTTP status. */
  readonly status: number

  constructor(code: string, status: number, values: MessageValues) {
    super(code, `the node answered ${status} ${code}`, { values })
    this.status = status
  }
}

/**
 * The one error for what is not there, is not for this person, or was refused when it was asked for: who is refused learns
 * no more than who asks for nothing (property P7).
 */
export function absent(cause?: unknown): ClientError {
  return new ClientError('client/absent', 'nothing is here', cause === undefined ? {} : { cause })
}
