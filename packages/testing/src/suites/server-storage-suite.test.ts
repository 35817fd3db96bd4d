import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStorage } from '@holdfast/server'
import { sqlite } from '@holdfast/server/sqlite'
import { describe, test } from 'vitest'
import { type OpenStorage, serverStorageSuite } from './server-storage-suite.ts'

/** Every implementation of `Storage` in the source tree. */
const storages: Record<string, OpenStorage> = {
  memory: async () => ({ storage: memoryStorage() }),
  sqlite: async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'suite.db')
    return { storage: sqlite(file), reopen: async () => sqlite(file) }
  },
}

for (const [name, open] of Object.entries(storages)) {
  describe(`the storage contract: ${name}`, () => {
    for (const check of serverStorageSuite(open)) test(check.name, () => check.run())
  })
}
