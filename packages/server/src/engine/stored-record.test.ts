import { counter, defineSchema, set, string, table } from '@holdfast/shared'
import { merge } from '@holdfast/shared/internal/merge/merge'
import { field } from '@holdfast/shared/internal/merge/record'
import { expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from './stored-record.ts'

const { todos } = defineSchema({ version: 1, tables: { todos: table({ title: string(), votes: counter(), tags: set(string()) }) } }).tables
const { todos: older } = defineSchema({ version: 1, tables: { todos: table({ title: string() }) } }).tables

const by = (session: string, seq: number) => ({
  head: { by: [session, 1] as const, seq, at: 10 * seq },
  base: 0,
  sees: () => false,
  counted: () => 0,
})

function record() {
  const made = merge(todos, undefined, ['ins', 'L', 'todos', 't1', { title: 'Milk', tags: ['a'] }], by('A', 1))
  if (!('record' in made)) throw new Error(made.message)
  const edited = merge(todos, made.record, ['ins', 'L', 'todos', 't1', { title: 'Oat', votes: 2, tags: ['a', 'b'] }], by('B', 2))
  if (!('record' in edited) || !edited.record) throw new Error('no record')
  return edited.record
}

test('a record comes back as it was, each head written once', () => {
  const text = encodeRecord(todos, record())
  expect(decodeRecord(todos, text)).toEqual(record())
  expect(text.match(/"A"/g)).toHaveLength(1)
  expect(encodeRecord(todos, decodeRecord(todos, text))).toBe(text)
})

test('what others wrote to fields that a schema does not know hinders no delete', () => {
  const stored = decodeRecord(older, encodeRecord(todos, record()))
  const gone = merge(older, stored, ['del', 'L', 'todos', 't1'], { ...by('C', 3), sees: () => false })
  if (!('record' in gone) || !gone.record) throw new Error('no record')
  expect(gone.record.died).toHaveLength(1)
  expect(gone.losses.flatMap(({ value }) => Object.keys(value as object))).toContain('title')
  const back = decodeRecord(todos, encodeRecord(older, gone.record))
  expect(back.fields.votes).toEqual(record().fields.votes)
})

test('fields that a schema does not know are carried through its changes', () => {
  const changed = merge(older, decodeRecord(older, encodeRecord(todos, record())), ['upd', 'L', 'todos', 't1', { title: 'Soy' }], {
    ...by('C', 3),
    sees: () => true,
  })
  if (!('record' in changed) || !changed.record) throw new Error('no record')
  const again = encodeRecord(older, decodeRecord(older, encodeRecord(older, changed.record)))
  const back = decodeRecord(todos, again)
  expect(back.fields.votes).toEqual(record().fields.votes)
  expect(back.fields.tags).toEqual(record().fields.tags)
  expect(field(todos, 'title').policy.read(back.fields.title)).toBe('Soy')
})
