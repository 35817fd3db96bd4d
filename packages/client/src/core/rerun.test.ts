import { counter, defineSchema, refuse, set, string, table } from '@holdfast/shared'
import type { PackedRecord } from '@holdfast/shared/internal/merge/pack'
import { expect, test } from 'vitest'
import { scan } from '../query/scan.ts'
import { foldedFrom, unfold } from '../tabs/fold.kit.ts'
import type { BaseEvent, WriteEvent } from './event.ts'
import { createPredict, type Predict } from './prediction.ts'
import { Replica } from './replica.ts'
import { viewGround, viewSource } from './view-ground.ts'

const S = 'list'
const schema = defineSchema({ version: 1, tables: { todos: table({ title: string(), votes: counter(), tags: set(string()) }) } })
const args = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    types: undefined as { readonly input: { id: string }; readonly output: { id: string } } | undefined,
    validate: (value: unknown) => ({ value: value as { id: string } }),
  },
}

const commands = {
  // Reads one record and writes another.
  copy: schema.command({
    args,
    run(tx, { id }) {
      const from = tx.todos.get(id)
      if (!from) throw refuse('gone', 'Nothing to copy.')
      tx.space(S).todos.upsert(`copy of ${id}`, { title: `${from.title}'` })
    },
  }),
  // Reads a whole table, by a predicate.
  tally: schema.command({
    args,
    run(tx, { id }) {
      const many = tx.todos
        .where({ votes: { gte: 2 } })
        .count()
        .read()
      if (tx.todos.get(id)) tx.todos.add(id, 'tags', `${many} popular`)
      else tx.space(S).todos.insert({ id, title: `${many} popular` })
    },
  }),
  // Reads and writes the same.
  double: schema.command({
    args,
    run(tx, { id }) {
      tx.todos.increment(id, 'votes', tx.todos.get(id)?.votes ?? 0)
    },
  }),
}

function createReplica(): Replica {
  let predict: Predict = () => undefined
  const replica: Replica = new Replica(schema, { predict: (call, as) => predict(call, as) })
  const ground = viewGround(replica)
  const during = scan(viewSource(replica), schema.tables)
  predict = createPredict({ commands, tables: schema.tables, userId: 'ann', ground, judge: () => undefined, during })
  return replica
}

function randomOf(seed: number) {
  let a = seed
  return (n: number) => {
    a = (a * 1103515245 + 12345) % 2 ** 31
    return Math.floor((a / 2 ** 31) * n)
  }
}

const ids = ['a', 'b', 'c', 'copy of a', 'copy of b']

const rowsOf = (replica: Replica) => [...replica.view.records.rows('todos')].sort((x, y) => (x.id < y.id ? -1 : 1))

/** The same base and the same queue, predicted from nothing. */
function fromScratch(replica: Replica, writes: ReadonlyMap<number, WriteEvent>): Replica {
  const fresh = createReplica()
  unfold(fresh, { ...foldedFrom(replica), known: replica.known, upTo: 0 })
  for (const [revision, event] of writes) if (replica.pending.some((one) => one.revision === revision)) fresh.apply(revision, event)
  for (const { dropped, transaction } of replica.pending)
    if (dropped) fresh.apply(replica.revision, { e: 'note', drop: transaction.dot, reason: 'discarded' })
  return fresh
}

test('what is predicted after any changes below is what would be predicted from nothing: 60 random queues', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomOf(seed)
    const pick = <T>(list: readonly T[]) => list[random(list.length)] as T
    const replica = createReplica()
    const writes = new Map<number, WriteEvent>()
    let [revision, seq, n] = [0, 0, 0]

    const base = (more: Partial<BaseEvent> = {}, records: PackedRecord[] = []): BaseEvent => ({
      ...{ e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [] },
      deltas: [{ space: S, from: seq, to: ++seq, whole: seq === 1, by: [['server', seq, seq, seq]], records }],
      cut: { [S]: { seq, hash: '' } },
      ...more,
    })
    const record = (id: string): PackedRecord => {
      if (random(5) === 0) return { r: ['todos', id], new: 1, alive: seq + 1, born: [0], died: [0], f: {} } as PackedRecord
      const f = { title: [`t${random(9)}`, [0]], votes: [random(4), [0], 0, []], tags: [[], [0]] }
      return { r: ['todos', id], new: 1, alive: seq + 1, born: [0], f } as PackedRecord
    }
    replica.apply(++revision, base({ spaces: [{ space: S, access: 'write', role: null }] }, ids.slice(0, 3).map(record)))

    for (let step = 0; step < 25; step++) {
      const dice = random(10)
      if (dice < 6) {
        const id = pick(ids)
        const [name] = [pick(Object.keys(commands))] as [string]
        const operations = [['inc', S, 'todos', id, 'votes', 1] as const]
        const content = random(2) === 0 ? { operations: [], command: { name, args: { id } } } : { operations }
        const event: WriteEvent = {
          e: 'write',
          generation: 1,
          transaction: { dot: ['A', ++n], version: 1, base: { [S]: seq }, seen: {}, at: 1000 + n, ...content },
          lo: 0,
        }
        writes.set(++revision, event)
        replica.apply(revision, event)
      } else if (dice < 9) replica.apply(++revision, base({}, [record(pick(ids))]))
      else if (replica.pending.length > 0)
        replica.apply(++revision, { e: 'note', drop: pick(replica.pending).transaction.dot, reason: 'discarded' })
      expect(rowsOf(replica), `seed ${seed}, step ${step}`).toEqual(rowsOf(fromScratch(replica, writes)))
    }
  }
})

test('what shows the same is the same object, although it left the view for a moment', () => {
  const replica = createReplica()
  const f = { title: ['Milk', [0]], votes: [3, [0], 0, []], tags: [[], [0]] }
  const event = (to: number, id: string): BaseEvent => ({
    ...{ e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [] },
    spaces: [{ space: S, access: 'write', role: null }],
    deltas: [
      {
        space: S,
        from: to - 1,
        to,
        whole: to === 1,
        by: [['server', to, to, to]],
        records: [{ r: ['todos', id], new: 1, alive: to, born: [0], f } as PackedRecord],
      },
    ],
    cut: { [S]: { seq: to, hash: '' } },
  })
  replica.apply(1, event(1, 'a'))
  const write = (revision: number, content: Pick<WriteEvent['transaction'], 'operations' | 'command'>) =>
    replica.apply(revision, {
      e: 'write',
      generation: 1,
      transaction: { dot: ['A', revision], version: 1, base: {}, seen: {}, at: revision, ...content },
      lo: 0,
    })
  write(2, { operations: [], command: { name: 'tally', args: { id: 'n' } } })
  write(3, { operations: [['inc', S, 'todos', 'a', 'votes', 1]] })
  const before = replica.view.row(S, 'todos', 'a')
  // Another popular one: the tally runs again, and what stands above it goes and comes.
  const changes = replica.apply(4, event(2, 'b'))
  expect(replica.view.row(S, 'todos', 'n')?.title).toBe('2 popular')
  expect(replica.view.row(S, 'todos', 'a')).toBe(before)
  expect(changes.map(({ id }) => id).sort()).toEqual(['b', 'n'])
})

const OTHER = 'other'
const todosOf = (title: string, alive: number): PackedRecord =>
  ({ r: ['todos', 'a'], alive, born: [0], f: { title: [title, [0]] } }) as PackedRecord

/** A queue that rests on a record of another space, which is in segments. */
function overSegments() {
  const plain: BaseEvent = { e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], deltas: [], cut: {} }
  const whole = (space: string, to: number, records: PackedRecord[], segments?: string[]): BaseEvent => ({
    ...plain,
    deltas: [
      {
        space,
        from: 0,
        to,
        whole: true,
        by: [['server', to, to, to]],
        records,
        ...(segments && { segments: segments.map((n) => [n, 1, '']) }),
      },
    ] as BaseEvent['deltas'],
    cut: { [space]: { seq: to, hash: '' } },
  })
  const segment = (title: string, to: number) => {
    const made = createReplica()
    made.apply(1, whole(OTHER, to, [todosOf(title, to)]))
    const [packed] = foldedFrom(made).segments
    if (!packed) throw new Error('nothing was folded')
    return made.hold([title, OTHER], packed.segment.bytes)
  }
  const replica = createReplica()
  const spaces = [S, OTHER].map((space) => ({ space, access: 'write' as const, role: null }))
  replica.apply(1, { ...whole(S, 1, []), spaces })
  replica.apply(2, whole(OTHER, 1, [], ['before']), [segment('before', 1)])
  const write = (revision: number, content: Partial<WriteEvent['transaction']>) =>
    replica.apply(revision, {
      e: 'write',
      generation: 1,
      transaction: { dot: ['A', revision], version: 1, operations: [], base: { [S]: 1, [OTHER]: 1 }, seen: {}, at: revision, ...content },
      lo: 0,
    })
  const copy = () => replica.view.row(S, 'todos', 'copy of a')?.title
  write(3, { command: { name: 'copy', args: { id: 'a' } } })
  expect(copy()).toBe("before'")
  return { replica, write, copy, renewed: () => replica.apply(5, whole(OTHER, 2, [], ['after']), [segment('after', 2)]) }
}

test('what rests on a space that comes anew in segments is predicted again', () => {
  const { replica, write, copy, renewed } = overSegments()
  const title = ['title', 'eq', 'after'] as const
  write(4, { operations: [['put', S, 'todos', 'none yet', { title: 'x' }]], reads: [['q', OTHER, 'todos', [[[title]]]]] })
  expect(replica.view.row(S, 'todos', 'none yet')?.title).toBe('x')
  renewed()
  expect(copy()).toBe("after'")
  expect(replica.pending).toMatchObject([{ stale: false }, { stale: true }])
  expect(replica.view.row(S, 'todos', 'none yet')).toBeUndefined()
})

test('what rests on a space that is held here no more is predicted again', () => {
  const { replica, copy } = overSegments()
  replica.apply(4, { e: 'note', space: OTHER, follow: false })
  expect(copy()).toBeUndefined()
})
