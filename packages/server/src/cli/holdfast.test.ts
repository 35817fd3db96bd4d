import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { need } from '../engine/reads.ts'
import { sqlite } from '../storage/sqlite/sqlite-storage.ts'
import { insert, testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'
import { HELP, holdfast } from './holdfast.ts'

function run(...args: string[]) {
  const said: string[] = []
  const complained: string[] = []
  const code = holdfast(args, { say: (text) => said.push(text), complain: (text) => complained.push(text) })
  return { code, said: said.join('\n'), complained: complained.join('\n') }
}

const newPath = () => join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')

/** A file with one transaction, of a server that was closed. */
async function newFile(): Promise<string> {
  const file = newPath()
  const world = testServer({ storage: sqlite(file, { epoch: 'e1' }) })
  await world.client('ann').sync({ tx: [tx('A', 1, [insert('home:ann', 't1')])] })
  await world.close()
  return file
}

async function epochsOf(file: string) {
  const storage = sqlite(file)
  const { epoch, epochs } = await storage.read(() => need('meta'))
  await storage.close()
  return [...epochs].map(([id, heal]) => [id === epoch ? 'now' : id, heal])
}

test('restore begins an epoch, in words; with --no-heal one in which nothing is sent again; as often as it is run', async () => {
  const file = await newFile()
  const first = run('restore', file)
  expect(first).toMatchObject({ code: 0, complained: '' })
  expect(first.said).toMatch(/has spaces: 1, transactions: 1, the last of them of \d{4}-.*Z\.\nEpoch [\w-]{16} begins.*send again/)
  expect(await epochsOf(file)).toEqual([
    ['e1', true],
    ['now', true],
  ])
  const second = run('restore', '--no-heal', file)
  expect(second.code).toBe(0)
  expect(second.said).toContain('stays away, and is listed as dead letters')
  expect((await epochsOf(file)).slice(2)).toEqual([['now', false]])
})

test('it says how it is used', () => {
  expect(run('--help')).toEqual({ code: 0, said: HELP, complained: '' })
  for (const args of [[], ['undo'], ['restore'], ['restore', 'a', 'b'], ['restore', '--heal', 'a']]) {
    const { code, said, complained } = run(...args)
    expect([code, said], args.join(' ')).toEqual([2, ''])
    expect(complained).toContain(HELP)
  }
})

test('a file that is not there, empty, or of something else is left alone: 3', async () => {
  const missing = newPath()
  expect(run('restore', missing).code).toBe(3)
  const empty = newPath()
  writeFileSync(empty, '')
  expect(run('restore', empty).code).toBe(3)
  expect(readFileSync(empty).length).toBe(0)
  const text = newPath()
  writeFileSync(text, 'a list of things to do, and none of them is a database'.repeat(100))
  expect(run('restore', text).code).toBe(3)
  const other = newPath()
  const app = new Database(other)
  app.exec('CREATE TABLE mine (a)')
  app.close()
  const before = readFileSync(other)
  expect(run('restore', other)).toMatchObject({ code: 3, complained: expect.stringContaining('something other than Holdfast') })
  expect(readFileSync(other).equals(before)).toBe(true)
  expect(run('restore', tmpdir()).code).toBe(3)
})

test('D4: while a server has the file open nothing is done: 4', async () => {
  const file = await newFile()
  const storage = sqlite(file)
  expect(run('restore', '--with-wal', file)).toMatchObject({ code: 4, complained: expect.stringContaining('stop the server first') })
  await storage.close()
  expect(await epochsOf(file)).toEqual([['now', true]])
})

test('a copy that is torn is said to be damaged, and nothing is done: 5', async () => {
  const file = await newFile()
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0x5a, 4096 * 2, 4096 * 8))
  expect(run('restore', file).code).toBe(5)
})

test('the log of the database that was replaced is not played into the copy: 6, until it is gone or said to be part of it', async () => {
  const file = await newFile()
  const copy = newPath()
  const storage = sqlite(file)
  copyFileSync(`${file}`, copy)
  const db = new Database(file)
  db.exec("UPDATE meta SET value = '7' WHERE key = 'commits'")
  copyFileSync(`${file}-wal`, `${copy}-wal`)
  db.close()
  await storage.close()
  const link = newPath()
  symlinkSync(copy, link)
  expect(run('restore', link).code).toBe(6)
  expect(run('restore', copy)).toMatchObject({ code: 6, complained: expect.stringContaining('--with-wal') })
  expect(run('restore', '--with-wal', copy).code).toBe(0)
  expect(await epochsOf(copy)).toHaveLength(2)
})

test('as a program of its own', async () => {
  const bin = fileURLToPath(new URL('./bin.ts', import.meta.url))
  const file = await newFile()
  expect(execFileSync(process.execPath, [bin, 'restore', file], { encoding: 'utf8' })).toContain('begins')
  expect(() => execFileSync(process.execPath, [bin, 'restore', newPath()], { stdio: 'pipe' })).toThrow(
    expect.objectContaining({ status: 3 }),
  )
})
