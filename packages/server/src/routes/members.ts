import { idProblem } from '@holdfast/shared/internal/schema/value'
import type { Memberships } from '../membership.ts'
import { answer, RequestFailure } from './failure-response.ts'
import { checkNamed } from './named-user.ts'

/**
 * `GET members?user=…&space=…`: who may be in a space, asked live. A space that is foreign, unknown or revoked has nobody in it, for
 * whoever asks.
 */
export async function handleMembers(
  { memberships, version, now }: { memberships: Memberships; version: number; now: () => number },
  request: Request,
  user: string,
): Promise<Response> {
  checkNamed(request, user)
  const asked = new URL(request.url).searchParams
  const space = asked.get('space')
  if (space === null || idProblem(space)) throw new RequestFailure('bad_request', '"space" is the id of a space.')
  const members = await memberships.membersOf(user, space)
  const nonce = asked.get('q')?.slice(0, 64) ?? ''
  return answer({ version, user, nonce, now: now(), members, verdicts: [], deltas: [], cut: new Map(), hlc: 0 }, 200)
}
