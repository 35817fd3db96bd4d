import type { Platform } from '../platform.ts'
import type { Message } from './channel.ts'

/** Milliseconds in which other tabs finish what they were writing. */
const QUIET = 100
/** Milliseconds after which a tab that was told to hold goes on by itself: whoever said so may be gone. */
const HELD = 10_000

export interface StandstillParts {
  readonly platform: Platform
  readonly post: (message: Message) => void
  /** Nothing can be written in this tab, until it is released. */
  readonly holdWriting: (on: boolean) => void
  /** Waits until what this tab wrote is stored. */
  readonly settled: () => Promise<void>
}

/** Stops writing in all tabs of the device, and lets it go on, or says that there is nothing left to write to. */
export function createStandstill({ platform, post, holdWriting, settled }: StandstillParts) {
  let goOn = () => {}
  let erased = false

  return {
    /** What another tab says of it. */
    hear(message: Message): void {
      if (message.is === 'erase') erased = true
      if (message.is !== 'hold' && message.is !== 'go on') return
      goOn()
      if (message.is === 'go on') return
      holdWriting(true)
      const cancel = platform.setTimer(HELD, () => goOn())
      goOn = () => {
        cancel()
        holdWriting(false)
        goOn = () => {}
      }
    },
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
    end(): void {
      erased = true
      post({ is: 'erase' })
    },
    /** Whether that was said: here, or by another tab. */
    isErased: () => erased,
  }
}
