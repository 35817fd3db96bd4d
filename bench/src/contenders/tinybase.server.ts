import { join } from 'node:path'
import { createMergeableStore } from 'tinybase/mergeable-store'
import { createFilePersister } from 'tinybase/persisters/persister-file'
import { createWsServer } from 'tinybase/synchronizers/synchronizer-ws-server'
import { WebSocketServer } from 'ws'
import type { Serve } from '../bench-server.ts'
import { todo } from '../todo.ts'

export const serve: Serve = async ({ folder, records }) => {
  const file = join(folder, 'tinybase.json')
  const store = createMergeableStore()
  const persister = createFilePersister(store, file)
  await persister.load()
  if (store.getRowCount('todos') === 0 && records > 0) {
    store.transaction(() => {
      for (let i = 0; i < records; i++) {
        const { id, ...values } = todo(i)
        store.setRow('todos', id, values)
      }
    })
    await persister.save()
  }
  await persister.destroy()
  return {
    attach(server) {
      createWsServer(new WebSocketServer({ server, maxPayload: 2 ** 30 }), () => createFilePersister(createMergeableStore(), file))
    },
  }
}
