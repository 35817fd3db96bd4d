import type { Database } from '@holdfast/client'
import { boolean, defineSchema, number, string, table, timestamp } from '@holdfast/shared'
import type { Device } from '../device.ts'
import { quiet } from '../manual-clock.ts'
import { seededRandom } from '../random.ts'
import { createWorld, type World } from '../world.ts'
import { type Counts, countEverything, countedDoor, countedStorage, takeCounts } from './counting.ts'

const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({ title: string(), done: boolean(), priority: number(), list: string(), at: timestamp(), notes: string() }).index(
      'list',
      'done',
      'at',
    ),
  },
})
const options = { schema, userId: 'ann' }
const HOME = 'home:ann'

type Db = Database<typeof schema>

interface Scene {
  readonly world: World
  readonly device: Device
  readonly db: Db
  /** Counts what is done until all is quiet, under this name. */
  span<T>(name: string, work: () => T | Promise<T>): Promise<T>
}

interface Scenario {
  readonly name: string
  /** What the server has when it begins. */
  readonly records: number
  run(scene: Omit<Scene, 'db' | 'device'>): Promise<void>
}

const idOf = (i: number): string => `t${String(i).padStart(6, '0')}`

const WORDS = 'milk bread call write mend paint carry the a new old garden letter roof and before after winter'.split(' ')

/** The same each time, and about as long as what people write. */
function todo(i: number) {
  const random = seededRandom(i)
  const words = (n: number) => Array.from({ length: n }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ')
  return {
    id: idOf(i),
    title: words(5),
    done: random() < 0.5,
    priority: Math.floor(random() * 5),
    list: `list ${i % 50}`,
    at: 1_700_000_000_000 + Math.floor(random() * 1e9),
    notes: words(20),
  }
}

/** Whose text nobody makes while work is counted. */
const NOT_YET = new Error('This has not happened yet.')

const until = (world: World, holds: () => boolean): Promise<void> =>
  world.until(() => {
    if (!holds()) throw NOT_YET
  })

function isSynced(db: Db): boolean {
  const { state, pending, problem } = db.status.read()
  return state === 'synced' && pending === 0 && problem === null
}

async function opened(world: World, device: Device): Promise<Db> {
  const db: Db = await world.meanwhile(device.tab(options))
  await until(world, () => isSynced(db) && db.todos.get(idOf(0)) !== undefined)
  return db
}

/** Writes as the server itself: nobody else does anything for it. */
const serverWrites = (world: World, write: (todos: Db['home']['todos']) => void): Promise<void> =>
  world.meanwhile(world.server.write((tx) => write((tx.space(HOME) as unknown as Db['home']).todos)))

/** Nothing that this device asks reaches the server until it is let through. */
function hold(device: Device): () => void {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  device.through(async (request, pass) => {
    await released
    return pass(request)
  })
  return () => {
    device.through(undefined)
    release()
  }
}

/** A scenario of a device that has everything. */
const onDevice = (name: string, records: number, run: (scene: Scene) => Promise<void>): Scenario => ({
  name,
  records,
  async run({ world, span }) {
    const device = world.device()
    await run({ world, span, device, db: await opened(world, device) })
  },
})

const scenarios: readonly Scenario[] = [
  {
    name: 'first sync',
    records: 5_000,
    async run({ world, span }) {
      const device = world.device()
      await span('first sync of 5,000 records, segments to be built', () => opened(world, world.device()))
      const db = await span('first sync of 5,000 records', () => opened(world, device))
      await world.meanwhile(db.close())
      await span('opening again with 5,000 records', () => opened(world, device))
    },
  },
  onDevice('queries', 2_000, async ({ db, span }) => {
    const newest = (list: string) => db.todos.where({ list, done: false }).orderBy('at', 'desc').limit(20).read()
    // Held, since what nobody holds may be collected, and found once more.
    const held = [await span('first query through an index', () => newest('list 7'))]
    held.push(await span('second query through an index', () => newest('list 8')))
    held.push(await span('query without an index', () => db.todos.where({ priority: 3, title: { startsWith: 'milk' } }).read()))
    await span('count of all', () => db.todos.count().read())
    held.push(await span('first of all, without an index', () => db.todos.orderBy('priority', 'desc').orderBy('title').limit(3).read()))
    if (held.some((rows) => rows.length === 0)) throw new Error('A query found nothing.')
  }),
  onDevice('update', 1_000, async ({ world, device, db, span }) => {
    const release = hold(device)
    await span('one-field update until it is stored', async () => {
      await db.todos.update(idOf(1), { title: 'Milk' })
    })
    await span('one-field update from there until it is confirmed', async () => {
      release()
      await until(world, () => isSynced(db))
    })
    await span('one-field update of another device', async () => {
      await serverWrites(world, (todos) => todos.update(idOf(2), { title: 'Bread' }))
      await until(world, () => db.todos.get(idOf(2))?.title === 'Bread')
    })
  }),
  {
    name: 'streams',
    records: 100,
    async run({ world, span }) {
      const asked = () =>
        world.serve(new Request('http://server/holdfast/live?user=ann&follow=all', { headers: { authorization: 'Bearer ann' } }))
      const readers: (ReadableStreamDefaultReader<Uint8Array> | undefined)[] = []
      for (let i = 0; i < 10; i++) readers.push((await asked()).body?.getReader())
      await Promise.all(readers.map((reader) => reader?.read()))
      await span('one-field update told to 10 streams', async () => {
        await serverWrites(world, (todos) => todos.update(idOf(2), { title: 'Bread' }))
        await Promise.all(readers.map((reader) => reader?.read()))
      })
      await Promise.all(readers.map((reader) => reader?.cancel()))
    },
  },
  onDevice('live query', 1_000, async ({ world, device, db, span }) => {
    const release = hold(device)
    let calls = 0
    db.todos
      .where({ list: 'list 7' })
      .orderBy('at')
      .limit(20)
      .subscribe(() => calls++)
    await span('live query over 100 changes, until they are stored', async () => {
      const writes = Array.from({ length: 100 }, (_, i) => db.todos.update(idOf(7 + (i % 20) * 50), { at: 1_600_000_000_000 + i }))
      await Promise.all(writes)
    })
    release()
    await until(world, () => isSynced(db))
    if (calls !== 101) throw new Error(`The live query told of ${calls} answers, not 101.`)
  }),
  onDevice('offline', 500, async ({ world, device, db, span }) => {
    device.offline()
    await quiet()
    await span('100 updates offline', async () => {
      for (let i = 0; i < 100; i++) await db.todos.update(idOf(i), { title: `Offline ${i}` })
    })
    await span('100 updates sent after coming back', async () => {
      device.online()
      await until(world, () => isSynced(db))
    })
  }),
  onDevice('bulk insert', 100, async ({ world, device, db, span }) => {
    const release = hold(device)
    await span('1,000 inserts in one transaction until they are stored', async () => {
      await db.write((tx) => {
        for (let i = 0; i < 1_000; i++) tx.home.todos.insert(todo(100_000 + i))
      })
    })
    await span('1,000 inserts from there until they are confirmed', async () => {
      release()
      await until(world, () => isSynced(db))
    })
  }),
  onDevice('fold', 3_000, async ({ world, db, span }) => {
    await serverWrites(world, (todos) => {
      for (const { id } of todos.where({ id: { lt: idOf(800) } }).read()) todos.update(id, { title: 'Bread' })
    })
    await until(world, () => db.todos.get(idOf(799))?.title === 'Bread')
    await span('exchange and fold after 800 changes', () => world.meanwhile(db.sync()))
  }),
  onDevice('resync', 1_000, async ({ world, db, span }) => {
    const copy = await world.backup()
    await until(world, () => isSynced(db))
    await serverWrites(world, (todos) => todos.update(idOf(1), { title: 'Lost' }))
    await until(world, () => db.todos.get(idOf(1))?.title === 'Lost')
    await span('resync of 1,000 records after the server was restored', async () => {
      await world.restore(copy)
      await until(world, () => isSynced(db) && db.todos.get(idOf(1))?.title !== 'Lost')
    })
  }),
]

/**
 * Runs the scenario of this name, or all; gives what each stretch of work took. Once in a process, and with nothing else in it: much is
 * counted through what all share.
 */
export async function countWork(only?: string): Promise<Record<string, Counts>> {
  const counted: Record<string, Counts> = {}
  countEverything()
  for (const scenario of scenarios) {
    if (only !== undefined && scenario.name !== only) continue
    const segmentsFrom = Math.min(2_000, scenario.records)
    const world = createWorld({ server: { schema }, segmentsFrom, door: countedDoor, disk: countedStorage, log: () => undefined })
    for (let i = 0; i < scenario.records; i += 1_000) {
      const part = Array.from({ length: Math.min(1_000, scenario.records - i) }, (_, k) => todo(i + k))
      await serverWrites(world, (todos) => {
        for (const one of part) todos.insert(one)
      })
    }
    await scenario.run({
      world,
      async span(name, work) {
        await quiet()
        takeCounts()
        const result = await work()
        await quiet()
        counted[name] = takeCounts()
        return result
      },
    })
    await world.close()
  }
  return counted
}
