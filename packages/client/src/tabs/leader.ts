import type { Platform } from '../platform.ts'
import type { Message } from './channel.ts'

/** How often a follower asks, and how long it waits for an answer, in milliseconds. */
const ASK_EVERY = 4_000
const ANSWER_WITHIN = 2_500
/** How long a tab that the store has refused stands back, in milliseconds. */
const STAND_BACK = 1_000
/** How long a tab waits for the one that syncs to have synced. */
const SETTLES_WITHIN = 10_000

export interface Election {
  readonly platform: Platform
  readonly name: string
  /** Names this tab among the others. */
  readonly me: string
  readonly post: (message: Message) => void
  /** The version of the schema of the app in this tab. */
  readonly version: number
  /** Whether the server does not take it. */
  readonly isOutdated: () => boolean
  /** This tab leads from now on, until the signal. */
  readonly onLead: () => void
  readonly onLose: () => void
  /** Every few seconds: a tab that was killed between storing and telling left nobody to hear of it. */
  readonly onBeat: () => void
}

/**
 * One tab syncs: the holder of a Web Lock. A frozen tab keeps its lock, so a follower pings the leader and steals after no answer, and
 * from a hidden leader if it is visible itself (faults.md A9), or from one that is too old for the server if it is newer. Two may believe
 * for a moment that they lead: the store's fence decides.
 */
export function runForLeader({ platform, name, me, post, version, isOutdated, onLead, onLose, onBeat }: Election) {
  let leading = false
  let closed = false
  let release = () => {}
  let answered = true
  let cancelTimer = () => {}
  let waiting = new AbortController()

  const lead = () =>
    new Promise<void>((resolve) => {
      if (closed) return resolve()
      leading = true
      release = resolve
      onLead()
    })

  const lose = () => {
    if (!leading) return
    leading = false
    release()
    onLose()
  }

  function queue(steal: boolean): void {
    if (closed) return
    if (!platform.locks) {
      void lead()
      return
    }
    waiting.abort()
    waiting = new AbortController()
    const options = steal ? { steal: true } : { signal: waiting.signal }
    platform.locks.request(name, options, lead).then(
      () => undefined,
      (error) => {
        const wasLeading = leading
        lose()
        // Another tab stole the lock: stand in line again. An aborted wait was ours to abort.
        if (wasLeading || !(error instanceof DOMException && error.name === 'AbortError')) queue(false)
      },
    )
  }

  function ask(): void {
    if (closed) return
    onBeat()
    if (leading) {
      cancelTimer = platform.setTimer(ASK_EVERY, ask)
      return
    }
    answered = false
    post({ is: 'ping', from: me, version })
    cancelTimer = platform.setTimer(ANSWER_WITHIN, () => {
      if (!answered && !leading) queue(true)
      cancelTimer = platform.setTimer(ASK_EVERY, ask)
    })
  }

  queue(false)
  cancelTimer = platform.setTimer(ASK_EVERY, ask)

  return {
    get leading() {
      return leading
    },
    hear(message: Message): void {
      if (message.is === 'ping' && leading) {
        const isNewer = (message.version ?? 0) > version
        post({ is: 'pong', to: message.from, visible: platform.isVisible() && !(isNewer && isOutdated()) })
      }
      // Only a leader says this: one that has just taken over answers all who asked the one before.
      if (message.is === 'sync') answered = true
      if (message.is !== 'pong' || message.to !== me) return
      answered = true
      if (!leading && !message.visible && platform.isVisible()) queue(true)
    },
    /** Gives the lead up because the store says that another tab has it; stands in line again, or (without locks) asks for that tab. */
    yield(): void {
      lose()
      // Not at once: where nobody else leads, what the store says of this tab may still be so.
      if (!platform.locks) return
      platform.setTimer(STAND_BACK, () => {
        // Who asks may have taken the lead meanwhile.
        if (!leading) queue(false)
      })
    },
    close(): void {
      closed = true
      cancelTimer()
      waiting.abort()
      release()
    },
  }
}

/** For a tab that does not lead: it asks the one that does to sync, and waits until that says that it has, or for as long as a person would. */
export function awaitLeader(platform: Platform, post: Election['post']) {
  const settling = new Set<() => void>()
  return {
    settles: () =>
      new Promise<void>((resolve) => {
        const tell = () => {
          settling.delete(tell)
          cancel()
          resolve()
        }
        const cancel = platform.setTimer(SETTLES_WITHIN, tell)
        settling.add(tell)
        post({ is: 'wake' })
      }),
    /** The leader says that it has synced. */
    settled(): void {
      for (const tell of settling) tell()
    },
  }
}
