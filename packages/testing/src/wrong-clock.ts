import type { Clock } from './manual-clock.ts'

/** The clock of one machine: right, until it is set otherwise. */
export function wrongClock(clock: Pick<Clock, 'now'>) {
  let apart = 0
  let pace = 1
  let since = 0
  const now = (): number => clock.now() + apart + (pace - 1) * (clock.now() - since)
  return {
    now,
    /** Sets it apart from the others, in milliseconds; from there on it goes as they do. */
    skew(ms: number): void {
      ;[apart, pace] = [ms, 1]
    },
    /** Lets it go so many times as fast as the others, from what it shows; with 0 it stands still. */
    drift(times: number): void {
      ;[apart, pace, since] = [now() - clock.now(), times, clock.now()]
    },
  }
}
