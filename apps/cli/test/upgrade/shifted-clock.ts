/** Preloaded into each process of an upgrade test: the clock shows the days in which its data was made. */
const shiftMilliseconds = Number(process.env['ENTENTE_TEST_SHIFT'] ?? '0') * 1_000
const Real = Date

globalThis.Date = class extends Real {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(Real.now() + shiftMilliseconds)
    else super(...(given as [number]))
  }
  static override now(): number {
    return Real.now() + shiftMilliseconds
  }
} as DateConstructor
