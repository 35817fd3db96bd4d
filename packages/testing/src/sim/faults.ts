import { turns } from '../manual-clock.ts'
import { pick, type Random } from '../random.ts'
import type { World } from '../world.ts'
import { badNetwork } from './network.ts'
import { type ClientOptions, openTab, type Person } from './person.ts'

/** A run, as far as faults look at it. */
export interface Faulty {
  readonly world: World
  readonly random: Random
  readonly client: ClientOptions
  readonly users: readonly string[]
  readonly spaces: readonly string[]
  /** Requests that the network may bring once more. */
  readonly late: (() => Promise<unknown>)[]
  /** Backups of the server, of the history that goes on. */
  readonly copies: string[]
  hasRevoked: boolean
  readonly hit: (what: string) => void
}

export type FaultName = keyof typeof FAULTS
export const ALL_FAULTS = (): ReadonlySet<FaultName> => new Set(Object.keys(FAULTS) as FaultName[])

/** One fault each, and how likely it is among them. */
const FAULTS = {
  offline: [6, (_, { device }) => device.offline()],
  online: [9, (_, { device }) => device.online()],
  'cut lines': [4, (_, { device }) => device.cutLines()],
  'bad network': [
    4,
    ({ world, random, late, hit }, { device }) => {
      const isBad = random() < 0.6
      const sleep = (ms: number) => new Promise<void>((resolve) => void world.clock.setTimer(ms, resolve))
      device.through(isBad ? badNetwork({ random, hit: (fault) => hit(`network: ${fault}`), late, sleep }) : undefined)
    },
  ],
  'old body again': [
    2,
    async ({ late, random }) =>
      void (await late
        .splice(Math.floor(random() * late.length), 1)[0]?.()
        .catch(() => undefined)),
  ],
  'clock skew': [3, ({ random }, { device }) => device.skewClock(random() < 0.5 ? 0 : Math.floor((random() - 0.5) * 8 * 3_600_000))],
  'tab opens': [3, async (sim, person) => void (person.tabs.length < 3 && (await openTab(person, sim.client)))],
  reload: [
    4,
    async (sim, person) => {
      const [tab] = person.tabs.splice(Math.floor(sim.random() * person.tabs.length), 1)
      await tab?.db.close()
      if (person.tabs.length === 0) await openTab(person, sim.client)
    },
  ],
  crash: [
    3,
    async (sim, person) => {
      person.tabs.splice(Math.floor(sim.random() * person.tabs.length), 1)[0]?.kill()
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
      device.between(isLossy ? (_, deliver) => (random() < 0.2 ? undefined : setImmediate(deliver)) : undefined)
    },
  ],
  'time passes': [12, ({ world, random }) => world.clock.advance(Math.floor(random() ** 3 * 60_000))],
  'device sleeps': [1, ({ world, random }) => world.clock.sleep(Math.floor(random() * 3_600_000))],
  'server restarts': [
    2,
    async ({ world }) => {
      await world.stop()
      await turns(3)
      world.start()
    },
  ],
  'server goes back': [
    2,
    async (sim) => {
      const { world, random, copies } = sim
      // Never where access was lost: what he had confirmed left his device with the space, and could not be told again. Nor to the copy of
      // a history that was left: what was refused after that would be in effect again, and nobody could know.
      if (sim.hasRevoked) return
      if (copies.length === 0 || random() < 0.6) {
        copies.push(await world.backup())
        return
      }
      copies.length = 1 + Math.floor(random() * copies.length)
      await world.restore(copies.at(-1) as string)
      sim.hit('server restored')
    },
  ],
  revoke: [
    2,
    async (sim) => {
      const { world, random, users, spaces, copies } = sim
      if (copies.length > 0 || users.length < 2) return
      sim.hasRevoked = true
      await world.server.revoke(pick(random, spaces), users.at(-1) as string)
    },
  ],
  grant: [3, async ({ world, random, users, spaces }) => world.server.grant(pick(random, spaces), users.at(-1) as string, 'write')],
} satisfies Record<string, readonly [weight: number, act: (sim: Faulty, person: Person) => unknown]>

/** Each fault as often as it weighs. */
const LOTS = (Object.keys(FAULTS) as FaultName[]).flatMap((name) => Array<FaultName>(FAULTS[name][0]).fill(name))

/** A fault, by a number from 0 up to, and without, 1. */
export const faultOf = (dice: number): FaultName => LOTS[Math.floor(dice * LOTS.length)] as FaultName

export const doFault = async (name: FaultName, sim: Faulty, person: Person): Promise<void> => {
  await (FAULTS[name][1] as (sim: Faulty, person: Person) => unknown)(sim, person)
}
