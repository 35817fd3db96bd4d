import { internalsOf } from '@holdfast/client/internal/internals'
import { Broken } from './broken.ts'
import type { Person } from './person.ts'

interface Moment {
  readonly people: readonly Person[]
  /** Nothing is about to happen that does not wait for a timer: whoever is cut off knows it. */
  readonly isQuiet: boolean
}

/** P11: what a status says is so: counted again, in every tab that is awake. */
export function trueStatus({ people, isQuiet }: Moment): void {
  for (const { name, device, tabs } of people) {
    for (const { db, isFrozen } of tabs) {
      if (isFrozen) continue
      const { replica } = internalsOf(db)
      const { state, pending, deadLetters, conflicts } = db.status.read()
      const said = { pending, deadLetters, conflicts }
      const is = { pending: replica.pending.length, deadLetters: db.deadLetters.read().length, conflicts: db.conflicts.read().length }
      const fail = (what: string) => {
        throw new Broken('honest status', `${name} is told ${JSON.stringify({ state, ...said })}: ${what}`)
      }
      if (JSON.stringify(said) !== JSON.stringify(is)) fail(`there are ${JSON.stringify(is)}`)
      const { spaces } = replica.known
      const missing = (spaces ?? []).find(({ space }) => replica.follows(space) && !replica.known.cut[space])
      if (state === 'synced' && (is.pending > 0 || !spaces || missing || replica.isBaseLost))
        fail(`${missing?.space ?? 'something'} is still to come`)
      if (isQuiet && !device.isOnline && (state === 'synced' || state === 'syncing')) fail('there is no network')
    }
  }
}
