import type { Outgoing } from '@holdfast/shared/internal/protocol/request'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import { pick, type Random, seededRandom } from '../random.ts'
import { createDevice, type OracleDevice } from './device.ts'
import { createJudge, type Judge, type Tally } from './judge.ts'
import { createOracleServer, type OracleServer } from './server.ts'
import type { VectorClock } from './vector-clock.ts'

const MINUTE = 60_000
const YEAR = 365 * 24 * 60 * MINUTE
const START = Date.UTC(2026, 0, 1)

/** What a device thinks that it is. */
const clocks: readonly ((now: number) => number)[] = [
  (now) => now,
  (now) => now,
  (now) => now + 59_000,
  (now) => now - 3 * MINUTE,
  (now) => now + 12 * YEAR,
  (now) => now - 7 * YEAR,
  () => START,
  () => 0,
  (now) => now - START,
  (now) => Date.UTC(2038, 0, 19, 3, 14, 8) + now - START,
]

const ids = ['a', 'b']
const names = ['a', 'B', 'é', '\uff5e', '😀']

/**
 * One random history of some devices, their tabs and a server: what is written, stored, pushed, pulled and streamed in any order, lost,
 * repeated, refused, retried; tabs that lag and reload; clocks that lie; and now and then a server that goes back. Throws a `Mismatch`
 * where the product and the oracle differ.
 */
export function runHistory(seed: number, tally: Tally): void {
  const random = seededRandom(seed)
  const judge = createJudge(tally)
  const authors = new Map<string, VectorClock>()
  const spaces = ['x', 'y', 'z'].slice(0, 1 + below(random, 3))
  const server = createOracleServer({ spaces, judge, tally, authors })
  server.setTime(START)
  let sessions = 0
  const newSession = () => `${pick(random, names)}${++sessions}`
  const devices = Array.from({ length: 1 + Math.floor(6 * random() ** 1.5) }, (_, i) => {
    const device = createDevice({ user: `u${i % 3}`, spaces, server, judge, tally, authors, newSession })
    device.setClock(pick(random, clocks))
    for (let tabs = 1 + below(random, 3); tabs > 0; tabs--) device.open()
    return device
  })
  const world: World = { random, server, spaces, devices, late: [], backups: [], goesBack: chance(random, 0.35) }
  for (let steps = 20 + below(random, 50); steps > 0; steps--) act(world)
  if (chance(random, 0.2)) evening(world, judge, tally)
}

interface World {
  readonly random: Random
  readonly server: OracleServer
  readonly spaces: readonly string[]
  readonly devices: readonly OracleDevice[]
  /** Requests that the network may bring once more. */
  readonly late: Outgoing[]
  /** Copies of the server, of the history that goes on. */
  readonly backups: ReturnType<OracleServer['backup']>[]
  readonly goesBack: boolean
}

const below = (random: Random, n: number): number => Math.floor(random() * n)
const chance = (random: Random, p: number): boolean => random() < p
function act(world: World): void {
  const { random, server } = world
  const device = pick(random, world.devices)
  const tab = pick(random, device.tabs)
  const dice = random()
  if (world.goesBack && chance(random, 0.06)) goBack(world)
  else if (dice < 0.32) {
    device.write(tab, (value) => operations(world, value))
    if (chance(random, 0.8)) device.flush(tab)
  } else if (dice < 0.4) chance(random, 0.2) ? device.catchUp(tab) : device.hear(tab, 1 + below(random, 3))
  else if (dice < 0.42) device.flush(tab)
  else if (dice < 0.66) {
    // Mostly the same tab leads.
    const leader = chance(random, 0.95) ? (device.tabs[0] as typeof tab) : tab
    const how = { pull: chance(random, 0.5), batch: pick(random, [0, 1, 2, 500, 500, 500]), lost: chance(random, 0.06) }
    const request = device.send(leader, how)
    if (request && chance(random, 0.1)) world.late.push(request)
    if (chance(random, 0.75)) device.receive()
  } else if (dice < 0.74) device.receive()
  else if (dice < 0.84) for (let frames = 1 + below(random, 4); frames > 0; frames--) device.frame()
  else if (dice < 0.87) device.reload(tab)
  else if (dice < 0.88) device.fail(tab)
  else if (dice < 0.91) device.retry(tab)
  else if (dice < 0.92) device.discard(tab)
  else if (dice < 0.93) device.foldNow()
  else if (dice < 0.95) device.setClock(pick(random, clocks))
  else if (dice < 0.97) server.setTime(server.now + pick(random, [1, 1, 500, 2 * MINUTE, YEAR, -3 * MINUTE]))
  else if (dice < 0.985) server.setStrict(chance(random, 0.5))
  else {
    const request = world.late.pop()
    if (request) server.answer(request)
  }
}

/** Each touches one field in a space, or one in each of two. */
function operations({ random, spaces }: World, value: string): readonly Operation[] {
  const first = pick(random, spaces)
  const second = pick(random, spaces)
  const touched = second !== first && chance(random, 0.3) ? [first, second] : [first]
  return touched.map((space) => ['put', space, 'notes', pick(random, ids), { v: value }] as const)
}

/** Never to the copy of a history that was left: what was refused after that would be in effect again, and nobody could know. */
function goBack({ random, server, backups }: World): void {
  if (backups.length === 0 || chance(random, 0.5)) {
    backups.push(server.backup())
    return
  }
  backups.length = 1 + below(random, backups.length)
  backups.at(-1)?.(pick(random, [undefined, { heal: true }, { heal: true }, { heal: false }]))
}

/** All is well again: everything drains, and every tab shows what the server has. */
function evening({ devices, server, spaces }: World, judge: Judge, tally: Tally): void {
  tally.evenings++
  server.setStrict(false)
  for (let round = 0; round < 4; round++) {
    for (const device of devices) {
      for (const tab of device.tabs) device.flush(tab)
      for (let exchange = 0; exchange < 3; exchange++) {
        device.receive()
        device.send(device.tabs[0] as (typeof device.tabs)[number], { pull: true, batch: 500 })
      }
      device.receive()
    }
  }
  for (const device of devices) {
    for (const tab of device.tabs) {
      device.catchUp(tab)
      judge.expect(tab.replica.pending.length === 0, 'Something still waits:', { pending: tab.replica.pending })
      for (const space of spaces) {
        for (const id of ids) {
          const shown = tab.replica.view.row(space, 'notes', id)?.v
          const has = judge.valueOf(space, id)
          judge.expect(shown === has, 'A tab shows something else:', { space, id, shown, has })
        }
      }
    }
  }
}
