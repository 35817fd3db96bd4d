import type { Database } from '@holdfast/client'
import { internalsOf } from '@holdfast/client/internal/internals'
import { isHoldfastError } from '@holdfast/shared/internal/errors'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { quiet, turns } from '../manual-clock.ts'
import { pick, seededRandom } from '../random.ts'
import { createWorld, type WorldOptions } from '../world.ts'
import { acknowledged, Broken, convergence, exactlyOnce, honestStatus, type Scene, samePrefix, sameTabs } from './checkers.ts'
import { type Chooser, chooser } from './chooser.ts'
import { doFault, type FaultName, type Faulty, faultOf } from './faults.ts'
import { type ClientOptions, newPerson, noteStored, openTab, type Person } from './person.ts'
import { Trace } from './trace.ts'

/** What an app does, by name: called on a random device, at a random moment. */
export type Actions<D = Database> = Readonly<Record<string, (doing: Doing<D>) => unknown>>

export interface Doing<D = Database> {
  readonly db: D
  readonly user: string
  /** One of the spaces that all share. */
  readonly space: string
  readonly random: Chooser
}

export interface RunOptions {
  readonly seed: number
  readonly server: { readonly schema: Schema }
  /** What `openDatabase` is given besides: commands, rules. */
  readonly client: ClientOptions
  readonly users: readonly string[]
  readonly spaces: readonly string[]
  readonly actions: Actions
  readonly invariant?: ((seen: { readonly read: Database; readonly user: string }) => void) | undefined
  readonly steps: number
  /** Which faults may happen. */
  readonly faults: ReadonlySet<FaultName>
}

export interface Run {
  readonly seed: number
  /** The same for the same seed, wherever it runs. */
  readonly hash: string
  readonly timeline: readonly string[]
  readonly failure: { readonly checker: string; readonly message: string } | undefined
  /** How often each fault and each action happened. */
  readonly covered: Readonly<Record<string, number>>
  /** Virtual milliseconds from the end of the faults until all was well. */
  readonly settled: number
}

interface Simulation extends Faulty {
  readonly options: RunOptions
  readonly people: readonly Person[]
  readonly trace: Trace
}

/** One random history of an app, the faults that it meets, and the verdict of every checker. */
export async function run(options: RunOptions): Promise<Run> {
  const random = seededRandom(options.seed)
  const covered: Record<string, number> = {}
  const hit = (what: string) => {
    covered[what] = 1 + (covered[what] ?? 0)
  }
  let trace: Trace | undefined
  const world = createWorld({
    server: options.server as NonNullable<WorldOptions['server']>,
    random: seededRandom(options.seed),
    async door(request, pass) {
      const body = request.method === 'POST' ? await request.clone().text() : ''
      const path = new URL(request.url).pathname
      trace?.note('server', `${request.method} ${path}`, body)
      const response = await pass(request)
      if (!path.endsWith('/sync')) return response
      const text = await response.text()
      trace?.note('server', `answers ${response.status}`, text)
      return new Response(text, response)
    },
  })
  trace = new Trace(() => world.clock.now())
  const people: Person[] = options.users
    .flatMap((user, i) => (i === 0 ? [`${user} 1`, `${user} 2`] : [user]))
    .map((name) => newPerson(name, name.split(' ')[0] as string, world.device()))
  const { client, users, spaces } = options
  const sim: Simulation = { options, client, users, spaces, world, random, people, trace, late: [], copies: [], hasRevoked: false, hit }
  let settled = 0
  let failure: Run['failure']
  try {
    for (const space of options.spaces) for (const user of options.users) await world.server.grant(space, user, 'write')
    for (const person of people) await openTab(person, options.client)
    await quiet()
    for (let step = 0; step < options.steps; step++) await takeStep(sim)
    settled = await evening(sim)
  } catch (error) {
    const { checker = 'crash', message } = error as Broken
    trace.note('checker', `${checker}: ${message}`)
    failure = { checker, message }
  } finally {
    await world.close()
  }
  return { seed: options.seed, hash: trace.hash(), timeline: trace.timeline, failure, covered, settled }
}

async function takeStep(sim: Simulation): Promise<void> {
  const { random, options, people, trace, hit } = sim
  const person = pick(random, people)
  const [isAction, dice] = [random() < 0.55, random()]
  if (isAction) {
    const [name, act] = pick(random, Object.entries(options.actions))
    hit(`action: ${name}`)
    trace.note(person.name, name)
    const { db } = pick(random, person.tabs)
    try {
      const given = act({ db, user: person.user, space: pick(random, options.spaces), random: chooser(random) })
      // What cannot be stored is told by the status, and by who awaits it.
      Promise.resolve(given).catch(() => undefined)
    } catch (error) {
      // What a device knows to be wrong is wrong at the call.
      if (!isHoldfastError(error)) throw error
    }
    if (random() < 0.5) await turns(Math.floor(random() * 6))
  } else {
    const name = faultOf(dice)
    if (!options.faults.has(name)) return
    hit(`fault: ${name}`)
    trace.note(person.name, `fault: ${name}`)
    await doFault(name, sim, person)
  }
  for (const one of people) noteStored(one)
  invariants(sim)
  honestStatus(sceneOf(sim))
}

function invariants({ options: { invariant }, people }: Simulation): void {
  if (!invariant) return
  for (const { name, user, tabs } of people) {
    for (const { db } of tabs) {
      try {
        invariant({ read: db, user })
      } catch (error) {
        throw new Broken('invariant', `${(error as Error).message} (with ${name})`)
      }
    }
  }
}

const sceneOf = ({ world, options, people }: Simulation): Scene => ({
  world,
  schema: options.server.schema,
  people,
  async fresh(user) {
    const person = newPerson('new', user, world.device())
    const tab = await openTab(person, options.client)
    await world.until(() => check(tab.db.status.read().state === 'synced', `a new device of ${user} is ${tab.db.status.read().state}`))
    return tab
  },
})

function check(holds: boolean, what: string): void {
  if (!holds) throw new Broken('liveness', what)
}

/** The faults stop, and all has to be well within a bound of virtual time. */
async function evening(sim: Simulation): Promise<number> {
  const { world, options, people, trace } = sim
  trace.note('world', 'the faults stop')
  for (const space of options.spaces) for (const user of options.users) await world.server.grant(space, user, 'write')
  for (const { device, tabs } of people) {
    for (const tab of tabs) tab.thaw()
    device.through(undefined)
    device.between(undefined)
    device.skewClock(0)
    device.online()
  }
  const start = world.clock.now()
  for (const { name, tabs } of people) {
    for (const { db } of tabs) {
      await world.until(() => {
        const { state, pending, problem } = db.status.read()
        check(state === 'synced' && pending === 0 && problem === null, `${name} is ${JSON.stringify({ state, pending, problem })}`)
      })
    }
  }
  // What one sends, or heals, another still has to hear of: his stream may only be opening again.
  for (const space of options.spaces) {
    await world.until(async () => {
      const seq = await world.seqOf(space)
      for (const { name, tabs } of people)
        for (const { db } of tabs) {
          const at = internalsOf(db).replica.known.cut[space]?.seq
          check(at === seq, `${name} is at ${at} of ${space}, and the server at ${seq}`)
        }
    })
  }
  const settled = world.clock.now() - start
  for (const person of people) noteStored(person)
  await world.clock.advance(5_000)
  const scene = sceneOf(sim)
  sameTabs(scene)
  invariants(sim)
  honestStatus(scene)
  exactlyOnce(scene)
  await samePrefix(scene)
  await acknowledged(scene)
  await convergence(scene)
  return settled
}
