/**
 * Hybrid logical clock in one safe integer: `milliseconds * 1024 + counter`; an overflowing counter carries into the milliseconds by
 * itself. Source: Kulkarni, Demirbas et al., "Logical Physical Clocks" (2014), with the two parts packed. Good until the year 2248.
 */
export type Hlc = number

const PER_MS = 1024

/** The HLC of a wall-clock time in milliseconds. */
export const hlcOf = (ms: number): Hlc => Math.max(0, Math.floor(ms)) * PER_MS

/** The wall-clock milliseconds inside an HLC. */
export const msOf = (hlc: Hlc): number => Math.floor(hlc / PER_MS)

/** The next value: at least the wall clock, always greater than anything seen. */
export const tick = (last: Hlc, now: number): Hlc => Math.max(last + 1, hlcOf(now))
