import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import { decodeFrame, type Frame, type Numbered } from '@holdfast/shared/internal/protocol/frame'
import { type Address, openLive } from './http.ts'

/** Heartbeats come every 15 s; without a word for this long the stream is dead, whatever its socket says (faults.md C10, C14). */
const SILENCE = 40_000

export interface StreamHooks {
  readonly onOpen: () => void
  readonly onFrame: (frame: Frame) => void
  /** Called once; `code` is null when the server ended the stream in peace. */
  readonly onEnd: (failure: HoldfastError | null) => void
}

/** Server-sent events over `fetch`, so that a header carries the token. Returns how to close it, after which nothing is called. */
export function openStream(
  address: Address,
  reader: { readonly userId: string; readonly follow: 'all' | readonly string[] },
  hooks: StreamHooks,
): () => void {
  const stop = new AbortController()
  let open = true
  const end = (failure: HoldfastError | null) => {
    if (open) hooks.onEnd(failure)
    open = false
    stop.abort()
  }
  const run = async () => {
    const response = await openLive(address, reader, stop.signal)
    if (!open || !response.body) return
    hooks.onOpen()
    let expected = 0
    let spaces: Numbered = []
    for await (const data of readEvents(response.body, address.platform, () => stop.abort())) {
      if (!open) return
      const { frame, i } = decodeFrame(data, spaces)
      if (i !== undefined && i !== expected++) throw new HoldfastError('bad_response', 'A frame of the stream is missing.')
      if (frame.is === 'cut') spaces = [...frame.cut.keys()]
      if (frame.is === 'problem') throw new HoldfastError(frame.code as 'unauthenticated', 'The server ended the stream.')
      if (frame.is !== 'heartbeat') hooks.onFrame(frame)
    }
  }
  run().then(
    () => end(null),
    (error) => end(isHoldfastError(error) ? error : new HoldfastError('offline', 'The stream broke.', {}, error)),
  )
  return () => {
    open = false
    stop.abort()
  }
}

async function* readEvents(body: ReadableStream<Uint8Array>, platform: Address['platform'], silent: () => void): AsyncGenerator<string> {
  const reader = body.getReader()
  // Not a stream of its own: each frame would take the way through one more queue.
  const decoder = new TextDecoder()
  let text = ''
  // Only whole events are a sign of life: bytes alone may be anybody's.
  let cancel = platform.setTimer(SILENCE, silent)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const line of parts.flatMap((part) => part.split('\n'))) {
        if (!line.startsWith('data:')) continue
        cancel()
        cancel = platform.setTimer(SILENCE, silent)
        yield line.slice(5).trim()
      }
    }
  } finally {
    cancel()
    reader.cancel().catch(() => undefined)
  }
}
