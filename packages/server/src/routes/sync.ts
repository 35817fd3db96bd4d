import { isHoldfastError } from '@holdfast/shared'
import { decodeRequest, type SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { Committer } from '../committer/committer.ts'
import type { Healing } from '../healing.ts'
import type { User } from '../hooks.ts'
import { type Memberships, spacesOf } from '../membership.ts'
import type { Platform } from '../platform.ts'
import { answerable } from './answerable.ts'
import { readJson } from './body.ts'
import { answerZipped, failureOf, RequestFailure, statusOf } from './failure-response.ts'

interface SyncWorld {
  readonly committer: Committer
  readonly healing: Healing
  readonly memberships: Memberships
  readonly version: number
  readonly now: () => number
  readonly platform: Platform
  readonly maxBytes: number
}

/** `POST sync`, or `POST preview`: reads a request, has it decided, answers. Rejects with what `failure-response.ts` makes an answer of. */
export async function handleSync(
  how: 'submit' | 'preview',
  { committer, healing, memberships, version, now, platform, maxBytes }: SyncWorld,
  request: Request,
  user: User,
): Promise<Response> {
  const decoded = decode(await readJson(request, maxBytes))
  try {
    const reader = await memberships.readerOf(user.id, spacesOf(decoded))
    const done = await committer[how](decoded, { ...reader, as: user })
    if (how === 'submit') healing.heard(decoded, done)
    const response = { deltas: [], cut: new Map(), hlc: 0, ...done, version, user: user.id, nonce: decoded.nonce, now: now() }
    return await answerZipped(response, statusOf(done), { request, platform })
  } catch (error) {
    const isMeant = isHoldfastError(error, 'rate_limited') || isHoldfastError(error, 'too_large')
    const message = isMeant ? error.message : 'The server could not answer.'
    throw Object.assign(new RequestFailure(failureOf(error), message, decoded.nonce), { cause: error })
  }
}

function decode(body: unknown): SyncRequest {
  try {
    return answerable(decodeRequest(body))
  } catch (error) {
    const nonce = typeof body === 'object' && body !== null && 'q' in body && typeof body.q === 'string' ? body.q.slice(0, 64) : ''
    throw new RequestFailure(failureOf(error), isHoldfastError(error) ? error.message : 'The request is malformed.', nonce)
  }
}
