import { defineServer, refuse, type ServerTx } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { app } from './app.ts'
import { isList, type schema } from './schema.ts'

/** A space that nobody is granted. */
const INVITES = 'server:invites'
const WEEK = 7 * 24 * 3_600_000

type InviteTx = Pick<ServerTx<typeof schema>, 'space'>

/** Whoever has been put out, or down, is not to come back by a link he has kept. */
function endLinks(tx: InviteTx, space: string): void {
  const { invites } = tx.space(INVITES)
  for (const { id } of invites.where({ space }).read()) invites.delete(id)
}

/** The sync server, but for where it keeps its data. A list holds so many items. */
export const configure = ({ maxItems }: { readonly maxItems: number }) =>
  defineServer({
    ...app,
    authenticate: unsafeTrustToken,
    createSpace: ({ space }) => isList(space),
    validate({ changes, read }) {
      for (const { space, table, before, after } of changes) {
        if (table !== 'todos' || !after) continue
        if (after.title.length > 100) return refuse('title_too_long', 'A title has at most 100 characters.')
        // What is full can still be changed and emptied.
        if (!before && read.space(space).todos.count().read() > maxItems)
          return refuse('list_full', `A list holds ${maxItems.toLocaleString('en-GB')} items.`)
      }
      return undefined
    },
    run: {
      invite(tx, { space, access }, server) {
        if (!isList(space) || server.access(space)?.role !== 'owner') throw refuse('not_owner', 'Only its owner can share a list.')
        const secret = server.secret()
        tx.space(INVITES).invites.insert({ id: secret, space, access, expires: tx.now + WEEK })
        return { secret }
      },
      join(tx, { secret }, server) {
        const invite = tx.space(INVITES).invites.get(secret)
        if (!invite || invite.expires < tx.now) throw refuse('link_expired', 'This link is no longer valid. Ask for a new one.')
        server.grant(invite.space, server.user.id, invite.access)
        return { space: invite.space }
      },
      leave(tx, { space }, server) {
        if (!isList(space) || !server.access(space)) throw refuse('not_member', 'You are not in this list.')
        const others = server.members(space).filter(({ userId }) => userId !== server.user.id)
        if (others.length === 0) {
          endLinks(tx, space)
          const { lists, todos } = tx.space(space)
          for (const { id } of lists.read()) lists.delete(id)
          for (const { id } of todos.read()) todos.delete(id)
        } else if (server.access(space)?.role === 'owner') {
          throw refuse('owner_stays', 'Its owner cannot leave a list while others are in it.')
        }
        server.revoke(space, server.user.id)
      },
      setAccess(tx, { space, user, access }, server) {
        if (!isList(space) || server.access(space)?.role !== 'owner') throw refuse('not_owner', 'Only its owner decides who is in a list.')
        if (user === server.user.id) throw refuse('owner_stays', 'An owner cannot put himself out.')
        if (!server.accessOf(space, user)) throw refuse('not_member', 'That person is no longer in this list.')
        if (access !== 'write') endLinks(tx, space)
        if (access) server.setAccess(space, user, access)
        else server.revoke(space, user)
      },
    },
  })
