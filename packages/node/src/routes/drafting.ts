import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../http/index.ts'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { PART_BYTES } from '../store/blobs.ts'
import { RETURN_CODES, type Returned } from '../store/drafts.ts'
import type { HandedIn } from '../use-cases/check-rendition.ts'
import { discardDraft } from '../use-cases/discard-draft.ts'
import { explainDisclosure } from '../use-cases/explain-disclosure.ts'
import { listDrafts, readDraft } from '../use-cases/list-drafts.ts'
import { prepareSealing } from '../use-cases/prepare-sealing.ts'
import { releaseReport } from '../use-cases/release-report.ts'
import { type DraftInput, replaceDraft, saveDraft } from '../use-cases/save-draft.ts'
import { returnDraft, submitDraft, withdrawDraft } from '../use-cases/submit-draft.ts'
import {
  type Announced,
  type AnnouncedContainer,
  announceContainer,
  announceDraftFile,
  completeUpload,
  readDraftFile,
  takePart,
} from '../use-cases/upload.ts'
import { described, forRoles, sendBytes, strict, words } from './parts.ts'

const TITLE = { type: 'string', minLength: 1, maxLength: 512 }
const MARKING = { type: 'string', maxLength: 512 }
const TEXT = strict({ lang: { type: 'string', enum: ['en', 'ja'] }, text: { type: 'string', maxLength: 65_536 } })
const PORTION = {
  type: 'object',
  oneOf: [
    strict({ kind: { type: 'string', const: 'text' }, marking: MARKING, texts: { type: 'array', minItems: 1, maxItems: 2, items: TEXT } }),
    strict({
      kind: { type: 'string', const: 'file' },
      marking: MARKING,
      name: { type: 'string', minLength: 1, maxLength: 255 },
      mediaType: { type: 'string', minLength: 1, maxLength: 255 },
      size: words.size,
      sha256: words.sha256,
    }),
  ],
}
const DRAFT = strict({
  title: { ...strict({ en: TITLE, ja: TITLE }, 'en', 'ja'), minProperties: 1 },
  area: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
  portions: { type: 'array', maxItems: 2_000, items: PORTION },
})
const ID = strict({ id: words.uuid })
const ANNOUNCED = strict({ sha256: words.sha256, size: words.size })
const CONTAINER = strict({ statement: words.sha256, size: words.size })
const UPLOAD = { type: 'string', pattern: '^[0-9a-f]{16,96}$' }
const RENDITION = strict({ signed: words.document, card: words.document, container: ANNOUNCED })

/** Registers what authors and disclosure officers do, from the first draft to the release. */
export function registerDrafting(app: FastifyInstance, nation: Nation): void {
  registerDrafts(app, nation)
  registerUploads(app, nation)
  registerRelease(app, nation)
}

function registerDrafts(app: FastifyInstance, nation: Nation): void {
  app.post(
    '/api/drafts',
    { ...forRoles('author'), schema: described('saveDraft', 'Save a new draft', { body: DRAFT }) },
    async (request, reply) => reply.code(201).send(await saveDraft(nation, callerOf(request).person, request.body as DraftInput)),
  )
  app.put(
    '/api/drafts/:id',
    { ...forRoles('author'), schema: described('replaceDraft', 'Replace a draft', { params: ID, body: DRAFT }) },
    async (request) => replaceDraft(nation, callerOf(request).person, idOf(request), request.body as DraftInput),
  )
  app.get(
    '/api/drafts',
    { ...forRoles('author', 'disclosure-officer'), schema: described('listDrafts', 'Own drafts, and for officers those in review', {}) },
    async (request) => ({
      drafts: await listDrafts(nation, callerOf(request)),
    }),
  )
  app.get(
    '/api/drafts/:id',
    { ...forRoles('author', 'disclosure-officer'), schema: described('readDraft', 'One draft with its portions', { params: ID }) },
    async (request) => readDraft(nation, callerOf(request), idOf(request)),
  )
  app.post(
    '/api/drafts/:id/submit',
    { ...forRoles('author'), schema: described('submitDraft', 'Give a draft to review', { params: ID }) },
    async (request) => submitDraft(nation, callerOf(request).person, idOf(request)),
  )
  app.post(
    '/api/drafts/:id/withdraw',
    { ...forRoles('author'), schema: described('withdrawDraft', 'Take an own draft back from review', { params: ID }) },
    async (request) => withdrawDraft(nation, callerOf(request).person, idOf(request)),
  )
  app.post(
    '/api/drafts/:id/discard',
    { ...forRoles('author'), schema: described('discardDraft', 'Remove an own draft for good', { params: ID }) },
    async (request, reply) => {
      await discardDraft(nation, callerOf(request).person, idOf(request))
      return reply.code(204).send()
    },
  )
  app.post(
    '/api/drafts/:id/return',
    {
      ...forRoles('disclosure-officer'),
      schema: described('returnDraft', 'Give a draft back to its author', {
        params: ID,
        body: strict(
          { code: { type: 'string', enum: [...RETURN_CODES] }, reason: { type: 'string', minLength: 1, maxLength: 4_096 } },
          'reason',
        ),
      }),
    },
    async (request, reply) => {
      await returnDraft(nation, callerOf(request).person, idOf(request), request.body as Returned)
      return reply.code(204).send()
    },
  )
}

function registerUploads(app: FastifyInstance, nation: Nation): void {
  app.post(
    '/api/drafts/:id/files',
    { ...forRoles('author'), schema: described('announceDraftFile', 'Announce a file of a draft', { params: ID, body: ANNOUNCED }) },
    async (request) => ({
      upload: await announceDraftFile(nation, callerOf(request).person, idOf(request), request.body as Announced),
    }),
  )
  app.get(
    '/api/drafts/:id/files/:sha256',
    {
      ...forRoles('author', 'disclosure-officer'),
      schema: described('readDraftFile', 'The bytes of a file of a draft', { params: strict({ id: words.uuid, sha256: words.sha256 }) }),
    },
    async (request, reply) =>
      sendBytes(reply, await readDraftFile(nation, callerOf(request), idOf(request), (request.params as { sha256: string }).sha256)),
  )
  app.post(
    '/api/containers',
    { ...forRoles('disclosure-officer'), schema: described('announceContainer', 'Announce a sealed container', { body: CONTAINER }) },
    async (request) => ({
      upload: await announceContainer(nation, callerOf(request).person, request.body as AnnouncedContainer),
    }),
  )
  app.put(
    '/api/uploads/:upload/parts/:number',
    {
      ...forRoles('author', 'disclosure-officer'),
      bodyLimit: PART_BYTES,
      schema: described('takePart', 'One part of an upload', {
        params: strict({ upload: UPLOAD, number: { type: 'string', pattern: '^(?:0|[1-9][0-9]{0,4})$' } }),
        querystring: strict({ sha256: words.sha256 }),
      }),
    },
    async (request, reply) => {
      const { upload, number } = request.params as { upload: string; number: string }
      const { sha256 } = request.query as { sha256: string }
      const { body } = request
      if (!(body instanceof Uint8Array)) throw new NodeError('node/bad-request', 'a part is bytes', { values: { what: 'part' } })
      await takePart(nation, callerOf(request).person, upload, { number: Number(number), bytes: body, sha256 })
      return reply.code(204).send()
    },
  )
  app.post(
    '/api/uploads/:upload/complete',
    {
      ...forRoles('author', 'disclosure-officer'),
      schema: described('completeUpload', 'End an upload: a file with the hash that was announced, a container without', {
        params: strict({ upload: UPLOAD }),
        body: strict({ sha256: words.sha256, size: words.size }, 'sha256'),
      }),
    },
    async (request) =>
      completeUpload(nation, callerOf(request).person, (request.params as { upload: string }).upload, request.body as Announced),
  )
}

function registerRelease(app: FastifyInstance, nation: Nation): void {
  app.get(
    '/api/drafts/:id/disclosure',
    {
      ...forRoles('author', 'disclosure-officer'),
      schema: described('explainDisclosure', 'What of a draft may go to a nation, and why; for its author and for officers', {
        params: ID,
        querystring: strict({ to: words.nation }),
      }),
    },
    async (request) => explainDisclosure(nation, callerOf(request), idOf(request), (request.query as { to: string }).to),
  )
  app.post(
    '/api/drafts/:id/sealing',
    {
      ...forRoles('disclosure-officer'),
      schema: described('prepareSealing', 'Prepare the renditions of a release', {
        params: ID,
        body: strict({ to: { type: 'array', maxItems: 64, items: words.nation } }),
      }),
    },
    async (request) => ({
      renditions: await prepareSealing(nation, callerOf(request).person, idOf(request), (request.body as { to: string[] }).to),
    }),
  )
  app.post(
    '/api/releases',
    {
      ...forRoles('disclosure-officer'),
      schema: described('releaseReport', 'Release a report', {
        body: strict({ draft: words.uuid, renditions: { type: 'array', minItems: 1, maxItems: 65, items: RENDITION } }),
      }),
    },
    async (request, reply) => {
      const { draft, renditions } = request.body as { draft: string; renditions: HandedIn[] }
      return reply.code(201).send(await releaseReport(nation, callerOf(request).person, draft, renditions))
    },
  )
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
