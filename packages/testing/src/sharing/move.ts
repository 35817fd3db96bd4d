// sharing/move.ts
import type { Db, List } from './lists.ts'

export const move = (db: Db, id: string, to: List) =>
  db.write((tx) => {
    const todo = tx.todos.get(id)
    if (!todo) return
    const { $space, ...values } = todo
    tx.todos.delete(id)
    tx.space(to.id).todos.insert(values)
  })
