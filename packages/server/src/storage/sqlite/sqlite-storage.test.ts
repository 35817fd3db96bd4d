import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { need } from '../../engine/reads.ts'
import { storeGrant, testServer } from '../../test-server.kit.ts'
import { sqlite } from './sqlite-storage.ts'

const newFile = () => join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')

test('the file says whose it is, and a commit waits for the disk', async () => {
  const file = newFile()
  const storage = sqlite(file)
  await storeGrant(storage, 'ann', 'L', 'read')
  await storage.close()
  const db = new Database(file)
  expect(db.pragma('application_id', { simple: true })).toBe(0x484f4c44)
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(db.pragma('foreign_key_check')).toEqual([])
  db.close()
})

test('D5: a driver that would not wait for the disk is found out at the first write, which is answered to nobody', async () => {
  const { pragma } = Database.prototype
  for (const instead of ['synchronous = NORMAL', 'synchronous']) {
    const lax = vi.spyOn(Database.prototype, 'pragma').mockImplementation(function (this: Database.Database, source, options) {
      return pragma.call(this, source.replace('synchronous = FULL', instead), options)
    })
    const file = newFile()
    const { server } = testServer({ storage: sqlite(file) })
    // Two at once are committed together: what is refused is not stored by the attempt, nor once more when each is tried alone.
    const writes = ['a', 'b'].map((title) => server.write((of) => of.space('L').todos.insert({ title })))
    for (const outcome of await Promise.allSettled(writes))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'storage_failed' } })
    lax.mockRestore()
    await server.close()
    const db = new Database(file)
    for (const table of ['records', 'log', 'sessions']) expect(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 })
    db.close()
  }
})

test('a file of a newer format, or of something else, is refused at once and untouched', async () => {
  const newer = newFile()
  await sqlite(newer).close()
  const db = new Database(newer)
  db.pragma('user_version = 99')
  db.close()
  expect(() => sqlite(newer)).toThrow(expect.objectContaining({ code: 'storage_failed' }))
  const other = newFile()
  const app = new Database(other)
  app.exec('CREATE TABLE mine (a)')
  app.close()
  expect(() => sqlite(other)).toThrow(expect.objectContaining({ code: 'storage_failed' }))
})

test('an epoch is minted once', async () => {
  const file = newFile()
  const [a, b] = [sqlite(file), sqlite(file)]
  const epochs = await Promise.all([a, b].map((storage) => storage.read(() => need('meta'))))
  expect(epochs[0]).toEqual(epochs[1])
  expect(epochs[0]?.epoch).toMatch(/^[\w-]{16}$/)
  await a.close()
  await b.close()
})

test('while another process holds the lock a write waits, then fails and leaves nothing behind', async () => {
  const file = newFile()
  const storage = sqlite(file, { busyTimeout: 50 })
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  await expect(storeGrant(storage, 'ann', 'L', 'read')).rejects.toThrow(/locked/)
  expect(await storeGrant(storage, 'ann', 'L', 'read').catch((error) => storage.isUnavailable?.(error))).toBe(true)
  expect([new Error('mine'), undefined, null].some((error) => storage.isUnavailable?.(error))).toBe(false)
  expect(await storage.read(() => need('grants', 'ann'))).toEqual([])
  other.exec('ROLLBACK')
  await storeGrant(storage, 'ann', 'L', 'read')
  expect(await storage.read(() => need('grants', 'ann'))).toHaveLength(1)
  other.close()
  await storage.close()
})

test('a file of format 1 is brought up to date, with everything that is in it', async () => {
  const file = newFile()
  const old = new Database(file)
  old.exec(readFileSync(new URL('./fixtures/format-1.sql', import.meta.url), 'utf8'))
  old.close()
  const storage = sqlite(file)
  expect(await storage.read(() => need('answer', 'A', 1))).toEqual({
    n: 1,
    to: 1,
    code: null,
    message: '',
    payload: '_____w',
    conflicts: 2,
    result: null,
  })
  expect(await storage.read(() => need('members', 'L'))).toEqual([{ userId: 'ann', access: 'write', role: 'owner' }])
  await storage.close()
  const again = sqlite(file)
  expect((await again.read(() => need('meta'))).epoch).toBe('e1')
  await again.close()
  const db = new Database(file)
  expect(db.pragma('user_version', { simple: true })).toBe(3)
  expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'grants_by_space'").pluck().get()).toBe(1)
  db.close()
})
