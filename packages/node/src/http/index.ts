/** The edge of a node: strict requests, problem details, one answer for everything that is not there. */
export { BUCKET_MILLISECONDS, type Timer } from './even-time.ts'
export { callerOf, createHttp, type HttpEvent, type HttpOptions, mount } from './http.ts'
export { listenOnFreePort } from './listen.ts'
export { type PagesManifest, contentPolicy, readPages, servePages } from './pages.ts'
export { ApiDescription, type ApiInfo, type RouteDescription } from './openapi.ts'
export { absent, ABSENT_BODY, type HttpCode, HttpError, makeProblem, type Problem, STRICT_HEADERS, type Wording } from './problem.ts'
