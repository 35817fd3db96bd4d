import { defineServer } from '@holdfast/server'
import { counter, defineSchema, set, string, table } from '@holdfast/shared'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import * as elle from './sim/elle-workload.ts'
import * as workload from './sim/mixed-workload.ts'
import { simulate } from './simulate.ts'

const schema = defineSchema({ version: 1, tables: { todos: table({ title: string(), votes: counter(), tags: set(string()) }) } })
const actions: Parameters<typeof simulate<typeof schema>>[0]['actions'] = {
  add: ({ db, space, random }) => db.space(space).todos.insert({ title: random.word(), tags: [random.word()] }),
  rename: ({ db, random }) => {
    const todo = random.pick(db.todos.read())
    return todo && db.todos.update(todo.id, { title: random.word() })
  },
  vote: ({ db, random }) => {
    const todo = random.pick(db.todos.read())
    return todo && db.todos.increment(todo.id, 'votes')
  },
  remove: ({ db, random }) => {
    const todo = random.pick(db.todos.read())
    return todo && random() < 0.3 ? db.todos.delete(todo.id) : undefined
  },
  private: ({ db, random }) => db.home.todos.insert({ title: random.word() }),
}
test('50 random days of an app keep every promise', async () => {
  const report = await simulate({ server: { schema }, seeds: 50, actions })
  expect(report.failed.map(({ seed, checker, reason, reproduce }) => ({ seed, checker, reason, reproduce }))).toEqual([])
  process.stdout.write(`${report.runs} runs, longest until all was well ${report.longest} ms: ${JSON.stringify(report.covered)}\n`)
}, 3_600_000)

/** Seeds that found something, in the product or in what judges it. Whenever the workload changes they are other days: what they found has tests of its own, too. */
const FOUND: readonly (readonly [seed: number, mode: 'safety' | 'liveness', what: string])[] = [
  [292, 'safety', 'a server that goes back again while a device begins anew loses a write of which nobody hears'],
  [1169, 'safety', 'a disk that goes back to before it heard what a restored server refused'],
  [3012650, 'safety', 'a tab whose database was deleted before it had read what it stored took that for good news'],
  [3009058, 'safety', 'a write that was stored was rejected, since what another tab had stored before it could not be read'],
  [3033648, 'safety', 'words of others stayed with a dead letter when their space was taken away'],
  [3057108, 'safety', 'who was let in again spoke of the history that he knew before, of which a restored server knows nothing'],
  [3060554, 'safety', 'who takes back one record of a pair from a conflict has half of it: the workload'],
  [3003479, 'safety', 'a session of which one write is asked for again forgets what came after it in another space'],
  [1475, 'safety', 'a new tab was told "synced" by the one that syncs before it had read what that had stored'],
  [
    2239,
    'safety',
    'what one of two that went on from one disk took back after a restore, where neither holds the space, was applied with the other',
  ],
  [709134, 'safety', 'who resets a counter of a record that he made anew, which is refused, has not seen the one before it: the checker'],
  [
    4034592,
    'safety',
    'of two that went on from one disk, one called applied what was refused when the other sent it again after a restore',
  ],
  [4026233, 'safety', 'a tab whose database was deleted took what had been stored there a moment before for good news'],
  [4003229, 'safety', 'a tab that does not hear of others was looked at before it had looked at what the others found: the checker'],
  [5014195, 'safety', 'who had seen what a restored server lost had not seen it again when it was sent under another name: the checker'],
  [101338, 'liveness', 'a serializable write counted what only a history had that the server lost'],
  [106963, 'liveness', 'a clock that shows parts of a millisecond: the server decides by whole ones'],
  [101825, 'liveness', 'who had loaded his tab again was left with a frozen one alone: the evening'],
  [105577, 'liveness', 'a frozen tab that had not heard of a server that went back was judged by its history: the checker'],
]

test.each(FOUND)('seed %d (%s): %s', async (seed, mode) => {
  const report = await simulate({ ...workload, mode, seeds: 1, from: seed } as unknown as Parameters<typeof simulate>[0])
  expect(report.failed.map(({ reason }) => reason)).toEqual([])
})

interface Line {
  readonly index: number
  readonly type: string
  readonly value: readonly (readonly [f: string, key: string, value: unknown])[]
}

test('a history for a checker from outside: each list that was read is the beginning of every longer one', async () => {
  const runs: Line[][] = []
  const report = await simulate({
    ...elle,
    seeds: 20,
    faults: ['offline', 'online', 'bad network', 'heals', 'crash', 'reload', 'time passes', 'bad commit', 'rolling upgrade'],
    history(text: string) {
      const line = JSON.parse(text) as Line
      if (line.index === 0) runs.push([])
      runs.at(-1)?.push(line)
    },
  } as unknown as Parameters<typeof simulate>[0])
  expect(report.failed.map(({ reason }) => reason)).toEqual([])
  let reads = 0
  for (const lines of runs) {
    expect(lines.map(({ index }) => index)).toEqual(lines.map((_, i) => i))
    const ends = lines.filter(({ type }) => type !== 'invoke')
    expect(ends).toHaveLength(lines.length / 2)
    const lists = ends.flatMap(({ type, value: [part] }) => (type === 'ok' && part?.[0] === 'r' && Array.isArray(part[2]) ? [part] : []))
    for (const [, key, list] of lists) {
      for (const [, other, longer] of lists)
        if (key === other && String(longer).length > String(list).length)
          expect(`${longer},`.startsWith(String(list) && `${list},`)).toBe(true)
      reads++
    }
    for (const { type } of ends) expect(['ok', 'fail', 'info']).toContain(type)
  }
  expect(reads).toBeGreaterThan(20)
})

test('the same seed is the same run', async () => {
  const [one, two] = [await simulate({ server: { schema }, seeds: 5, actions }), await simulate({ server: { schema }, seeds: 5, actions })]
  expect(two.hashes).toEqual(one.hashes)
  expect(new Set(one.hashes).size).toBe(5)
})

test('its own `authenticate` is stood in for: `user` says who somebody is', async () => {
  const sign = schema.command({ args: v.object({ space: v.string() }) })
  const titles = new Set<string>()
  const server = defineServer({
    schema,
    commands: { sign },
    authenticate: () => null,
    run: {
      sign: (tx, { space }, { user }) => void tx.space(space).todos.insert({ title: `signed by ${(user as { name?: string }).name}` }),
    },
  })
  const { failed } = await simulate({
    server,
    user: (id) => ({ id, name: id.toUpperCase() }),
    seeds: 3,
    actions: { sign: ({ db, space }) => db.run.sign({ space }) },
    invariant({ read }) {
      for (const { title } of read.todos.read()) titles.add(title)
    },
  })
  expect(failed).toEqual([])
  expect([...titles].sort()).toEqual(['signed by ANN', 'signed by BOB'])
})

const quick = { server: { schema }, seeds: 1, steps: 4, faults: [] } as const

test.each<[string, () => never]>([
  [
    'no words',
    () => {
      throw new Error()
    },
  ],
  [
    'nothing',
    () => {
      throw undefined
    },
  ],
])('an invariant that throws %s forbids as well', async (_, invariant) => {
  const { failed } = await simulate({ ...quick, actions, invariant })
  expect(failed).toMatchObject([{ checker: 'invariant' }])
})

test('an action that goes wrong after its call is a failure, and one that is always refused has not been done', async () => {
  const late = await simulate({
    ...quick,
    actions: {
      async wrong() {
        await undefined
        throw new TypeError('what a mistake')
      },
    },
  })
  expect(late.failed).toMatchObject([{ checker: 'crash', reason: expect.stringContaining('what a mistake') }])
  const never = await simulate({ ...quick, actions: { ...actions, never: ({ db }) => db.space('elsewhere').todos.insert({ title: 'x' }) } })
  expect(never.failed).toEqual([])
  expect(never.missing).toContain('action: never')
})

test('users are called as they are, in any letters', async () => {
  const write = { add: ({ db, space, user }) => db.space(space).todos.insert({ title: `a secret of ${user}` }) } satisfies typeof actions
  const users = ['Ann Lee', 'ann', 'ann-2', 'b.o+b@x.org']
  const { failed, missing } = await simulate({
    ...quick,
    seeds: 4,
    steps: 20,
    users,
    spaces: ['list'],
    actions: { home: ({ db, user }) => db.home.todos.insert({ title: `a secret of ${user}` }) },
  })
  expect([failed, missing]).toEqual([[], []])
  const leak = await simulate({ ...quick, seeds: 4, users, actions: write })
  expect(leak.failed.map(({ checker }) => checker)).toContain('isolation')
})

test('what an invariant forbids is found, made small, and can be repeated', async () => {
  const options = {
    server: { schema },
    actions,
    invariant({ read }: { read: { todos: { read(): readonly { votes: number }[] } } }) {
      for (const { votes } of read.todos.read()) if (votes > 2) throw new Error('somebody has more than 2 votes')
    },
  }
  // The first of them alone is made small: that takes many runs.
  const [first] = (await simulate({ ...options, seeds: 10, stopAtFirst: true })).failed
  if (!first) throw new Error('nothing was found')
  const [found] = (await simulate({ ...options, seeds: 1, from: first.seed })).failed
  if (!found) throw new Error('nothing was found')
  expect(found).toMatchObject({ checker: 'invariant', reason: expect.stringContaining('more than 2 votes') })
  expect(found.steps).toBeLessThan(60)
  expect(found.timeline.at(-1)).toContain('more than 2 votes')
  const again = await simulate({ ...options, seeds: 1, from: found.seed, steps: found.steps, users: found.users, faults: found.faults })
  expect(again.failed[0]).toMatchObject({ checker: found.checker, seed: found.seed })
  expect(again.failed[0]?.steps).toBeLessThanOrEqual(found.steps)
})
