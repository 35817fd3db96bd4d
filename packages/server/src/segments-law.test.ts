import { boolean, counter, defineSchema, first, map, max, number, rank, set, siblings, string, table, threeWay } from '@holdfast/shared'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unsafeTrustToken } from './dev.ts'
import { need } from './engine/reads.ts'
import type { SegmentSet } from './engine/segment-set.ts'
import { HOME, sameBase, taking } from './segments.kit.ts'
import { memoryStorage } from './storage/memory-storage.ts'
import { createSyncServer } from './sync-server.ts'
import { tx, wireClient } from './wire-client.kit.ts'

const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string(),
      done: boolean().default(false),
      owner: string().nullable().merge(first),
      size: number().nullable().merge(max),
      both: string().nullable().merge(siblings),
      text: string()
        .nullable()
        .merge(threeWay(({ theirs, mine }) => `${theirs}${mine}`)),
      votes: counter(),
      tags: set(string()),
      notes: map(string()),
      place: rank(),
    }),
    alive: table({ title: string() }).deletes('edit-wins'),
  },
})

interface Step {
  readonly table: 'todos' | 'alive'
  readonly id: string
  readonly what: number
  readonly value: string
  /** Whose write it is, and how many transactions it has not seen. */
  readonly session: 'A' | 'B' | 'C'
  readonly behind: number
}

const IDS = [...Array.from({ length: 24 }, (_, i) => (i % 8 === 7 ? `😀${i}` : `r${i}`)), '\uffee']

const word = fc.constantFrom('a', 'b', 'é', '😀', '', 'xyz')
const step: fc.Arbitrary<Step> = fc.record({
  table: fc.constantFrom('todos', 'todos', 'todos', 'alive'),
  id: fc.constantFrom(...IDS),
  what: fc.nat(12),
  value: word,
  session: fc.constantFrom('A', 'B', 'C'),
  behind: fc.oneof(fc.constant(0), fc.nat(6)),
})

function operationOf({ table, id, what, value }: Step): readonly unknown[] {
  const at = [HOME, table, id]
  const fields =
    table === 'alive'
      ? [{ title: value }]
      : [{ title: value }, { done: true }, { owner: value }, { size: value.length }, { both: value }, { text: value }]
  if (what < 4) return [what < 3 ? 'ins' : 'put', ...at, table === 'alive' ? { title: value } : { title: value, place: ['K', null, null] }]
  if (what < 6) return [what === 4 ? 'del' : 'res', ...at]
  if (table === 'alive' || what < 8) return ['upd', ...at, fields[(value.length + id.length + what) % fields.length]]
  return (
    [
      ['inc', ...at, 'votes', value.length],
      ['add', ...at, 'tags', [value]],
      ['rem', ...at, 'tags', [value]],
      ['key', ...at, 'notes', { [`k${value}`]: id }],
      ['mov', ...at, 'place', ['M', null, null]],
    ][what - 8] ?? []
  )
}

/** Whatever is written, at every cut, also while a set is being built. */
test('segments, and what changed since, are the space', { timeout: 120_000 }, async () => {
  const seen = { applied: 0, refused: 0, conflicts: 0, dead: 0, whileBuilding: 0, partly: 0 }
  const together = fc.array(step, { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(fc.array(together, { minLength: 5, maxLength: 30, size: 'max' }), async (history) => {
      const storage = memoryStorage()
      const server = createSyncServer({ schema, storage, authenticate: unsafeTrustToken, segmentsFrom: 4, log: () => undefined })
      const ann = wireClient(server.fetch, 'ann')
      const cuts: Cursor[] = [{ seq: 0, hash: '' }]
      const last = { A: 0, B: 0, C: 0 }
      let names = new Set<string>()
      const write = async (steps: readonly Step[]) => {
        const { session, behind } = steps[0] as Step
        const cursor = cuts.at(-1 - behind) ?? (cuts[0] as Cursor)
        const operations = steps.map(operationOf)
        const answer = await ann.sync({
          pull: false,
          cursors: cursor.seq > 0 ? { [HOME]: cursor } : {},
          tx: [tx(session, ++last[session], operations, { base: { [HOME]: cursor.seq } })],
        })
        const [verdict] = answer.verdicts
        if (verdict?.is === 'applied') {
          seen.applied++
          seen.conflicts += verdict.conflicts
        } else if (verdict?.is === 'refused') seen.refused++
        else throw new Error(JSON.stringify(answer))
        cuts.push(answer.cut.get(HOME) ?? cursor)
      }
      const there = (one: 'todos' | 'alive', from: number): Step[] =>
        IDS.slice(from, from + 20).map((id) => ({ table: one, id, what: 0, value: 'a', session: 'A', behind: 0 }))
      await write([...there('todos', 0), ...there('alive', 5)])
      const [first = [], second = [], ...later] = history
      await Promise.all([ann.sync(taking), write(first).then(() => write(second))])
      for (const steps of later) {
        const delta = await sameBase(server, schema)
        const { from, through } = JSON.parse((await storage.read(() => need('segmentSet', HOME))) ?? '') as SegmentSet
        if (from < through.seq) seen.whileBuilding++
        const now = new Set(delta.segments?.map(([name]) => name))
        if ([...now].some((name) => names.has(name)) && [...now].some((name) => !names.has(name))) seen.partly++
        names = now
        await write(steps)
      }
      await sameBase(server, schema)
      seen.dead += (await storage.read(() => need('page', HOME, undefined, 1000))).filter(({ body }) => body === null).length
      await server.close()
    }),
    { numRuns: 30 },
  )
  // Otherwise it has shown nothing.
  expect(Object.entries(seen).filter(([, n]) => n < 10)).toEqual([])
})
