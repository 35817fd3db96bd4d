import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSyncServer, defineServer, type LogEntry } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { nodePlatform } from '@holdfast/server/internal/platform'
import type { Storage } from '@holdfast/server/internal/storage/storage'
import { tx, voided, wireClient } from '@holdfast/server/internal/wire-client.kit'
import { sqlite } from '@holdfast/server/sqlite'
import {
  boolean,
  conflicting,
  counter,
  defineSchema,
  first,
  json,
  map,
  max,
  number,
  oneOf,
  rank,
  refuse,
  set,
  siblings,
  strict,
  string,
  table,
  threeWay,
  timestamp,
} from '@holdfast/shared'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { homeSpace } from '@holdfast/shared/internal/ids'
import * as v from 'valibot'

/** A field of each kind, and of each policy. */
export const schema = defineSchema({
  version: 2,
  tables: {
    todos: table({
      title: string().check(v.pipe(v.string(), v.nonEmpty())),
      done: boolean().default(false),
      size: number().default(1),
      color: oneOf('sand', 'sea').default('sand'),
      due: timestamp().nullable(),
      data: json().nullable(),
      votes: counter(),
      tags: set(string()),
      prices: map(number()),
      place: rank(),
      owner: string().nullable().merge(first),
      best: number().default(0).merge(max),
      names: string().default('').merge(siblings),
      lock: string().default('').merge(strict),
      plan: string()
        .default('')
        .merge(threeWay(({ base, theirs, mine }) => (theirs === base ? mine : conflicting(theirs)))),
    }),
    notes: table({ text: string() }),
  },
})

/** Who has what: `home:ann` and `home:bob`; ann's list, which bob reads; a team's, where both write; and bob's board, unknown to ann. */
export const SPACES = {
  ann: 'home:ann',
  bob: 'home:bob',
  list: `list_${'L'.repeat(22)}`,
  team: `team_${'T'.repeat(22)}`,
  board: `board_${'B'.repeat(22)}`,
} as const

const config = defineServer({
  schema,
  authenticate: unsafeTrustToken,
  rules: { todos: { delete: ({ before }) => before.title !== 'kept' }, notes: { update: ({ after }) => after.text !== 'never' } },
  validate: ({ changes }) =>
    changes.some(({ after }) => after && 'size' in after && after.size > 1000) ? refuse('too_big', 'No.') : undefined,
  createSpace: ({ space }) => space.startsWith('list_'),
  commands: {
    vote: schema.command({
      args: v.object({ space: v.string(), id: v.string(), by: v.number() }),
      run: (tx, { space, id, by }) => tx.space(space).todos.increment(id, 'votes', by),
    }),
    note: schema.command({ args: v.object({ text: v.string() }), result: v.string() }),
  },
  run: { note: (tx, { text }) => tx.space(homeSpace(tx.userId)).notes.insert({ text }) },
})

const NOW = Date.UTC(2026, 0, 1)

function serve(storage: Storage, log: (entry: LogEntry) => void) {
  let random = 0
  const platform = {
    ...nodePlatform,
    now: () => NOW,
    randomBytes: (length: number) => new Uint8Array(length).fill(++random),
    randomUint32: () => 0,
  }
  return createSyncServer({ ...config, storage, log, platform })
}

/** A server with data of two users in it, in a file that others may look into. */
export interface Scene {
  readonly file: string
  readonly fetch: (request: Request) => Response | Promise<Response>
  /** Questions that the storage has answered so far. */
  readonly asked: () => number
  /** What the server logged as its own fault. */
  readonly faults: readonly LogEntry[]
  close(): Promise<void>
}

/** Makes scenes that are all the same, each a copy of one file. */
export async function openTheatre() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'))
  const first = join(folder, 'first.db')
  const cursors = await prepare(first)
  let scenes = 0
  return {
    /** Where ann and bob are in their spaces, each: proof of the history. */
    cursors,
    open(): Scene {
      const file = join(folder, `${++scenes}.db`)
      copyFileSync(first, file)
      let asked = 0
      const storage = counting(sqlite(file), () => asked++)
      const faults: LogEntry[] = []
      const server = serve(storage, (entry) => {
        // What a client claims of a history that the server never had is noted, as after a restore.
        const isClaim = ['history_reset', 'history_lost', 'healed'].includes(entry.event)
        if (entry.level === 'error' || (entry.level === 'warn' && !isClaim)) faults.push(entry)
      })
      const close = async () => {
        await server.close()
        for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
      }
      return { file, fetch: server.fetch, asked: () => asked, faults, close }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
export type Theatre = Awaited<ReturnType<typeof openTheatre>>

/** A storage that counts what it is asked. */
function counting(storage: Storage, count: () => void): Storage {
  const counted =
    <T>(job: () => Generator<never, T, unknown>) =>
    () => {
      const going = job()
      const next = going.next.bind(going)
      return Object.assign(going, {
        next: (answer: unknown) => {
          count()
          return next(answer as never)
        },
      })
    }
  return { ...storage, write: (job) => storage.write(counted(job as never)), read: (job) => storage.read(counted(job as never)) }
}

async function prepare(file: string): Promise<Readonly<Record<'ann' | 'bob', Readonly<Record<string, Cursor>>>>> {
  const server = serve(sqlite(file, { epoch: 'e1' }), () => undefined)
  const { ann: home, bob: his, list, team, board } = SPACES
  for (const [space, user, access] of [
    [list, 'ann', 'write'],
    [list, 'bob', 'read'],
    [team, 'ann', 'write'],
    [team, 'bob', 'write'],
    [board, 'bob', 'write'],
  ] as const)
    await server.grant(space, user, access)
  const todos = (space: string) =>
    ['t1', 't2', 't3', 't4'].map((id) => ['ins', space, 'todos', id, { title: id === 't4' ? 'kept' : id, votes: 3, tags: ['a', 'b'] }])
  const push = async (user: string, transactions: Parameters<typeof tx>[]) => {
    const { verdicts } = await wireClient(server.fetch, user).sync({ version: 2, tx: transactions.map((one) => tx(...one)) })
    if (verdicts.some((verdict) => verdict.is !== 'applied')) throw new RangeError(JSON.stringify(verdicts))
  }
  const later = { version: 2, begins: [] }
  await push(
    'ann',
    [home, list, team].map((space, i) => ['A', i + 1, todos(space), later]),
  )
  await push('ann', [['A', 4, [['del', home, 'todos', 't3']], { ...later, base: {} }]])
  await push('ann', [['A', 5, [['inc', home, 'todos', 't1', 'votes', 2]], later]])
  await push(
    'bob',
    [his, board].map((space, i) => ['B', i + 1, todos(space), later]),
  )
  // Concurrent with ann's insert: it leaves a conflict.
  await push('bob', [['B', 3, [['upd', team, 'todos', 't1', { title: 'his' }]], { ...later, at: 2_000 }]])
  await push('ann', [['A', 6, [['upd', team, 'todos', 't1', { title: 'hers' }]], { ...later, at: 1_000 }]])
  await wireClient(server.fetch, 'ann').sync({ version: 2, tx: [voided('A', 7, 'discarded', 9)] })
  const cursors = async (user: string) => Object.fromEntries((await wireClient(server.fetch, user).sync({ version: 2 })).cut)
  const both = { ann: await cursors('ann'), bob: await cursors('bob') }
  await server.close()
  return both
}
