// The part of `oidc-provider` that the embedded provider uses; the package ships no types of its own.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Grant {
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  export interface ProviderContext {
    readonly path: string
    type: string
    body: unknown
    set(name: string, value: string): void
    readonly oidc: {
      readonly client: { readonly clientId: string; grantTypeAllowed(type: string): boolean }
      readonly session: { readonly accountId: string; grantIdFor(clientId: string): string | undefined }
    }
  }

  export interface InteractionDetails {
    readonly uid: string
    readonly params: { readonly redirect_uri?: string; readonly client_id?: string }
  }

  export class Provider {
    constructor(issuer: string, configuration: object)
    silent: boolean
    readonly Grant: {
      new (of: { clientId: string; accountId: string }): Grant
      find(id: string): Promise<Grant | undefined>
    }
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<InteractionDetails>
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: { login: { accountId: string }; consent: object },
    ): Promise<void>
    on(event: 'server_error', listener: (context: ProviderContext, error: Error) => void): this
    on(event: 'error', listener: (error: Error) => void): this
  }
}
