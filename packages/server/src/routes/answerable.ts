import { HoldfastError } from '@holdfast/shared'
import { isVoid, type SyncRequest, type Void } from '@holdfast/shared/internal/protocol/request'

/** How many numbers all voids of a request may stand for. */
const VOIDS = 100_000
/** How many of those are answered. Each may have a verdict of its own that is looked up, and meanwhile nobody else is answered. */
const AT_ONCE = 5_000

/**
 * A request as far as it is answered: up to where its voids stand for too many numbers, in the middle of one if need be. A client sends
 * what it has heard nothing of again.
 *
 * @throws HoldfastError `bad_request` where voids stand for more than any client would say
 */
export function answerable(request: SyncRequest): SyncRequest {
  const { submissions } = request
  const voids = submissions.filter(isVoid)
  if (voids.reduce((sum, one) => sum + sizeOf(one), 0) > VOIDS) throw new HoldfastError('bad_request', 'A void of too many.')
  let left = AT_ONCE
  for (const [i, one] of submissions.entries()) {
    if (!isVoid(one)) continue
    const size = sizeOf(one)
    if (size > left) {
      const part = left > 0 ? [{ ...one, to: one.dot[1] + left - 1 }] : []
      return { ...request, submissions: [...submissions.slice(0, i), ...part] }
    }
    left -= size
  }
  return request
}

const sizeOf = ({ dot, to }: Void): number => to - dot[1] + 1
