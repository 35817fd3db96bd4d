import type { SyncServer } from '@holdfast/server'
import { turns } from '../manual-clock.ts'
import { pick } from '../random.ts'
import type { Fault, Faulty } from './faulty.ts'
import { readHistory } from './history.ts'
import { COMMIT_FAULTS } from './server-disk.ts'

/** What the operator does; where the server dies of it he does not hear whether it was done. */
async function operate({ world }: Faulty, work: (server: SyncServer) => Promise<void>): Promise<void> {
  if (world.host.isUp) await world.meanwhile(work(world.server)).catch(() => undefined)
}

/** What was decided since is of a history that is left. */
function leaveHistory(sim: Faulty, ...files: readonly string[]): void {
  for (const file of [sim.world.file, ...files]) sim.histories.push(readHistory(file))
  forgetLost(sim)
}

/** What he had confirmed left his devices with a space that was taken from him: what a server has lost of that nobody speaks of any more. */
function forgetLost({ people, histories }: Faulty): void {
  if (histories.length === 0) return
  for (const { lost, tabs } of people) if (lost.size > 0) for (const { writes } of tabs) writes.length = 0
}

/** Mostly the file is just copied back, which is noticed, too. */
const RESTORES = [
  ['', undefined],
  ['', undefined],
  [', as an epoch', true],
  [', not to be healed', false],
] as const

/** What happens to the server, its disk, and who may do what there. */
export const SERVER_FAULTS = {
  'server restarts': [
    2,
    async ({ world }) => {
      await world.stop()
      await turns(3)
      world.start()
    },
  ],
  'server crashes': [1, ({ world, random }) => world.host.crash(Math.floor(random() * 20_000))],
  'rolling upgrade': [2, ({ world }) => world.host.upgrade()],
  'bad commit': [
    4,
    ({ disk, random }) => {
      disk.next = pick(random, COMMIT_FAULTS)
    },
  ],
  'slow disk': [
    2,
    ({ disk, random }) => {
      disk.lag = random() < 0.5 ? 0 : Math.floor(random() * 5_000)
    },
  ],
  'server clock': [
    1,
    ({ world: { host }, random, sent }) => {
      if (random() < 0.3) host.driftClock(pick(random, [0, 0.5, 2]))
      else host.skewClock(random() < 0.4 ? 0 : Math.floor((random() - 0.5) * 4 * 3_600_000))
      for (const one of [...sent.values()].flat()) one.now = Math.min(one.now, host.now())
    },
  ],
  'server goes back': [
    4,
    async (sim) => {
      const { world, random, copies } = sim
      if (world.branch) return
      // Never to the copy of a history that was left: what was refused after that would be in effect again, and nobody could know.
      if (copies.length === 0 || random() < 0.4) {
        copies.push(await world.backup())
        return
      }
      copies.length = 1 + Math.floor(random() * copies.length)
      await world.stop()
      leaveHistory(sim)
      const [how, heal] = pick(random, RESTORES)
      await world.restore(copies.at(-1) as string, heal)
      sim.hit(`server restored${how}`)
    },
  ],
  'server forks': [
    1,
    async ({ world, random, people, hit }) => {
      if (world.branch) return
      await world.fork(...people.map(({ device }) => device).filter(() => random() < 0.5))
      hit('server forked')
    },
  ],
  'one server is left': [2, (sim) => joinServers(sim)],
  revoke: [
    2,
    async (sim) => {
      const { random, users, spaces, people, away } = sim
      const user = users.at(-1) as string
      if (users.length < 2) return
      const space = pick(random, spaces)
      for (const person of [...people, ...away]) if (person.user === user) person.lost.add(space)
      forgetLost(sim)
      await operate(sim, (server) => server.revoke(space, user))
    },
  ],
  grant: [3, (sim) => operate(sim, (server) => server.grant(pick(sim.random, sim.spaces), sim.users.at(-1) as string, 'write'))],
} satisfies Record<string, Fault>

/** Of two servers one is left, for everybody. */
export async function joinServers(sim: Faulty): Promise<void> {
  const { world, random } = sim
  const { branch } = world
  if (!branch) return
  const winner = random() < 0.5 ? 'original' : 'copy'
  await world.meanwhile(branch.stop())
  await world.stop()
  leaveHistory(sim, branch.file)
  await world.join(winner)
  world.start()
  sim.hit(`server joined: the ${winner}`)
}
