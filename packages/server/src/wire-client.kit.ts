import type { Cursor, Cut } from '@holdfast/shared/internal/history/history-hash'
import { isCreatable, type SessionId, type SpaceId } from '@holdfast/shared/internal/ids'
import { decodeFrame, type Frame, type Numbered } from '@holdfast/shared/internal/protocol/frame'
import { encodeRequest, type Outgoing, spacesNamed, type Void, type WireRequest } from '@holdfast/shared/internal/protocol/request'
import { decodeResponse, type SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { onCondition, type Reviewed, readReviewed } from '@holdfast/shared/internal/protocol/review'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'

type Fetch = (request: Request) => Response | Promise<Response>

/** A transaction as a test writes it: one dot, any operations, and only what is not usual. Long random ids are taken to begin with it. */
export const tx = (session: SessionId, n: number, operations: readonly unknown[], more: Partial<Transaction> = {}): Transaction => ({
  dot: [session, n],
  version: 1,
  operations: operations as Transaction['operations'],
  base: {},
  seen: {},
  at: 1000,
  begins: spacesNamed(operations).filter(isCreatable),
  ...more,
})

export const voided = (session: SessionId, n: number, reason = 'discarded', to = n): Void => ({ dot: [session, n], reason, to })

export interface Ask {
  readonly user?: string
  readonly version?: number
  readonly follow?: Outgoing['follow']
  readonly cursors?: Record<SpaceId, Cursor>
  readonly pull?: boolean
  readonly known?: Record<SessionId, number>
  readonly unproven?: readonly SessionId[]
  readonly tx?: Outgoing['submissions']
  readonly tag?: string
  readonly positions?: Record<SpaceId, Cursor[]>
  readonly fresh?: readonly SpaceId[]
  /** Takes segments, but not of these spaces. */
  readonly segments?: Outgoing['segments']
  /** Where these spaces have to be still. */
  readonly condition?: Cut
}

let nonces = 0

/** The body of a request. */
export function bodyOf(ask: Ask & { user: string }): WireRequest {
  const body = encodeRequest({
    version: ask.version ?? 1,
    user: ask.user,
    nonce: `q${++nonces}`,
    follow: ask.follow ?? 'all',
    cursors: new Map(Object.entries(ask.cursors ?? {})),
    pull: ask.pull ?? true,
    known: new Map(Object.entries(ask.known ?? {})),
    unproven: new Set(ask.unproven ?? []),
    submissions: ask.tx ?? [],
    spacesTag: ask.tag,
    positions: ask.positions && new Map(Object.entries(ask.positions)),
    fresh: new Set(ask.fresh ?? []),
    segments: ask.segments,
  })
  return ask.condition ? onCondition(body, ask.condition) : body
}

/** Speaks the protocol without any of a client's cleverness. */
export function wireClient(fetch: Fetch, token: string, base = 'http://test/holdfast') {
  const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, path = 'sync') =>
    await fetch(
      new Request(`${base}/${path}`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      }),
    )
  const exchange = async (path: string, ask: Ask): Promise<SyncResponse & Reviewed & { status: number }> => {
    const response = await post(JSON.stringify(bodyOf({ user: token, ...ask })), {}, path)
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { ...decodeResponse(bytes), ...readReviewed(bytes), status: response.status }
  }
  return {
    post,
    sync: (ask: Ask = {}) => exchange('sync', ask),
    preview: (ask: Ask = {}) => exchange('preview', ask),
    async live(query = 'follow=all', signal?: AbortSignal): Promise<FrameReader> {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(new Request(`${base}/live?${query}`, { headers, ...(signal ? { signal } : {}) }))
      return new FrameReader(response)
    },
  }
}

/** Reads the frames of a stream one by one. */
export class FrameReader {
  readonly response: Response
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #decoder = new TextDecoder()
  #text = ''
  #spaces: Numbered = []

  constructor(response: Response) {
    this.response = response
    this.#reader = response.body?.getReader()
  }

  /** The next frame; `undefined` at the end. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end >= 0) {
        const event = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 2)
        const { frame } = decodeFrame(event.replace(/^data:/, ''), this.#spaces)
        if (frame.is === 'cut') this.#spaces = [...frame.cut.keys()]
        return frame
      }
      const chunk = await this.#reader?.read()
      if (!chunk || chunk.done) return undefined
      this.#text += this.#decoder.decode(chunk.value, { stream: true })
    }
  }

  async cancel(): Promise<void> {
    await this.#reader?.cancel()
  }
}
