import type { Platform } from '../platform.ts'
import type { Message } from './channel.ts'

/** Milliseconds in which other tabs finish what they were writing. */
const QUIET = 100

export interface StandstillParts {
  readonly platform: Platform
  readonly post: (message: Message) => void
  /** Nothing can be written in this tab, until it is released. */
  readonly holdWriting: (on: boolean) => void
  /** Waits until what this tab wrote is stored. */
  readonly settled: () => Promise<void>
}

/** Stops writing in all tabs of the device, and lets it go on. */
export function createStandstill({ platform, post, holdWriting, settled }: StandstillParts) {
  return {
    /** No tab writes any more, and what was written is stored. */
    async quiesce(): Promise<void> {
      holdWriting(true)
      post({ is: 'hold' })
      await settled()
      // Others need a moment to hear of it, and to store what they had begun.
      await new Promise<void>((resolve) => platform.setTimer(QUIET, resolve))
    },
    resume(): void {
      holdWriting(false)
      post({ is: 'go on' })
    },
  }
}
