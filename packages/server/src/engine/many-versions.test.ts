import { counter, defineSchema, first, json, map, max, min, set, siblings, string, table, threeWay } from '@holdfast/shared'
import { MAX_CONCURRENT } from '@holdfast/shared/internal/clock/heads'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { expect, test } from 'vitest'
import { testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

const text = () => string().default('')
const schema = defineSchema({
  version: 1,
  tables: {
    items: table({
      latest: text(),
      first: text().merge(first),
      siblings: text().merge(siblings),
      max: text().merge(max),
      min: text().merge(min),
      three: text().merge(threeWay(({ theirs }) => theirs)),
      parts: json<unknown>().default(null).merge(siblings),
      votes: counter(),
      tags: set(string()),
      notes: map(string()),
    }),
  },
})
const COUNT = 100
const insert = ['ins', 's', 'items', 'i', {}]
const update = (field: string, value: unknown) => ['upd', 's', 'items', 'i', { [field]: value }]
const del = ['del', 's', 'items', 'i']

/** A server that has an item, and a client that says of each of its transactions that it had seen the item and none of the others. */
async function hostile() {
  const { client, server } = testServer({ schema } as never)
  for (const user of ['ann', 'eve']) await server.grant('s', user, 'write')
  const [ann, eve] = [client('ann'), client('eve')]
  const { cut } = await ann.sync({ tx: [tx('A', 1, [insert])] })
  const cursors = Object.fromEntries(cut)
  let n = 0
  return {
    async eve(count: number, operation: (i: number) => unknown) {
      const all = Array.from({ length: count }, (_, i) => tx('E', ++n, [operation(i)], { base: { s: 1 }, seen: { E: 0 }, at: 1000 + i }))
      return (await eve.sync({ cursors, tx: all })).verdicts.map((verdict) => ('code' in verdict ? verdict.code : verdict.is))
    },
    /** Somebody who has seen everything. */
    async ann(operation: unknown) {
      const seen = Object.fromEntries((await ann.sync()).cut)
      return (await ann.sync({ cursors: seen, tx: [tx('A', 2, [operation], { base: { s: seen.s?.seq ?? 0 } })] })).verdicts[0]
    },
    async heads() {
      const { deltas } = await ann.sync()
      return new Set(deltas.flatMap(({ by }) => by.map(([session, at]) => `${session} ${at}`))).size
    },
    async field(name: string) {
      const { deltas } = await ann.sync()
      return deltas.flatMap(({ records }) => records.flatMap(({ r, f }) => (r[0] === 'items' ? [f?.[name]] : [])))[0]
    },
  }
}

const counts = (codes: readonly string[]) =>
  Object.fromEntries(Object.entries(Object.groupBy(codes, (code) => code)).map(([k, v]) => [k, v?.length]))

test.each(['siblings', 'max', 'min', 'three'])(
  'values side by side are bounded, and who has seen them is free to write: %s',
  async (name) => {
    const { eve, ann } = await hostile()
    const verdicts = await eve(COUNT, (i) => update(name, `v${i}`))
    expect(counts(verdicts)).toEqual({ applied: MAX_CONCURRENT, too_large: COUNT - MAX_CONCURRENT })
    expect(await ann(update(name, 'one'))).toMatchObject({ is: 'applied' })
    expect(await eve(1, () => update(name, 'again'))).toEqual(['applied'])
  },
)

test.each([
  ['latest', (i: number) => update('latest', `v${i}`)],
  ['first', (i: number) => update('first', `v${i}`)],
  ['counter', () => ['inc', 's', 'items', 'i', 'votes', 1]],
  ['set', () => ['add', 's', 'items', 'i', 'tags', ['x']]],
  ['map', (i: number) => ['key', 's', 'items', 'i', 'notes', { x: `v${i}` }]],
])('where there is one value all are taken, and so many changes are remembered: %s', async (_, operation) => {
  const { eve, heads } = await hostile()
  expect(counts(await eve(COUNT, operation))).toEqual({ applied: COUNT })
  // With the insert, with what came first, and with the conflicts of one session.
  expect(await heads()).toBeLessThanOrEqual(MAX_CONCURRENT + 3)
})

test('what counts is the same with many changes as with few: nothing is added twice, the latest stands, what was there first stands', async () => {
  const { eve, field } = await hostile()
  await eve(COUNT, () => ['inc', 's', 'items', 'i', 'votes', 1])
  await eve(COUNT, (i) => update('latest', `v${(i * 37) % COUNT}`))
  await eve(COUNT, (i) => update('first', `v${i}`))
  expect((await field('votes')) as number[]).toMatchObject({ 0: COUNT })
  expect((await field('latest')) as string[]).toMatchObject({ 0: `v${((COUNT - 1) * 37) % COUNT}` })
  expect((await field('first')) as string[]).toMatchObject({ 0: 'v0' })
})

test('a record is inserted and deleted by any number of people at once', async () => {
  const { eve, heads, ann } = await hostile()
  const put = ['put', 's', 'items', 'j', {}]
  expect(counts(await eve(COUNT, () => ['ins', 's', 'items', 'j', {}]))).toEqual({ applied: COUNT })
  expect(await heads()).toBeLessThanOrEqual(MAX_CONCURRENT + 3)
  expect(counts(await eve(COUNT, () => del))).toEqual({ applied: COUNT })
  expect(await ann(update('latest', 'x'))).toMatchObject({ is: 'refused', code: 'unknown_record' })
  expect(counts(await eve(1, () => put))).toEqual({ applied: 1 })
})

const HALF = 'x'.repeat(LIMITS.fieldBytes / 4 - 500)

test.each([
  ['values side by side', (i: number) => update('siblings', i + HALF)],
  ['values of other kinds', (i: number) => update('parts', [i + HALF])],
  ['the entries of a map', (i: number) => ['key', 's', 'items', 'i', 'notes', { [`k${i}`]: HALF }]],
  ['the elements of a set', (i: number) => ['add', 's', 'items', 'i', 'tags', [i + HALF]]],
])('all that a field holds is bounded: %s', async (_, operation) => {
  const { eve } = await hostile()
  expect(await eve(6, operation)).toEqual(['applied', 'applied', 'applied', 'applied', 'too_large', 'too_large'])
})

test('who makes something smaller again is let', async () => {
  const { eve, ann } = await hostile()
  await eve(6, (i) => ['key', 's', 'items', 'i', 'notes', { [`k${i}`]: HALF }])
  expect(await ann(['unk', 's', 'items', 'i', 'notes', ['k0']])).toMatchObject({ is: 'applied' })
  expect(await eve(1, () => ['key', 's', 'items', 'i', 'notes', { other: 'x' }])).toEqual(['applied'])
})
