import type { FastifySchema, RouteOptions } from 'fastify'
import { problemSchema } from './problem.ts'

/** What a route says of itself in the API description, beside its schemas. */
export type RouteDescription = FastifySchema & {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
}

export type ApiInfo = { readonly title: string; readonly version: string; readonly description?: string }

type Described = { readonly open: boolean; readonly method: string; readonly path: string; readonly schema: RouteDescription }

/** Collects routes as they are registered and writes OpenAPI 3.1 from the very schemas that check the requests. */
export class ApiDescription {
  readonly #routes: Described[] = []

  add(route: RouteOptions, open: boolean): void {
    for (const method of [route.method].flat())
      this.#routes.push({ open, method: method.toLowerCase(), path: route.url, schema: route.schema ?? {} })
  }

  document(info: ApiInfo): object {
    const paths: Record<string, Record<string, object>> = {}
    for (const route of this.#routes.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
      const path = route.path.replace(/:(\w+)/gu, '{$1}')
      paths[path] = { ...paths[path], [route.method]: operation(route) }
    }
    return {
      openapi: '3.1.0',
      info,
      paths,
      components: {
        schemas: { Problem: problemSchema },
        responses: {
          Problem: {
            description: 'refused',
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
        securitySchemes: { dpop: { type: 'http', scheme: 'DPoP', bearerFormat: 'RFC 9068 access token bound by RFC 9449' } },
      },
      security: [{ dpop: [] }],
    }
  }
}

function operation({ open, path, schema }: Described): object {
  const { operationId, summary, description, tags } = schema
  return {
    ...(operationId === undefined ? {} : { operationId }),
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
    ...(open ? { security: [] } : {}),
    parameters: [...parameters('path', schema.params, pathNames(path)), ...parameters('query', schema.querystring, [])],
    ...(schema.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schema.body } } } }),
    responses: responses(schema.response),
  }
}

function pathNames(path: string): string[] {
  return [...path.matchAll(/:(\w+)/gu)].map((match) => match[1] ?? '')
}

function parameters(place: 'path' | 'query', schema: unknown, names: readonly string[]): object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as { properties?: Record<string, object>; required?: readonly string[] }
  const all = new Set([...names, ...Object.keys(properties)])
  return [...all].map((name) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: properties[name] ?? { type: 'string' },
  }))
}

function responses(schema: unknown): object {
  const written = Object.entries((schema ?? {}) as Record<string, object>).map(([status, body]): [string, object] => [
    status,
    { description: 'done', content: { 'application/json': { schema: body } } },
  ])
  return {
    ...(written.length === 0 ? { 200: { description: 'done' } } : Object.fromEntries(written)),
    default: { $ref: '#/components/responses/Problem' },
  }
}
