import type { HoldfastError } from '@holdfast/shared/internal/errors'
import { quiet } from '../manual-clock.ts'
import { pick } from '../random.ts'
import { sameTabs } from './checkers.ts'
import type { Fault, Faulty } from './faulty.ts'
import { leaveTab, newPerson, openTab, type Person } from './person.ts'

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
  // What he had confirmed, and saw, leaves his device with the space.
  unfollows: [
    2,
    ({ random, spaces, people, away, hit }, { device, user, tabs }) => {
      const space = pick(random, spaces)
      const concerned = [...people, ...away].filter((one) => one.device === device && one.user === user && !one.lost.has(space))
      for (const { lost } of concerned) lost.add(space)
      const letGo = pick(random, tabs).db.space(space).unfollow()
      letGo.then(
        () => hit('state: a space was let go'),
        ({ code }: HoldfastError) => {
          if (code === 'unsent_writes') for (const { lost } of concerned) lost.delete(space)
        },
      )
    },
  ],
  follows: [3, ({ random, spaces }, { tabs }) => pick(random, tabs).db.space(pick(random, spaces)).follow()],
  // What is on disk is all that counts: who opens a tab, and comes back to the others, sees the same in each.
  'looks at all tabs': [
    3,
    async ({ client }, person) => {
      if (person.tabs.length < 3) await openTab(person, client)
      await quiet()
      person.device.wake()
      await quiet()
      const tabs = person.tabs.filter(({ db }) => db.status.read().problem === null)
      sameTabs({ people: [{ ...person, tabs }], schema: client.schema })
    },
  ],
  'another user': [1, (sim, person) => changeUser(sim, person)],
} satisfies Record<string, Fault>

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
