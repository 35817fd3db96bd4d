import type { Database } from '@holdfast/client'
import {
  conflicting,
  counter,
  defineSchema,
  first,
  type JsonValue,
  json,
  latest,
  map,
  max,
  min,
  rank,
  set,
  siblings,
  strict,
  string,
  table,
  threeWay,
} from '@holdfast/shared'
import { canonical, compareStrings } from '@holdfast/shared/internal/json'
import type { Row } from '@holdfast/shared/internal/merge/record'
import type { Field } from '@holdfast/shared/internal/schema/field'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { expect } from 'vitest'
import { createWorld } from '../world.ts'
import type { Pair, Person, Step } from './read-pairs.ts'

type Value = JsonValue | undefined

/** A field of each policy, by the name of the policy. */
export const FIELDS: Readonly<Record<string, () => Field>> = {
  latest: () => json().merge(latest),
  first: () => json().merge(first),
  max: () => json<number | string | null>().merge(max),
  min: () => json<number | string | null>().merge(min),
  siblings: () => json().merge(siblings),
  strict: () => json().merge(strict),
  'three-way': () =>
    string()
      .default('')
      // As docs/conflicts.md has it.
      .merge(threeWay(({ base, theirs, mine }) => (mine.startsWith(base) ? theirs + mine.slice(base.length) : conflicting(theirs)))),
  counter,
  set: () => set(string()),
  map: () => map(json()),
  rank,
}

/** The tables whose pairs are about whole records. */
export const DELETIONS = ['delete-wins', 'edit-wins'] as const

/** What became of one pair. */
export interface Result {
  /** What each saw before anybody else's writes. */
  readonly predicted: Readonly<Record<Person, Value>>
  /** What all see in the end. */
  readonly shown: Readonly<Record<Person | 'server', Value>>
  readonly told: readonly string[]
}

const L = 'L'
/** The record that a pair is about; of a rank there are several, whose ids the pair says. */
const ID = 'r'
const MINUTE = 60_000

/** Each pair has a table of its own, so that all of them run at once and none is in another's way. */
const nameOf = ({ line }: Pair) => `line${line}`

const schemaOf = (pairs: readonly Pair[]): Schema =>
  defineSchema({
    version: 1,
    tables: Object.fromEntries(
      pairs.map((pair) => {
        const made = table({ value: (FIELDS[pair.policy] ?? json)() })
        return [nameOf(pair), pair.policy === 'edit-wins' ? made.deletes('edit-wins') : made]
      }),
    ),
  }) as Schema

interface AnyTable extends Iterable<Row> {
  [verb: string]: unknown
  get(id: string): Row | undefined
  insert(values: object): unknown
  upsert(id: string, values: object): unknown
  delete(id: string): unknown
  read(): readonly Row[]
}

const tableOf = (db: Database, pair: Pair) => (db.space(L) as unknown as Record<string, AnyTable>)[nameOf(pair)] as AnyTable

function place([word, of]: readonly JsonValue[]): unknown {
  return word === 'after' || word === 'before' ? { [word]: of } : word
}

function perform(db: Database, pair: Pair, { verb, args }: Step): void {
  const table = tableOf(db, pair)
  const [value, ...more] = args
  const isRank = pair.policy === 'rank'
  const [id, given] = isRank ? [String(value), place(more)] : [ID, value]
  if (verb === 'insert') table.insert({ id, value: given })
  else if (verb === 'upsert') table.upsert(id, { value: given })
  else if (verb === 'set' || verb === 'update') call(table, 'update', id, { value: given })
  else if (verb === 'delete' || verb === 'restore') call(table, verb, id)
  else if (isRank) call(table, verb, id, 'value', given)
  else call(table, verb, id, 'value', ...args)
}

const call = (table: AnyTable, verb: string, ...args: readonly unknown[]) => (table[verb] as (...args: readonly unknown[]) => void)(...args)

/** What begins a pair: written by somebody else, before all. */
function begin(db: Database, pair: Pair): void {
  const { is, value } = pair.before
  if (is === 'none') return
  if (pair.policy === 'rank') for (const id of value as string[]) perform(db, pair, { verb: 'insert', args: [id, 'last'] })
  else perform(db, pair, { verb: 'insert', args: [value as JsonValue] })
}

const shownIn = (pair: Pair, rows: readonly Row[]): Value =>
  pair.policy === 'rank'
    ? [...rows].sort((a, b) => compareStrings(String(a.value), String(b.value)) || compareStrings(a.id, b.id)).map(({ id }) => id)
    : rows.find(({ id }) => id === ID)?.value

const shownBy = (db: Database, pair: Pair): Value => shownIn(pair, tableOf(db, pair).read())

/** Runs all pairs, with one person or the other going online first. */
export async function runPairs(pairs: readonly Pair[], order: Person): Promise<Map<Pair, Result>> {
  const schema = schemaOf(pairs)
  const world = createWorld({ server: { schema } })
  try {
    const devices = { Ann: world.device(), Bob: world.device(), Eve: world.device() }
    for (const user of ['ann', 'bob', 'eve']) await world.server.grant(L, user, 'write')
    const open = (name: keyof typeof devices) =>
      devices[name].tab({ schema, userId: name.toLowerCase() }) as Promise<unknown> as Promise<Database>
    const dbs = { Ann: await open('Ann'), Bob: await open('Bob'), Eve: await open('Eve') }
    const settled = (...some: readonly Database[]) =>
      world.until(() => {
        for (const db of some) expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0, problem: null })
      })
    /** Everybody has what the server has. */
    const agreed = () =>
      world.until(async () => {
        const { tables } = await world.dump(L)
        for (const db of [dbs.Ann, dbs.Bob, dbs.Eve])
          expect(pairs.map((pair) => tableOf(db, pair).read())).toEqual(pairs.map((pair) => tables[nameOf(pair)]))
        const conflicts = [dbs.Ann, dbs.Bob].flatMap((db) => db.conflicts.read().map(({ id }) => id))
        expect(conflicts.sort()).toEqual(tables.$conflicts?.map(({ id }) => id))
      })
    await settled(dbs.Eve)
    for (const pair of pairs) begin(dbs.Eve, pair)
    await settled(dbs.Eve)
    await agreed()
    for (const pair of pairs) if (pair.before.is === 'deleted') tableOf(dbs.Eve, pair).delete(ID)
    await settled(dbs.Eve)
    await agreed()

    const predicted = new Map<Pair, Record<Person, Value>>()
    for (const pair of pairs) predicted.set(pair, { Ann: undefined, Bob: undefined })
    for (const person of ['Ann', 'Bob'] as const) devices[person].offline()
    for (const person of ['Ann', 'Bob'] as const) {
      await world.clock.advance(MINUTE)
      for (const [pair, shown] of predicted) {
        for (const step of pair.steps[person]) perform(dbs[person], pair, step)
        shown[person] = shownBy(dbs[person], pair)
      }
    }
    for (const person of order === 'Ann' ? (['Ann', 'Bob'] as const) : (['Bob', 'Ann'] as const)) {
      devices[person].online()
      await settled(dbs[person])
    }
    await agreed()

    const { tables } = await world.dump(L)
    return new Map(
      pairs.map((pair): [Pair, Result] => [
        pair,
        {
          predicted: predicted.get(pair) as Result['predicted'],
          shown: {
            Ann: shownBy(dbs.Ann, pair),
            Bob: shownBy(dbs.Bob, pair),
            server: shownIn(pair, tables[nameOf(pair)] ?? []),
          },
          told: (['Ann', 'Bob'] as const).flatMap((person) => toldTo(dbs[person], person, pair)).sort(),
        },
      ]),
    )
  } finally {
    await world.close()
  }
}

/** Conflicts and dead letters, in the words of the tables. */
function toldTo(db: Database, person: Person, pair: Pair): string[] {
  const conflicts = db.conflicts.read().filter(({ table }) => table === nameOf(pair))
  const letters = db.deadLetters.read().filter(({ summary }) => summary.some((line) => line.includes(` ${nameOf(pair)} `)))
  return [
    ...conflicts.map((conflict) => {
      const { kind, dropped } = conflict as { kind: string; dropped: { value: JsonValue } }
      const { key } = conflict
      const value = kind === 'deleted' ? (dropped.value as { value: JsonValue }).value : dropped.value
      return `conflict of ${person}${kind === 'deleted' ? ', deleted' : ''}: ${canonical(key === null ? value : { [key]: value })}`
    }),
    ...letters.map(({ code }) => `dead letter of ${person}: ${code}`),
  ]
}
