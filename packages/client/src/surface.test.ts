import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { boolean, counter, defineSchema, type Id, json, map, number, type Row, ref, set, string, table, timestamp } from '@holdfast/shared'
import type { Live } from '@holdfast/shared/internal/query/reading'
import type { Write } from '@holdfast/shared/internal/transaction/write'
import { expect, expectTypeOf, test } from 'vitest'
import type { Database } from './surface.ts'

const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string(),
      done: boolean().default(false),
      due: timestamp().nullable(),
      list: ref('lists').nullable(),
      meta: json<{ a: number }>().nullable(),
      votes: counter(),
      tags: set(string()),
      sizes: set(number()),
    }).index('done', 'title'),
    lists: table({ name: string() }),
  },
})
type Todo = Row<typeof schema, 'todos'>
declare const db: Database<typeof schema>
declare const todo: Id<'todos'>
declare const list: Id<'lists'>

// Never called: what is inside must, or must not, compile.
const compiles = (_body: () => void) => expect(true).toBe(true)

test('what people will write compiles', () => {
  compiles(async () => {
    const { todos } = db.home
    todos
      .where({ done: false })
      .orderBy('title')
      .subscribe((rows) => rows.map((t) => t.title).join(', '))
    const write = todos.insert({ title: 'Buy milk', tags: ['shop'] })
    expectTypeOf(write).toEqualTypeOf<Write<Id<'todos'>>>()
    todos.increment(await write, 'votes')
    const verdict = await write.confirmed({ within: '10s' })
    if (verdict.status === 'applied') expectTypeOf(verdict.result).toEqualTypeOf<Id<'todos'>>()
    if (verdict.status === 'refused') expectTypeOf(verdict.deadLetter).toEqualTypeOf<string>()
    db.space('list_a').todos.upsert('own', { title: 'a', tags: new Set(['x']) })
    db.todos.update(todo, { title: 'b', due: null, done: undefined })
    db.todos.add(todo, 'tags', 'a', 'b')
    db.todos.remove(todo, 'sizes', 1)
    db.todos.reset(todo, 'votes', 3)
    db.todos.update('from a url', { done: true })
    expectTypeOf(db.todos.get(todo)).toEqualTypeOf<Todo | undefined>()
    expectTypeOf(db.todos.record(todo)).toEqualTypeOf<Live<Todo | undefined>>()
    expectTypeOf(
      db.todos
        .whereAny({ done: true }, { tags: { has: 'a' } })
        .limit(3)
        .read(),
    ).toEqualTypeOf<readonly Todo[]>()
    expectTypeOf(db.todos.count()).toEqualTypeOf<Live<number>>()
    for (const row of db.todos.where({ $space: 's', due: { lt: 3 } })) expectTypeOf(row).toEqualTypeOf<Todo>()
    await db.lists.delete(list)
  })
})

test('transactions are synchronous and give values', () => {
  compiles(() => {
    const write = db.write(
      (tx) => {
        const id = tx.home.lists.insert({ name: `${tx.userId} ${tx.now}` })
        expectTypeOf(id).toEqualTypeOf<Id<'lists'>>()
        for (const row of tx.todos.where({ done: false })) tx.todos.update(row.id, { list: id })
        tx.todos.increment(todo, 'votes', tx.todos.count().read())
        return id
      },
      { label: 'move' },
    )
    expectTypeOf(write).toEqualTypeOf<Write<Id<'lists'>>>()
    expectTypeOf(db.write(() => {})).toEqualTypeOf<Write<void>>()
    expectTypeOf(db.home.write((tx) => tx.todos.insert({ id: tx.newId(), title: 'a' })).value).toEqualTypeOf<Id<'todos'>>()
    // @ts-expect-error a transaction is synchronous
    db.write(async (tx) => {
      tx.todos.delete(todo)
    })
    // @ts-expect-error a write inside a write
    db.write(() => db.todos.delete(todo))
    // @ts-expect-error maybe a promise
    db.write(() => (Math.random() > 0.5 ? Promise.resolve(1) : 1))
    db.write((tx) => {
      // @ts-expect-error insert needs a space, inside a transaction too
      tx.todos.insert({ title: 'a' })
      // @ts-expect-error nothing to subscribe to inside a transaction
      tx.todos.subscribe(() => {})
    })
  })
})

test('the kind of a field decides its verbs', () => {
  compiles(() => {
    // @ts-expect-error a required field is missing
    db.home.todos.insert({ done: true })
    // @ts-expect-error insert needs a space
    db.todos.insert({ title: 'a' })
    // @ts-expect-error a counter is incremented, not set
    db.todos.update(todo, { votes: 3 })
    // @ts-expect-error a set is added to, not set
    db.todos.update(todo, { tags: ['a'] })
    // @ts-expect-error an id of another table
    db.todos.update(list, { done: true })
    // @ts-expect-error an id of another table
    db.todos.get(list)
    // @ts-expect-error increment of a title
    db.todos.increment(todo, 'title')
    // @ts-expect-error increment of a set
    db.todos.increment(todo, 'tags')
    // @ts-expect-error reset of a boolean
    db.todos.reset(todo, 'done')
    // @ts-expect-error add of a wrong element
    db.todos.add(todo, 'tags', 1)
    // @ts-expect-error add of another set's element
    db.todos.remove(todo, 'sizes', 'a')
    // @ts-expect-error add to a title
    db.todos.add(todo, 'title', 'a')
    // @ts-expect-error a table without counters
    db.lists.increment(list, 'name')
    // @ts-expect-error a table without sets
    db.lists.add(list, 'name', 'a')
    // @ts-expect-error no such field
    db.todos.update(todo, { titel: 'a' })
    // @ts-expect-error no such table
    db.todo.read()
  })
})

test('questions are typed by field', () => {
  compiles(() => {
    // @ts-expect-error where is typed by field
    db.todos.where({ done: 'no' })
    // @ts-expect-error where on a json
    db.todos.where({ meta: { a: 1 } })
    // @ts-expect-error orderBy of a set
    db.todos.orderBy('tags')
    // @ts-expect-error orderBy of a json
    db.todos.orderBy('meta')
    // @ts-expect-error no such direction
    db.todos.orderBy('title', 'down')
    // @ts-expect-error no such field
    db.todos.where({ titel: 'a' })
    const first: Live<Todo | undefined> = db.todos.orderBy('votes', 'desc').first()
    void first
  })
})

test('db.live reads, and conflicts are typed by table and field', () => {
  compiles(() => {
    const sidebar = db.live((read) =>
      read.lists
        .orderBy('name')
        .read()
        .map((row) => ({ ...row, open: read.space(row.$space).todos.where({ done: false }).count().read() })),
    )
    expectTypeOf(sidebar.read()[0]?.open).toEqualTypeOf<number | undefined>()
    db.live((read) => {
      // @ts-expect-error it only reads
      read.todos.delete(todo)
    })
    for (const conflict of db.conflicts.read()) {
      if (conflict.table === 'todos' && conflict.field === 'due') expectTypeOf(conflict.kept.value).toEqualTypeOf<number | null>()
      if (conflict.table === 'todos' && conflict.kind === 'deleted')
        expectTypeOf(conflict.dropped.value.title).toEqualTypeOf<string | undefined>()
      if (conflict.kind === 'deleted') expectTypeOf(conflict.kept).toEqualTypeOf<null>()
      // @ts-expect-error no such table
      void (conflict.table === 'todo')
    }
    const games = defineSchema({ version: 1, tables: { games: table({ name: string(), scores: map(number()) }) } })
    for (const conflict of ({} as Database<typeof games>).conflicts.read()) {
      if (conflict.field === 'scores') expectTypeOf([conflict.key, conflict.kept.value]).toEqualTypeOf<(string | number | null)[]>()
      if (conflict.field === 'name') expectTypeOf(conflict.key).toEqualTypeOf<null>()
    }
  })
})

test('a schema of 60 tables type-checks', { timeout: 60_000 }, () => {
  const names = Array.from({ length: 60 }, (_, i) => `table${i}`)
  const tables = names.map(
    (name, i) => `${name}: table({
      title: string(), done: boolean().default(false), due: timestamp().nullable(), size: number(), color: oneOf('a', 'b').default('a'),
      next: ref('table${(i + 1) % 60}').nullable(), meta: json<{ a: number }>().nullable(), votes: counter(), tags: set(string()), note${i}: string().nullable(),
    }).index('done', 'title')`,
  )
  const uses = names.map(
    (name, i) => `export const use${i} = async (): Promise<Row<typeof schema, '${name}'> | undefined> => {
      const id = await db.home.${name}.insert({ title: 'a', size: 1, tags: ['x'] })
      db.${name}.update(id, { note${i}: 'b' }); db.${name}.increment(id, 'votes'); db.${name}.add(id, 'tags', 'y')
      db.write((tx) => { for (const row of tx.${name}.where({ done: false, note${i}: { startsWith: 'a' } })) tx.${name}.delete(row.id) })
      // @ts-expect-error still typed
      db.${name}.increment(id, 'title')
      return db.${name}.where({ tags: { has: 'x' } }).orderBy('due').first().read()
    }`,
  )
  const source = `import { boolean, counter, defineSchema, json, number, oneOf, ref, type Row, set, string, table, timestamp } from '@holdfast/shared'
    import type { Database } from '@holdfast/client/internal/surface'
    export const schema = defineSchema({ version: 1, tables: { ${tables.join(',\n')} } })
    declare const db: Database<typeof schema>
    export const lost = () => db.conflicts.read().map((c) => (c.table === 'table7' && c.field === 'due' ? c.dropped.value?.toFixed() : c.record))
    ${uses.join('\n')}`
  const packages = fileURLToPath(new URL('../..', import.meta.url))
  const config = {
    extends: join(packages, '../tsconfig.base.json'),
    compilerOptions: {
      noEmit: true,
      declaration: true,
      paths: Object.fromEntries(
        ['shared', 'client'].flatMap((name) => [
          [`@holdfast/${name}`, [join(packages, name, 'src/index.ts')]],
          [`@holdfast/${name}/internal/*`, [join(packages, name, 'src/*.ts')]],
        ]),
      ),
    },
    files: ['schema.ts'],
  }
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-types-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    writeFileSync(join(folder, 'schema.ts'), source)
    const start = performance.now()
    const tsc = join(packages, '../node_modules/typescript/bin/tsc')
    let output = ''
    try {
      execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    } catch (error) {
      output = (error as { stdout: string }).stdout
    }
    process.stdout.write(`60 tables type-checked in ${Math.round(performance.now() - start)} ms\n`)
    expect(output).toBe('')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
