import { HoldfastError } from '@holdfast/shared'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { deltaText } from '@holdfast/shared/internal/protocol/frame'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { Commit } from '../engine/batch.ts'
import type { User } from '../hooks.ts'
import { randomFraction } from '../platform.ts'
import { LiveStream, type StreamWorld } from './live-stream.ts'

export interface NotifierOptions {
  /** Milliseconds between two signs of life. */
  readonly heartbeat: number
  /** Streams that one user may hold. */
  readonly streamsPerUser: number
  /** Milliseconds after which a stream is ended, so that its token is asked for again; up to a quarter less, so that not all return at once. */
  readonly lifetime: number
}

/** The live streams of this process. */
export interface Notifier {
  /**
   * Opens a stream, which ends with the user's token; from here on nothing that is published is missed.
   *
   * @throws HoldfastError `rate_limited`, `closed`
   */
  subscribe(user: User, follow: SyncRequest['follow']): LiveStream
  publish(number: number, commits: readonly Commit[]): void
  /** What a user may read has changed. */
  accessChanged(user: string): void
  /** Who is in these spaces has changed. */
  membersChanged(spaces: ReadonlySet<SpaceId>): void
  readonly streams: number
  /** Ends all streams. */
  close(): void
}

/** Of a heartbeat. */
const TURNS = 15

const NOTHING: Commit = { deltas: [], hlc: 0, user: '' }

export function createNotifier(world: StreamWorld, options: NotifierOptions): Notifier {
  const streams = new Map<string, Set<LiveStream>>()
  const { platform } = world
  let count = 0
  let closed = false

  // Streams beat by turns, in the order in which they came: one timer for all of them, and not all look at the storage at once.
  const turns = Array.from({ length: TURNS }, () => new Set<LiveStream>())
  let turn = 0
  let ticking = false

  function tick(): void {
    ticking = count > 0
    if (!ticking) return
    platform.setTimer(() => {
      turn = (turn + 1) % TURNS
      for (const stream of [...(turns[turn] ?? [])]) stream.beat()
      tick()
    }, options.heartbeat / TURNS)
  }

  return {
    subscribe({ id: user, expires = Number.POSITIVE_INFINITY }, follow) {
      if (closed) throw new HoldfastError('closed', 'This server is shutting down.')
      const mine = streams.get(user) ?? new Set<LiveStream>()
      if (mine.size >= options.streamsPerUser) throw new HoldfastError('rate_limited', `A user may hold ${options.streamsPerUser} streams.`)
      const stream: LiveStream = new LiveStream(world, {
        user,
        follow,
        onClose() {
          stopAging()
          beating?.delete(stream)
          count--
          mine.delete(stream)
          if (mine.size === 0) streams.delete(user)
        },
      })
      const beating = turns[turn]?.add(stream)
      const lifetime = options.lifetime * (1 - randomFraction(platform) / 4)
      const stopAging = platform.setTimer(() => stream.close(), Math.min(lifetime, Math.max(1, expires - platform.now())))
      streams.set(user, mine.add(stream))
      count++
      if (!ticking) tick()
      return stream
    },
    publish(number, commits) {
      if (count === 0) return
      // One in which nothing was applied is told too, or the next would look as if something was missed.
      for (const commit of commits.length > 0 ? commits : [NOTHING]) {
        const size = commit.deltas.reduce((sum, delta) => sum + deltaText(delta).length, 0)
        for (const mine of streams.values()) for (const stream of mine) stream.publish({ number, commit, size })
      }
    },
    accessChanged(user) {
      for (const stream of streams.get(user) ?? []) stream.lookAgain()
    },
    membersChanged(spaces) {
      for (const mine of streams.values()) for (const stream of mine) stream.membersChanged(spaces)
    },
    get streams() {
      return count
    },
    close() {
      closed = true
      for (const mine of [...streams.values()]) for (const stream of [...mine]) stream.close()
    },
  }
}
