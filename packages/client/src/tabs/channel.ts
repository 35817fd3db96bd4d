import type { Revision, StoreEvent } from '../core/event.ts'
import type { SyncReport } from '../core/status.ts'
import type { Platform } from '../platform.ts'

/** What tabs of one device tell each other. Everything here can be lost: the store is what counts. */
export type Message =
  /** Something is stored at this revision; it may carry it. */
  | { readonly is: 'revision'; readonly revision: Revision; readonly event?: StoreEvent }
  /** "Leader, are you there?", and of which version of the schema the app is that asks. */
  | { readonly is: 'ping'; readonly from: string; readonly version?: number }
  | { readonly is: 'pong'; readonly to: string; readonly visible: boolean }
  /** How syncing goes, from the tab that syncs. */
  | ({ readonly is: 'sync' } & SyncReport)
  /** "Leader, sync now." */
  | { readonly is: 'wake' }
  /** Who is in these spaces has changed. */
  | { readonly is: 'members'; readonly spaces: readonly string[] }
  /** "Write nothing just now." */
  | { readonly is: 'hold' | 'go on' }
  /** The database is being deleted. */
  | { readonly is: 'erase' }

export interface Channel {
  post(message: Message): void
  close(): void
}

const KINDS = ['revision', 'ping', 'pong', 'sync', 'wake', 'members', 'hold', 'go on', 'erase']

/** A typed BroadcastChannel; what an older or newer version of the app says in other words is not heard. */
export function openChannel(platform: Platform, name: string, hear: (message: Message) => void): Channel {
  const channel = platform.channel(name)
  channel.onmessage = ({ data }) => {
    if (typeof data === 'object' && data !== null && KINDS.includes(data.is)) hear(data as Message)
  }
  let closed = false
  return {
    // What ends a moment after the channel still says so: nobody needs to hear it.
    post(message) {
      if (!closed) channel.postMessage(message)
    },
    close() {
      closed = true
      channel.close()
    },
  }
}

/** A write of more operations than this is read from the disk by those who are there: telling of it would cost more, also where nobody is. */
const SHORT = 64

/** Word of what is stored now. */
export const newsOf = (revision: Revision, event: StoreEvent): Message => ({
  is: 'revision',
  revision,
  ...(event.e === 'write' && event.transaction.operations.length <= SHORT ? { event } : {}),
})
