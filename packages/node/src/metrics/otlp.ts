import { BOUNDS_MILLISECONDS, type TimesTaken } from './instruments.ts'

/** What a value is about, where there is more than one of its kind. */
export type Attributes = Readonly<Record<string, string>>

/** One metric, in this project's words. `sum` only grows while the process lives, `gauge` is how it is now. */
export type Metric = { readonly name: string; readonly unit: string } & (
  | { readonly kind: 'sum' | 'gauge'; readonly points: readonly { readonly value: number; readonly about?: Attributes }[] }
  | { readonly kind: 'times'; readonly points: readonly { readonly value: TimesTaken; readonly about?: Attributes }[] }
)

/** `AGGREGATION_TEMPORALITY_CUMULATIVE`: every message says all since the start, so that a lost one loses nothing. */
const CUMULATIVE = 2
const SCOPE = 'entente'

/**
 * The body of an OTLP/HTTP metrics export in its JSON encoding (opentelemetry-proto, `ExportMetricsServiceRequest`, as the OTLP
 * specification says: 64-bit integers are decimal strings, enumerations numbers, members in lowerCamelCase). Times in seconds.
 */
export function otlpBody(
  metrics: readonly Metric[],
  given: { readonly resource: Attributes; readonly startedAt: number; readonly now: number },
): string {
  const when = { startTimeUnixNano: nanoseconds(given.startedAt), timeUnixNano: nanoseconds(given.now) }
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: attributes(given.resource) },
        scopeMetrics: [{ scope: { name: SCOPE }, metrics: metrics.map((metric) => encoded(metric, when)) }],
      },
    ],
  })
}

type When = { readonly startTimeUnixNano: string; readonly timeUnixNano: string }

function encoded(metric: Metric, when: When): object {
  const { name, unit } = metric
  if (metric.kind === 'times') {
    const dataPoints = metric.points.map(({ value, about = {} }) => ({
      ...when,
      attributes: attributes(about),
      count: String(value.count),
      sum: value.sumMilliseconds,
      bucketCounts: value.cells.map(String),
      explicitBounds: BOUNDS_MILLISECONDS,
    }))
    return { name, unit, histogram: { aggregationTemporality: CUMULATIVE, dataPoints } }
  }
  const dataPoints = metric.points.map(({ value, about = {} }) => ({ ...when, attributes: attributes(about), asInt: String(value) }))
  return metric.kind === 'sum'
    ? { name, unit, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } }
    : { name, unit, gauge: { dataPoints } }
}

function attributes(given: Attributes): object[] {
  return Object.entries(given).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}

function nanoseconds(seconds: number): string {
  return `${seconds}000000000`
}
