import { HoldfastError } from '@holdfast/shared'
import { base64url, homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import type { SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import { checkId } from '@holdfast/shared/internal/schema/value'
import type { ServerVerbs } from '../hooks.ts'
import { accessTo, homeOwner, membersIn } from './access.ts'
import type { GrantRow } from './changes.ts'
import type { Engine } from './engine.ts'
import type { Overlay } from './overlay.ts'
import type { Sight } from './sight.ts'

const invalid = (what: string): HoldfastError => new HoldfastError('invalid_value', what)

/** What bodies of the server's own can do besides writing; `secrets` are those that an earlier run of the same body was given. */
export function serverVerbs(
  engine: Engine,
  { sight, overlay, secrets }: { sight: Sight; overlay: Overlay; secrets: string[] },
): ServerVerbs {
  const { grants } = overlay
  let given = 0

  function keepsGrants(): void {
    if (engine.appAccess) throw invalid('This app keeps its own membership: what changes there it says with accessChanged().')
  }

  const accessOf = (space: SpaceId, user: string): SpaceAccess | undefined => sight.now(() => accessTo({ user }, space, grants))

  /** Gives a user what `next` makes of what he has. */
  function change(space: SpaceId, user: string, next: (held: SpaceAccess | undefined) => Pick<GrantRow, 'access' | 'role'>): void {
    keepsGrants()
    checkId(space, 'id of a space')
    checkId(checkId(user, 'id of a user') && homeSpace(user), 'id of a user')
    const held = accessOf(space, user)
    const { access, role } = next(held)
    if (access === (held?.access ?? null) && role === (held?.role ?? null)) return
    const owner = homeOwner(space)
    if (owner === user) throw invalid('A user keeps his own space as it is.')
    if (owner !== undefined && access !== null) throw invalid('A home is its own user’s, and nobody else’s.')
    grants.set({ user, space, access, role })
  }

  return {
    accessOf(space, user) {
      keepsGrants()
      return accessOf(checkId(space, 'id of a space'), checkId(user, 'id of a user'))
    },
    members(space) {
      keepsGrants()
      return sight.now(() => membersIn(checkId(space, 'id of a space'), grants))
    },
    grant(space, user, access, role) {
      const asked = checkGrant(access, role)
      change(space, user, (held) => ({
        access: held?.access === 'write' ? 'write' : asked.access,
        role: homeOwner(space) === user ? (held?.role ?? null) : (asked.role ?? held?.role ?? null),
      }))
    },
    revoke: (space, user) => change(space, user, () => ({ access: null, role: null })),
    setAccess: (space, user, access, role) => change(space, user, () => ({ role: null, ...checkGrant(access, role) })),
    secret() {
      if (!engine.randomBytes) throw new Error('This engine was given nothing random.')
      const secret = secrets[given] ?? base64url(engine.randomBytes(16))
      secrets[given++] = secret
      return secret
    },
  }
}

function checkGrant(access: unknown, role: unknown): { access: SpaceAccess['access']; role?: string } {
  if (access !== 'read' && access !== 'write') throw invalid('Access is "read" or "write".')
  return role === undefined ? { access } : { access, role: checkId(role, 'role') }
}
