import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Serve } from '../bench-server.ts'
import { todo } from '../todo.ts'

const require = createRequire(import.meta.url)

/** PouchDB Server as its docs mount it: express-pouchdb over LevelDB. */
export const serve: Serve = async ({ folder, records }) => {
  const express = require('express')
  const PouchDB = require('pouchdb').defaults({ prefix: join(folder, '/') })
  // First, because it knows only the databases that are made under its eyes.
  const app = express()
  app.use(
    '/db',
    require('express-pouchdb')(PouchDB, {
      mode: 'minimumForPouchDB',
      logPath: join(folder, 'log.txt'),
      configPath: join(folder, 'config.json'),
    }),
  )
  const db = new PouchDB('bench')
  const { doc_count: count } = await db.info()
  for (let from = count === 0 ? 0 : records; from < records; from += 1_000)
    await db.bulkDocs(
      Array.from({ length: Math.min(1_000, records - from) }, (_, i) => {
        const { id, ...values } = todo(from + i)
        return { _id: id, ...values }
      }),
    )
  return {
    attach(server) {
      server.on('request', (request, response) => {
        if (request.url?.startsWith('/db/')) app(request, response)
      })
    },
    close: () => db.close(),
  }
}
