import { internalsOf } from '@holdfast/client/internal/internals'
import type { HoldfastError } from '@holdfast/shared/internal/errors'
import { quiet } from '../manual-clock.ts'
import { pick } from '../random.ts'
import { sameTabs } from './checkers.ts'
import type { Fault, Faulty } from './faulty.ts'
import { leaveTab, newPerson, openTab, type Person } from './person.ts'

/** On this device a space is held no more; what is written there goes up, and does not come back. */
export function letGoOf(
  space: string,
  { random, hit }: Pick<Faulty, 'random' | 'hit'>,
  { tabs, letGo }: Person,
  { db } = pick(random, tabs),
): void {
  const unfollowed = db.space(space).unfollow()
  const isFirst = !letGo.has(space)
  letGo.add(space)
  unfollowed.then(
    () => hit('state: a space was let go'),
    ({ code }: HoldfastError) => isFirst && code === 'unsent_writes' && letGo.delete(space),
  )
}

/** Sometimes it is let go for a moment only, and who leads hears of that when it is over, and something else has come. */
function followAgain(space: string, sim: Faulty, person: Person): void {
  const tab = pick(sim.random, person.tabs)
  if (sim.random() < 0.4) {
    letGoOf(space, sim, person, tab)
    person.device.between(({ is }, deliver) => is === 'revision' || deliver())
  }
  tab.db.space(space).follow()
}

/** What people do with their devices, besides using the app. */
export const PEOPLE_FAULTS = {
  'token expires': [
    4,
    (_, { line, device }) => {
      line.isExpired = true
      device.cutLines()
    },
  ],
  'signed out': [2, (_, { line }) => void Object.assign(line, { isExpired: true, isSignedOut: true })],
  'signs in': [
    5,
    (_, { line }) => {
      line.isSignedOut = false
    },
  ],
  unfollows: [2, (sim, person) => letGoOf(pick(sim.random, sim.spaces), sim, person)],
  follows: [3, (sim, person) => followAgain(pick(sim.random, sim.spaces), sim, person)],
  // What is on disk is all that counts: who opens a tab, and comes back to the others, sees the same in each.
  'looks at all tabs': [
    3,
    async ({ client }, person) => {
      if (person.tabs.length < 3) await openTab(person, client)
      await quiet()
      // Again, for what the look of one has found for the others: they may not hear of each other.
      for (let looks = 0; looks < 2 || (looks < LOOKS && !areLevel(readable(person))); looks++) {
        person.device.wake()
        await quiet()
      }
      if (!person.hasLostSegments) sameTabs({ people: [{ ...person, tabs: readable(person) }], schema: client.schema })
    },
  ],
  'another user': [1, (sim, person) => changeUser(sim, person)],
} satisfies Record<string, Fault>

/** How often somebody comes back to his tabs, as long as one has still to hear of what another has stored. */
const LOOKS = 8

const areLevel = (tabs: Person['tabs']): boolean => new Set(tabs.map(({ db }) => internalsOf(db).replica.revision)).size === 1

/** Those of his tabs that nothing keeps from looking at what the others have stored. */
const readable = ({ tabs }: Person): Person['tabs'] =>
  tabs.filter(
    ({ isFrozen, db }) =>
      !isFrozen && !/^(storage|closed)/.test(db.status.read().problem?.code ?? '') && !internalsOf(db).replica.isBaseLost,
  )

/** Somebody leaves his tabs, and another signs in on the same device. What the first had not sent waits for him. */
async function changeUser(sim: Faulty, person: Person): Promise<void> {
  const { users, random, people, away } = sim
  const user = users[Math.floor(random() * users.length)] as string
  if (user === person.user) return
  for (const tab of [...person.tabs]) {
    leaveTab(person, tab)
    // A frozen tab does not close: it is swiped away.
    if (tab.isFrozen) tab.kill()
    else await sim.world.meanwhile(tab.db.close())
  }
  const isBack = away.findIndex((one) => one.device === person.device && one.user === user)
  const [next = newPerson(`${person.seat} as ${user}`, user, person)] = isBack < 0 ? [] : away.splice(isBack, 1)
  // What was taken from a user is taken from him here, too.
  for (const one of [...people, ...away]) if (one.user === user) for (const space of one.lost) next.lost.add(space)
  away.push(person)
  people[people.indexOf(person)] = next
  await openTab(next, sim.client)
  sim.hit('another user on the device')
}
