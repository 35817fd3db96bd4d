import { MAX_ID_BYTES, type SpaceId } from '@holdfast/shared/internal/ids'
import { encodeFrame, type Numbers, numbersOf } from '@holdfast/shared/internal/protocol/frame'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import { faultIn } from '@holdfast/shared/internal/protocol/shape'
import type { User } from '../hooks.ts'
import { errorText, type Log } from '../log.ts'
import type { LiveStream, Taker } from '../notify/live-stream.ts'
import type { Notifier } from '../notify/notifier.ts'
import type { Platform } from '../platform.ts'
import { readJson } from './body.ts'
import { RequestFailure } from './failure-response.ts'
import { checkNamed } from './named-user.ts'

const utf8 = new TextEncoder()

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Proxies that buffer make minutes of seconds.
  'x-accel-buffering': 'no',
}

/** Milliseconds in which a reader has to take the end of his stream; then his connection is broken off. */
const GRACE = 5_000

/** Bytes of a list of as many spaces as there may be, all of the longest ids: as much as their user makes a stream hold anyway. */
const LIST = LIMITS.spaces * (MAX_ID_BYTES + 4)

interface LiveWorld {
  readonly notifier: Notifier
  readonly log: Log
  readonly platform: Platform
}

/**
 * `GET live?user=…&follow=…`, or `POST live?user=…` with the list as its body: the frames of a stream as server-sent events, each made
 * only when the reader has room for it. Who names the user that he thinks he is gets no other user's stream.
 */
export async function handleLive({ notifier, log, platform }: LiveWorld, request: Request, user: User): Promise<Response> {
  checkNamed(request, user.id)
  const follow = request.method === 'POST' ? checkFollow(await readJson(request, LIST)) : followOf(request)
  const stream = notifier.subscribe(user, follow)
  request.signal.addEventListener('abort', () => stream.close())
  if (request.signal.aborted) stream.close()
  return new Response(eventsOf(stream, { log, platform }), { headers: HEADERS })
}

/** `follow=all`, or one `follow` for each space. */
function followOf(request: Request): SyncRequest['follow'] {
  const follow = checkFollow(new URL(request.url).searchParams.getAll('follow'))
  return follow.length === 1 && follow[0] === 'all' ? 'all' : follow
}

function checkFollow(follow: unknown): readonly SpaceId[] {
  if (!isFollow(follow) || follow.length === 0) throw new RequestFailure('bad_request', `"follow" is "all" or up to ${LIMITS.spaces} ids.`)
  return follow
}

const isFollow = (value: unknown): value is readonly SpaceId[] => faultIn({ list: 'text', max: LIMITS.spaces }, value) === undefined

function eventsOf(stream: LiveStream, { log, platform }: Omit<LiveWorld, 'notifier'>): ReadableStream<Uint8Array> {
  let i = 0
  let numbers: Numbers = new Map()
  let isOver = false
  /** A stream ends once, and what comes to it later, of a look that took longer, throws no more. */
  const end = (how: () => void): void => {
    if (isOver) return
    isOver = true
    how()
  }
  const takerOf = (controller: ReadableStreamDefaultController<Uint8Array>): Taker => ({
    give(frame) {
      if (isOver) return
      if (!frame) return end(() => controller.close())
      if (frame.is === 'cut') numbers = numbersOf(frame.cut.keys())
      const text = encodeFrame(frame, frame.is === 'heartbeat' ? i : i++, numbers)
      controller.enqueue(utf8.encode(`data:${text}\n\n`))
    },
    fail(error) {
      log({ level: 'error', event: 'stream_failed', error: errorText(error) })
      stream.close()
      end(() => controller.close())
    },
    // Bytes that nobody takes would hold the connection for ever: an error lets the HTTP server drop it.
    ended: () => void platform.setTimer(() => end(() => controller.error(new Error('The reader takes nothing.'))), GRACE),
  })
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => stream.attach(takerOf(controller)),
      pull: () => stream.ask(),
      cancel() {
        isOver = true
        stream.close()
      },
    },
    { highWaterMark: 0 },
  )
}
