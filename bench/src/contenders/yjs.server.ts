import { join } from 'node:path'
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'
import { Map as SharedMap } from 'yjs'
import type { Serve } from '../bench-server.ts'
import { todo } from '../todo.ts'

/** Hocuspocus listens itself, one port on. */
export const serve: Serve = async ({ folder, records, port }) => {
  const database = new SQLite({ database: join(folder, 'hocuspocus.sqlite') })
  const server = new Server({ port: port + 1, address: '127.0.0.1', quiet: true, stopOnSignals: false, extensions: [database] })
  await server.listen()
  const connection = await server.hocuspocus.openDirectConnection('bench')
  await connection.transact((doc) => {
    const todos = doc.getMap('todos')
    if (todos.size > 0) return
    for (let i = 0; i < records; i++) {
      const { id, ...values } = todo(i)
      todos.set(id, new SharedMap(Object.entries(values)))
    }
  })
  return {
    fetch: () => new Response(null, { status: 404 }),
    async close() {
      await connection.disconnect()
      await server.destroy()
    },
  }
}
