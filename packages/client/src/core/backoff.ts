const FIRST = 500

/**
 * Full jitter: anything between nothing and the exponential bound, so that clients that failed together do not come back together. The
 * jitter is applied after the cap, else everyone at the cap would be in step again (faults.md C13). Milliseconds.
 */
export const backoff = (attempt: number, random: number, cap: number): number =>
  Math.round(random * Math.min(cap, FIRST * 2 ** Math.min(attempt - 1, 20)))
