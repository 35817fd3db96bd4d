// sharing/config.ts
import { defineServer, refuse } from '@holdfast/server'
import { app } from './app.ts'
import { userOf } from './users.ts'

const INVITES = 'server:invites' // a space that nobody is granted
const WEEK = 7 * 24 * 3600_000

export const config = defineServer({
  ...app,
  authenticate: (request) => userOf(request),
  createSpace: ({ space }) => space.startsWith('list_'),
  run: {
    invite(tx, { space, access }, server) {
      if (server.access(space)?.role !== 'owner') throw refuse('not_owner', 'Only its owner can share a list.')
      const secret = server.secret()
      tx.space(INVITES).invites.insert({ id: secret, space, access, expires: tx.now + WEEK })
      return { secret }
    },
    join(tx, { secret }, server) {
      const invite = tx.space(INVITES).invites.get(secret)
      if (!invite || invite.expires < tx.now) throw refuse('link_expired', 'This link is no longer valid.')
      server.grant(invite.space, server.user.id, invite.access) // with the transaction, or not at all
      return { space: invite.space }
    },
    leave(_tx, { space }, server) {
      server.revoke(space, server.user.id)
    },
    restrict(_tx, { space, userId }, server) {
      if (server.access(space)?.role !== 'owner') throw refuse('not_owner', 'Only its owner can make somebody a reader.')
      server.setAccess(space, userId, 'read')
    },
    remove(_tx, { space, userId }, server) {
      if (server.access(space)?.role !== 'owner') throw refuse('not_owner', 'Only its owner can remove somebody.')
      server.revoke(space, userId)
    },
  },
})
