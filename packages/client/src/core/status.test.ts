import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import { Replica } from './replica.ts'
import { statusOf } from './status.ts'
import { initialSync } from './sync-machine.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })
const plain = { e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], deltas: [], cut: {} } as const

test('P11: nothing is synced in a tab that has not read yet what the tab that syncs has stored', () => {
  const replica = new Replica(schema)
  const idle = { ...initialSync, phase: 'idle' as const, owed: false }
  const others = { leader: false, network: true, storage: 'persistent', storageProblem: undefined, conflicts: 0, held: undefined }
  const state = (revision = 0) => statusOf({ replica, ...others, sync: { state: idle, revision } } as never).state
  expect(state()).toBe('syncing')
  replica.apply(1, { ...plain, spaces: [{ space: 'x', access: 'write', role: null }] })
  expect(state()).toBe('syncing')
  const deltas = [{ space: 'x', from: 0, to: 2, whole: true, by: [], records: [] }]
  replica.apply(2, { ...plain, deltas, cut: { x: { seq: 2, hash: '' } } })
  expect([state(), state(2), state(3)]).toEqual(['synced', 'synced', 'syncing'])
  replica.loseBase()
  expect(state()).toBe('syncing')
})
