import { turns } from '../manual-clock.ts'
import { pick } from '../random.ts'
import { DISK_FAULTS } from './disk-faults.ts'
import type { Fault, Faulty } from './faulty.ts'
import { NETWORK_FAULTS } from './network-faults.ts'
import { PEOPLE_FAULTS } from './people-faults.ts'
import { leaveTab, openTab, type Person } from './person.ts'
import { SERVER_FAULTS } from './server-faults.ts'

export type FaultName = keyof typeof FAULTS
export const ALL_FAULTS = (): ReadonlySet<FaultName> => new Set(Object.keys(FAULTS) as FaultName[])

/** How fast clocks go that are broken. */
const PACES = [0, 0.5, 0.999, 1.001, 2] as const

/** One fault each, and how likely it is among them. */
const FAULTS = {
  ...NETWORK_FAULTS,
  ...SERVER_FAULTS,
  ...PEOPLE_FAULTS,
  ...DISK_FAULTS,
  'clock skew': [3, ({ random }, { device }) => device.skewClock(random() < 0.5 ? 0 : Math.floor((random() - 0.5) * 8 * 3_600_000))],
  'clock drifts': [2, ({ random }, { device }) => device.driftClock(pick(random, PACES))],
  'tab opens': [3, async (sim, person) => void (person.tabs.length < 3 && (await openTab(person, sim.client)))],
  reload: [
    4,
    async (sim, person) => {
      const tab = pick(sim.random, person.tabs)
      leaveTab(person, tab)
      await tab.db.close()
      if (person.tabs.length === 0) await openTab(person, sim.client)
    },
  ],
  crash: [
    3,
    async (sim, person) => {
      const tab = pick(sim.random, person.tabs)
      leaveTab(person, tab)
      tab.kill()
      if (person.tabs.length === 0) await openTab(person, sim.client)
    },
  ],
  freeze: [2, (sim, person) => pick(sim.random, person.tabs).freeze()],
  thaw: [
    3,
    (_, { tabs }) => {
      for (const tab of tabs) tab.thaw()
    },
  ],
  'messages lost': [
    3,
    ({ random }, { device }) => {
      const isLossy = random() < 0.5
      device.between(isLossy ? (_, deliver) => (random() < 0.2 ? undefined : deliver()) : undefined)
    },
  ],
  // Each later than the one before, while what comes from elsewhere overtakes them.
  'messages late': [
    2,
    ({ random }, { device }) => {
      let before = Promise.resolve()
      device.between((_, deliver) => {
        before = before.then(() => turns(Math.floor(random() * 8))).then(deliver)
      })
    },
  ],
  'time passes': [12, ({ world, random }) => world.clock.advance(Math.floor(random() ** 3 * 60_000))],
  'device sleeps': [1, ({ world, random }) => world.clock.sleep(Math.floor(random() * 3_600_000))],
} satisfies Record<string, Fault>

/** These faults, each as often as it weighs. */
export const lotsOf = (faults: readonly FaultName[]): readonly FaultName[] =>
  faults.flatMap((name) => Array<FaultName>(FAULTS[name][0]).fill(name))

export const doFault = async (name: FaultName, sim: Faulty, person: Person): Promise<void> => {
  await (FAULTS[name][1] as (sim: Faulty, person: Person) => unknown)(sim, person)
}
