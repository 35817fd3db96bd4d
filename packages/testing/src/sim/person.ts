import type { Database } from '@holdfast/client'
import { internalsOf } from '@holdfast/client/internal/internals'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { Device, TabOptions } from '../device.ts'
import { type Watch, watchStatus } from '../world.ts'

export interface SimTab {
  readonly db: Database
  readonly watch: Watch
  kill(): void
  freeze(): void
  thaw(): void
}

/** Somebody with a device and some tabs of the app on it. */
export interface Person {
  readonly name: string
  readonly user: string
  readonly device: Device
  readonly tabs: SimTab[]
  readonly watches: Watch[]
  /** The writes that were acknowledged to him, `await write` having resolved: each with whether it has to be in the log, if it is applied. */
  readonly stored: Map<string, boolean>
  /** The dead letters that he was shown. */
  readonly listed: Set<string>
}

/** What `openDatabase` is given but for the user: schema, rules, commands. */
export type ClientOptions = Omit<TabOptions<Schema>, 'userId'>

export async function openTab(person: Person, options: ClientOptions): Promise<SimTab> {
  const { db, kill, freeze, thaw } = await person.device.mortalTab({ ...options, userId: person.user })
  const tab: SimTab = { db: db as unknown as Database, watch: watchStatus(db, []), kill, freeze, thaw }
  person.tabs.push(tab)
  person.watches.push(tab.watch)
  return tab
}

export const newPerson = (name: string, user: string, device: Device): Person => ({
  name,
  user,
  device,
  tabs: [],
  watches: [],
  stored: new Map(),
  listed: new Set(),
})

/** Notes what is on disk by now, and what is listed: from here on a write has to be in effect in the end, or listed. */
export function noteStored({ tabs, stored, listed }: Person): void {
  for (const { db } of tabs) {
    for (const { id } of db.deadLetters.read()) listed.add(id)
    for (const { revision, event, transaction } of internalsOf(db).replica.pending) {
      if (revision === undefined || event.healed) continue
      // Others may find that there is nothing to do.
      stored.set(
        dotName(transaction.dot),
        transaction.operations.some(([kind]) => kind === 'ins' || kind === 'put'),
      )
    }
  }
}
