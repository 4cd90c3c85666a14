/** The status of each code that may reach a caller. */
export const statuses: Readonly<Record<string, number>> = { 'node/refused': 403, 'node/partner-unreachable': 503 }
