import { expect, test } from 'vitest'
import type { NoteEvent } from '../core/event.ts'
import { nothingKnown } from '../core/known.ts'
import type { Replica } from '../core/replica.ts'
import { browserPlatform } from '../platform.ts'
import type { Snapshot, Store } from '../store/store.ts'
import { Tab } from './tab.ts'

test('an event that changed very many rows opens: more of them than a function takes arguments', async () => {
  const event: NoteEvent = { e: 'note', forget: 'whatever' }
  const snapshot: Snapshot = { known: nothingKnown, folded: 0, segments: [], bytes: new Map(), events: [[1, event]] }
  const changes = new Array(200_000).fill({})
  let heard = 0
  const tab = new Tab({
    platform: browserPlatform,
    replica: { load: () => [], apply: () => changes } as Partial<Replica> as Replica,
    store: { load: async () => snapshot } as Partial<Store> as Store,
    announce: () => undefined,
    onChange(changes) {
      heard += changes.length
    },
  })
  await tab.load()
  expect(heard).toBe(changes.length)
})

test('who asks for what was missed just as a look for it ends gets another look', async () => {
  const event: NoteEvent = { e: 'note', forget: 'whatever' }
  let stored = 1
  const replica = {
    revision: 0,
    known: nothingKnown,
    apply(revision: number) {
      this.revision = revision
      return []
    },
  }
  const tab = new Tab({
    platform: browserPlatform,
    replica: replica as Partial<Replica> as Replica,
    store: { since: async (revision) => (revision < stored ? [[stored, event]] : []) } as Partial<Store> as Store,
    announce: () => undefined,
    onChange() {
      if (stored === 2) return
      queueMicrotask(() => {
        stored = 2
        late = tab.catchUp()
      })
    },
  })
  let late: Promise<void> | undefined
  await tab.catchUp()
  await late
  expect(replica.revision).toBe(2)
})
