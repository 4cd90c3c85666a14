/** How much somebody must care: `warn` mends itself or is one partner's doing, `error` does not. */
export type Level = 'info' | 'warn' | 'error'

/** The codes of the log: a closed union, apart from those of errors. */
export type LogCode =
  | 'process/started'
  | 'process/stopped'
  | 'process/gone'
  | 'process/fault'
  | 'http/fault'
  | 'identity/fault'
  | 'sender/fault'
  | 'sender/waiting'
  | 'inbox/refused'
  | 'partner/refused'
  | 'partner/tls-refused'
  | 'register/row-does-not-hold'
  | 'tiles/rewritten'
  | 'tiles/not-written'
  | 'log/not-cosigned'
  | 'log/behind'
  | 'log/forked'
  | 'witness/alarm'
  | 'trust/kept'
  | 'version/waiting'
  | 'metrics/not-sent'
  | 'watch/red'
  | 'watch/green'

/** Everything that may stand beside a code: counts, codes, places in our code, names of nations, logs and processes. */
type Value =
  | 'codes'
  | 'earlier'
  | 'fault'
  | 'index'
  | 'item'
  | 'log'
  | 'method'
  | 'nation'
  | 'old'
  | 'origin'
  | 'own'
  | 'partner'
  | 'path'
  | 'reason'
  | 'role'
  | 'route'
  | 'size'
  | 'type'
  | 'version'
  | 'witness'

/** Values by name; what a code's row does not list is left out of its line. */
export type LogValues = { readonly [Name in Value]?: string | number }

/** Says something to whoever runs the node. */
export type Notice = (code: LogCode, values: LogValues) => void

/**
 * Everything that a nation's processes write to their log, with the only values that may stand beside each code. Never contents,
 * titles, people, or ids of items (`itemTag` stands for one). docs/en/reference/logs.md and docs/ja/reference/logs.md
 * explain each; a test compares them with this table.
 */
export const LOG_EVENTS: { readonly [Code in LogCode]: { readonly level: Level; readonly values: readonly Value[] } } = {
  'process/started': { level: 'info', values: ['nation', 'version'] },
  'process/stopped': { level: 'info', values: [] },
  'process/gone': { level: 'error', values: ['role'] },
  'process/fault': { level: 'error', values: ['fault'] },
  'http/fault': { level: 'error', values: ['method', 'route', 'fault'] },
  'identity/fault': { level: 'error', values: ['fault'] },
  'sender/fault': { level: 'error', values: ['fault'] },
  'sender/waiting': { level: 'warn', values: ['partner', 'reason'] },
  'inbox/refused': { level: 'warn', values: ['partner', 'type', 'reason'] },
  'partner/refused': { level: 'warn', values: ['path', 'reason', 'fault'] },
  'partner/tls-refused': { level: 'warn', values: [] },
  'register/row-does-not-hold': { level: 'error', values: ['item', 'log', 'index', 'reason'] },
  'tiles/rewritten': { level: 'warn', values: ['log', 'path'] },
  'tiles/not-written': { level: 'error', values: ['reason'] },
  'log/not-cosigned': { level: 'warn', values: ['log', 'reason'] },
  'log/behind': { level: 'error', values: ['log', 'own', 'witness'] },
  'log/forked': { level: 'error', values: ['log', 'own', 'witness'] },
  'witness/alarm': { level: 'error', values: ['reason', 'origin', 'old', 'size', 'earlier'] },
  'trust/kept': { level: 'error', values: ['role', 'reason'] },
  'version/waiting': { level: 'warn', values: ['reason'] },
  'metrics/not-sent': { level: 'warn', values: ['reason'] },
  'watch/red': { level: 'error', values: ['codes'] },
  'watch/green': { level: 'info', values: [] },
}
