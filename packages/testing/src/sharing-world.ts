import { afterEach, expect } from 'vitest'
import type { Device } from './device.ts'
import { app } from './sharing/app.ts'
import { config } from './sharing/config.ts'
import type { Db } from './sharing/lists.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

export interface Person {
  readonly device: Device
  readonly db: Db
}

/** For the tests of one file: a world with the app of docs/sharing.md, and the people who use it. */
export function useSharing() {
  let world: World
  afterEach(() => world.close())
  const sharing = {
    get world(): World {
      return world
    },
    begin(options: WorldOptions = {}): void {
      world = createWorld({ server: config, ...options })
    },
    /** Somebody with a device of his own, who is online and has what there is. */
    async person(userId: string): Promise<Person> {
      const device = world.device()
      const db: Db = await device.tab({ ...app, userId })
      await world.until(() => expect(db.status.read().state).toBe('synced'))
      return { device, db }
    },
    /** Waits until nothing of theirs waits any more. */
    settled: (...people: readonly { db: Db }[]) =>
      Promise.all(people.map(({ db }) => world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0 })))),
    titles: (db: Db) =>
      db.todos
        .read()
        .map(({ title }) => title)
        .sort(),
  }
  return sharing
}
