import type { Who } from '@holdfast/shared'
import * as v from 'valibot'
import { LIST, schema, type Todo } from './schema.ts'

const owner = ({ role }: Who) => role === 'owner'
const hasTitle = ({ after }: { after: Todo }) => after.title.trim() !== ''
const never = () => false

/** Who may write what. The page asks them for its buttons and at the call, the server decides by them. */
const rules = schema.rules({
  lists: { insert: ({ after, role }) => role === 'owner' && after.id === LIST, update: owner, delete: owner },
  todos: { insert: hasTitle, update: hasTitle },
  invites: { insert: never, update: never, delete: never },
})

const space = v.string()
const access = v.picklist(['read', 'write'])

/** What only the server can do: none has a body here. Called offline they wait in the queue like any write. */
const commands = {
  /** Makes a link that lets people into a list, for a week. */
  invite: schema.command({ args: v.object({ space, access }), result: v.object({ secret: v.string() }) }),
  join: schema.command({ args: v.object({ secret: v.string() }), result: v.object({ space }) }),
  /** Leaves a list; with the last one who leaves it is deleted. */
  leave: schema.command({ args: v.object({ space }) }),
  /** Says what a member may do from now on; `null` removes him. */
  setAccess: schema.command({ args: v.object({ space, user: v.string(), access: v.nullable(access) }) }),
}

/** Spread on both sides, so that nobody forgets half of it. */
export const app = { schema, rules, commands }
