import { pick } from '../random.ts'
import type { Fault, Faulty } from './faulty.ts'
import { goodLine, type Line } from './line.ts'
import type { Person } from './person.ts'

const some = <T>({ random }: Faulty, list: readonly T[]): readonly T[] => list.filter(() => random() < 0.5)
const DIRECTIONS = [
  { up: true, down: false },
  { up: false, down: true },
  { up: true, down: true },
] as const

/** A line as it should be; whether its user is signed in is not the line's matter. */
export const heal = ({ line }: Person): void => {
  const { isExpired, isSignedOut } = line
  Object.assign(line, { ...goodLine(), isExpired, isSignedOut })
}

/** What happens between devices and the server. */
export const NETWORK_FAULTS = {
  offline: [6, (_, { device }) => device.offline()],
  online: [9, (_, { device }) => device.online()],
  'cut lines': [4, (_, { device }) => device.cutLines()],
  'bad network': [
    8,
    ({ random }, { line }) => {
      line.isBad = random() < 0.6
    },
  ],
  'old body again': [
    4,
    async ({ late, random, world }) => {
      const [again] = late.splice(Math.floor(random() * late.length), 1)
      if (again) await world.meanwhile(again()).catch(() => undefined)
    },
  ],
  partition: [3, (sim, { line }) => void Object.assign(line.cut, pick(sim.random, DIRECTIONS))],
  'partition of many': [
    1,
    (sim) => {
      const direction = pick(sim.random, DIRECTIONS)
      for (const { line } of some(sim, sim.people)) Object.assign(line.cut, direction)
    },
  ],
  heals: [6, (_, person) => heal(person)],
  // All are cut off, and come back one by one in any order.
  swizzle: [
    1,
    (sim) => {
      for (const person of sim.people) {
        Object.assign(person.line.cut, pick(sim.random, DIRECTIONS))
        sim.world.clock.setTimer(Math.floor(sim.random() * 120_000), () => heal(person))
      }
    },
  ],
  'buffering proxy': [
    2,
    ({ world, random }, { line }) => {
      line.heldUntil = world.clock.now() + Math.floor(random() * 40_000)
    },
  ],
  'small proxy': [
    1,
    ({ random }, { line }: { line: Line }) => {
      line.maxBytes = 700 + Math.floor(random() * 2_000)
    },
  ],
} satisfies Record<string, Fault>
