// sharing/app.ts
import { boolean, defineSchema, oneOf, string, table, timestamp } from '@holdfast/shared'
import * as v from 'valibot'

export const schema = defineSchema({
  version: 1,
  tables: {
    lists: table({ name: string() }), // one, in each list's space
    todos: table({ title: string(), done: boolean().default(false) }),
    invites: table({ space: string(), access: oneOf('read', 'write'), expires: timestamp() }), // where nobody is granted: only commands reach it
  },
})

export const rules = schema.rules({ lists: { update: ({ role }) => role === 'owner', delete: ({ role }) => role === 'owner' } })

const access = v.picklist(['read', 'write'])
export const commands = {
  // No bodies here: only the server can decide these.
  invite: schema.command({ args: v.object({ space: v.string(), access }), result: v.object({ secret: v.string() }) }),
  join: schema.command({ args: v.object({ secret: v.string() }), result: v.object({ space: v.string() }) }),
  leave: schema.command({ args: v.object({ space: v.string() }) }),
  restrict: schema.command({ args: v.object({ space: v.string(), userId: v.string() }) }),
  remove: schema.command({ args: v.object({ space: v.string(), userId: v.string() }) }),
}

export const app = { schema, rules, commands } // spread on both sides: nobody forgets half of it
