import type { Database } from '@holdfast/client'
import { defineSchema, number, string, table } from '@holdfast/shared'
import * as v from 'valibot'
import type { Actions, Doing } from './simulation.ts'

// Registers, and lists that are only appended to, for a checker from outside: what `history` tells of them is in the form of Jepsen's Elle.

export const schema = defineSchema({
  version: 1,
  tables: { registers: table({ value: number() }), lists: table({ items: string() }) },
})

export const commands = {
  // Decided where everything has been seen, so the order of the log is the order of the list.
  append: schema.command({
    args: v.object({ space: v.string(), key: v.string(), value: v.number() }),
    run(tx, { space, key, value }) {
      const { lists } = tx.space(space)
      const items = lists.get(key)?.items ?? ''
      lists.upsert(key, { items: `${items} ${value}`.trim() })
    },
  }),
}
export const server = { schema, commands }

type App = Database<typeof schema, typeof commands>

/** What a tab shows when nothing of its own waits: its own guesses are no history. */
const isSettled = ({ db }: Doing<App>): boolean => db.status.read().state === 'synced'
const keyed = ({ space, random }: Doing<App>) => {
  const id = random.pick(['x', 'y']) ?? 'x'
  return { id, key: `${space} ${id}` }
}

const typed: Actions<App> = {
  write(doing) {
    const { id, key } = keyed(doing)
    const value = doing.random.int(2 ** 31)
    const write = doing.db.space(doing.space).registers.upsert(id, { value })
    doing.record([['w', key, value]], write)
    return write
  },
  append(doing) {
    const { id, key } = keyed(doing)
    const value = doing.random.int(2 ** 31)
    const write = doing.db.run.append({ space: doing.space, key: id, value })
    doing.record([['append', key, value]], write)
    return write
  },
  'read a register'(doing) {
    const { id, key } = keyed(doing)
    if (isSettled(doing)) doing.record([['r', key, doing.db.space(doing.space).registers.get(id)?.value ?? null]])
  },
  'read a list'(doing) {
    const { id, key } = keyed(doing)
    const items = doing.db.space(doing.space).lists.get(id)?.items
    if (isSettled(doing)) doing.record([['r', key, items?.split(' ').map(Number) ?? []]])
  },
}
export const actions = typed as unknown as Actions
