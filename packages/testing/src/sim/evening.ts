import { internalsOf } from '@holdfast/client/internal/internals'
import { homeSpace } from '@holdfast/shared/internal/ids'
import { quiet } from '../manual-clock.ts'
import { Broken } from './broken.ts'
import { acknowledged, convergence, exactlyOnce, honestStatus, type Scene, samePrefix, sameTabs } from './checkers.ts'
import { noteStates, statesOfHistory } from './coverage.ts'
import { readHistory } from './history.ts'
import { isolatedDisks, purgedDisk } from './isolation.ts'
import { judgeHistory } from './log-oracle.ts'
import { boundedMetadata } from './metadata.ts'
import { heal } from './network-faults.ts'
import { leaveTab, newPerson, noteStored, openTab, type Person } from './person.ts'
import { judgeRefusals } from './refusals.ts'
import { joinServers } from './server-faults.ts'
import { sessionGuarantees } from './session-guarantees.ts'
import type { Simulation } from './simulation.ts'
import { trueStatus } from './true-status.ts'

export const sceneOf = ({ world, options, histories, hit }: Simulation, people: readonly Person[]): Scene => ({
  world,
  schema: options.server.schema,
  people,
  wentBack: histories.length > 0,
  async fresh(user) {
    // One every other day, of whoever is there: each costs as much as ten steps.
    const users = [...new Set(people.map((person) => person.user))]
    if (options.seed % 2 === 0 || user !== users[(options.seed >> 1) % users.length]) return undefined
    const person = newPerson('new', user, { device: world.device() })
    const tab = await openTab(person, options.client)
    if (!tab) throw new Error('a device died that nobody kills')
    await world.until(() => check(tab.db.status.read().state === 'synced', `a new device of ${user} is ${tab.db.status.read().state}`))
    hit('state: a new device is asked')
    return tab
  },
})

function check(holds: boolean, what: string): void {
  if (!holds) throw new Broken('liveness', what)
}

export function invariants({ people }: Pick<Simulation, 'people'>): void {
  for (const { name, broken } of people) if (broken[0]) throw new Broken('invariant', `${broken[0]} (with ${name})`)
}

/** The faults stop, for all or (liveness) for some, and all has to be well with those within a bound of virtual time. */
export async function evening(sim: Simulation): Promise<number> {
  const { world, options, people, trace } = sim
  const isPartial = options.mode === 'liveness'
  if (!isPartial) await bringBack(sim)
  const core = isPartial ? chooseCore(sim) : people
  trace.note('world', `the faults stop for ${core.map(({ name }) => name).join(', ')}`)
  await mend(sim, core)
  const start = world.clock.now()
  await settle(sim, core)
  const settled = world.clock.now() - start
  trace.note('world', `all is well after ${settled} ms`)
  for (const person of people) {
    noteStored(person)
    noteStates(person, sim.hit)
  }
  await world.clock.advance(5_000)
  // What a server that was replaced had begun on a slow disk has ended by now; of that the new one hears by itself, and tells at its next beat.
  await settle(sim, core)
  const scene = sceneOf(sim, core)
  sameTabs(scene)
  invariants({ people })
  honestStatus(sceneOf(sim, people))
  trueStatus({ people, isQuiet: true })
  exactlyOnce(scene)
  await samePrefix(scene)
  const applied = await acknowledged(scene)
  await converge(sim, scene)
  sessionGuarantees({ people: [...people, ...sim.away], wentBack: scene.wentBack })
  const seen = { history: readHistory(world.file), left: sim.histories, authored: sim.authored }
  for (const state of statesOfHistory(seen.history, seen.authored)) sim.hit(state)
  judgeHistory({ ...seen, schema: options.server.schema, sent: sim.sent })
  if (!scene.wentBack) judgeRefusals(options.server.schema, seen.history, people.flatMap(deadLettersOf))
  options.judge?.({ ...seen, applied })
  boundedMetadata(world.file, { sent: sim.sent.size, known: scene.wentBack ? new Map() : sim.known })
  await isolatedDisks(people, sim.secretsIn)
  if (!isPartial) await putOut(sim)
  if (sim.found[0]) throw sim.found[0]
  return settled
}

const deadLettersOf = ({ tabs }: Person) => tabs.flatMap(({ db }) => internalsOf(db).replica.known.dead)

/** How often what the broken ones still send may come between. */
const TRIES = 5

async function converge(sim: Simulation, scene: Scene): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await convergence(scene)
    } catch (error) {
      if (sim.options.mode === 'safety' || tries === TRIES) throw error
      await settle(sim, scene.people)
    }
  }
}

/** Some of the devices; of the others some are frozen, dead, or far from any network. */
function chooseCore({ random, people }: Simulation): readonly Person[] {
  const chosen = people.filter(() => random() < 0.5)
  const core = chosen.length > 0 ? chosen : [people[Math.floor(random() * people.length)] as Person]
  for (const person of people) {
    if (core.includes(person)) continue
    const dice = random()
    if (dice < 0.3) person.device.offline()
    else if (dice < 0.5) for (const tab of person.tabs) tab.freeze()
    else if (dice < 0.7)
      for (const tab of [...person.tabs]) {
        leaveTab(person, tab)
        tab.kill()
      }
    else person.line.isBad = true
  }
  return core
}

/** Whoever was signed in on a device before is there again, beside who came after him. */
async function bringBack({ away, people, client }: Simulation): Promise<void> {
  for (const person of away.splice(0)) {
    people.push(person)
    await openTab(person, client)
  }
}

async function mend(sim: Simulation, core: readonly Person[]): Promise<void> {
  const { world, options, disk, random } = sim
  Object.assign(disk, { next: undefined, lag: 0 })
  world.host.skewClock(0)
  await joinServers(sim)
  world.start()
  for (const space of options.spaces) for (const user of options.users) await world.meanwhile(world.server.grant(space, user, 'write'))
  for (const person of core) {
    const { device, tabs, line } = person
    // Before anything goes on: it may be what was to die, or freeze.
    device.calm()
    // One of its tabs may stay frozen, and hold its lock.
    const [first, ...others] = tabs
    first?.thaw()
    for (const tab of others) if (options.mode === 'safety' || random() < 0.5) tab.thaw()
    heal(person)
    Object.assign(line, { isSignedOut: false, heldUntil: 0 })
    device.between(undefined)
    device.skewClock(0)
    device.online()
  }
  await quiet()
  await openAgain(sim, core, true)
  // Who has loaded the one that went on again, as it asked for, may have one left that is frozen.
  for (const { tabs } of core) if (tabs.every(({ isFrozen }) => isFrozen)) tabs[0]?.thaw()
  for (const { tabs } of core)
    for (const space of options.spaces) if (tabs[0] && !internalsOf(tabs[0].db).replica.follows(space)) tabs[0].db.space(space).follow()
}

/** Whoever has no tab any more opens one; those that say that it would help are loaded again, if he `listens`. */
export async function openAgain({ client, world }: Simulation, people: readonly Person[], listens = false): Promise<void> {
  const closed = () => people.find(({ tabs }) => tabs.length === 0)
  for (const person of people) {
    for (const tab of listens ? [...person.tabs] : []) {
      if (tab.db.status.read().problem?.fix !== 'reload') continue
      leaveTab(person, tab)
      if (tab.isFrozen) tab.kill()
      else await world.meanwhile(tab.db.close())
    }
  }
  // While one opens his, another's may die.
  for (let next = closed(); next; next = closed()) await openTab(next, client)
}

async function settle({ world }: Simulation, core: readonly Person[]): Promise<void> {
  const tabs = core.flatMap(({ name, tabs: all }) => all.filter(({ isFrozen }) => !isFrozen).map(({ db }) => ({ name, db })))
  for (const { name, db } of tabs) {
    await world.until(() => {
      const { state, pending, problem } = db.status.read()
      check(state === 'synced' && pending === 0 && problem === null, `${name} is ${JSON.stringify({ state, pending, problem })}`)
    })
  }
  // What one sends, or heals, another still has to hear of, and where he may read again: his stream may only be opening, or who led be dead.
  for (const { name, db } of tabs) {
    const { replica } = internalsOf(db)
    await world.until(async () => {
      for (const space of [homeSpace(db.userId), ...(await world.spacesOf(db.userId))]) {
        const [at, seq] = [replica.known.cut[space]?.seq, await world.seqOf(space)]
        check(at === seq || !replica.follows(space), `${name} is at ${at} of ${space}, and the server at ${seq}`)
      }
    })
  }
}

/** At the very end of every other day a space is taken from the last user: what others wrote there leaves his devices. */
async function putOut({ world, options, people, random }: Simulation): Promise<void> {
  const [user, space] = [options.users.at(-1) as string, options.spaces[0]]
  if (options.users.length < 2 || space === undefined || random() < 0.5) return
  await world.meanwhile(world.server.revoke(space, user))
  for (const person of people) if (person.user === user) await world.until(() => purgedDisk(person, { space, users: options.users }))
}
