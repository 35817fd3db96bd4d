import { dotName } from '@holdfast/shared/internal/clock/dot'
import { isHoldfastError } from '@holdfast/shared/internal/errors'
import { decodeRequest, isVoid, type SyncRequest } from '@holdfast/shared/internal/protocol/request'
import { decodeResponse } from '@holdfast/shared/internal/protocol/response'
import { TabDied } from '../device.ts'
import { quiet, turns } from '../manual-clock.ts'
import { pick, seededRandom } from '../random.ts'
import { inChosenOrder } from '../scheduler.ts'
import { createWorld, type WorldOptions } from '../world.ts'
import { memoryOf, noteAuthored } from './authored.ts'
import { Broken } from './broken.ts'
import { honestStatus } from './checkers.ts'
import { chooser } from './chooser.ts'
import { noteStates, statesOfExchange } from './coverage.ts'
import { evening, invariants, openAgain, sceneOf } from './evening.ts'
import { ALL_FAULTS, doFault, type FaultName, lotsOf } from './faults.ts'
import { secretsOf } from './isolation.ts'
import { through } from './line.ts'
import { letGoOf } from './people-faults.ts'
import { isWrite, newPerson, noteStored, openTab, type Person } from './person.ts'
import { createRecorder } from './record-history.ts'
import { createServerDisk } from './server-disk.ts'
import type { Actions, Run, RunOptions, Simulation } from './simulation.ts'
import { swarm } from './swarm.ts'
import { Trace } from './trace.ts'
import { trueStatus } from './true-status.ts'

interface Recorded extends Simulation {
  readonly found: Broken[]
  readonly recorder: ReturnType<typeof createRecorder>
  /** What may happen in this run. */
  readonly lots: readonly FaultName[]
  readonly acts: readonly (readonly [name: string, act: Actions[string]])[]
}

/** The run before: two at once would take each other's turns. */
let before: Promise<unknown> = Promise.resolve()

/** One random history of an app, the faults that it meets, and the verdict of every checker. */
export function run(options: RunOptions): Promise<Run> {
  const one = before.then(() => inChosenOrder(seededRandom(~options.seed), () => runAlone(options)))
  before = one.catch(() => undefined)
  return one
}

async function runAlone(options: RunOptions): Promise<Run> {
  const random = seededRandom(options.seed)
  const covered: Record<string, number> = {}
  const hit = (what: string) => {
    covered[what] = 1 + (covered[what] ?? 0)
  }
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void world.clock.setTimer(ms, resolve))
  const disk = createServerDisk({ random, hit, sleep })
  const sent = new Map<string, { at: number; now: number }[]>()
  const known = new Map<string, number>()
  const found: Broken[] = []
  const secretsIn = secretsOf(options.users)
  let trace: Trace | undefined
  const hear = (text: string, request: Request): void => {
    const user = request.headers.get('authorization')?.slice('Bearer '.length) ?? ''
    for (const other of secretsIn(text, user)) found.push(new Broken('isolation', `${user} is sent a secret of ${other}`))
  }
  const world = createWorld({
    server: options.server as NonNullable<WorldOptions['server']>,
    // What comes whole comes as segments of a few records, or of more than there are: then as it is.
    segmentsFrom: [1, 4, 2_000][options.seed % 3],
    random: seededRandom(options.seed),
    disk: disk.wrap,
    async door(request, pass) {
      const body = request.method === 'POST' ? await request.clone().text() : ''
      const path = new URL(request.url).pathname
      trace?.note('server', `${request.method} ${path}`, body)
      const asked = path.endsWith('/sync') ? decodeRequest(JSON.parse(body)) : undefined
      const fresh = new Set(asked?.submissions.map(({ dot }) => dotName(dot)).filter((dot) => !sent.has(dot)))
      if (asked) noteSent(asked, Math.min(world.clock.now(), world.host.now()), sent)
      const response = await pass(request)
      if (path.includes('/segments/') && response.ok) hit('network: segment')
      if (!asked) return response
      const text = await response.text()
      hear(text, request)
      if (response.ok) {
        const answer = decodeResponse(new TextEncoder().encode(text))
        for (const state of statesOfExchange(asked, answer)) hit(state)
        // What is known is forgotten with what is stored next, which is not what was only asked for again.
        if (answer.verdicts.some(({ is, dot }) => is === 'applied' && fresh.has(dotName(dot))))
          for (const [session, n] of asked.known) known.set(session, Math.max(n, known.get(session) ?? 0))
      }
      trace?.note('server', `answers ${response.status}`, text)
      // Faults cut off answers, never requests.
      if (response.status === 400) found.push(new Broken('protocol', `a client of ours asks what is no request: ${text} for ${body}`))
      return new Response(text, response)
    },
  })
  trace = new Trace(() => world.clock.now())
  const late: Simulation['late'] = []
  // Mostly the first has two devices.
  const people: Person[] = options.users
    .flatMap((user, i) => (i === 0 && random() < 0.6 ? [1, 2] : ['']).map((n) => ({ user, name: `${user} ${n}`.trimEnd() })))
    .map(({ user, name }) => newPerson(name, user, { device: world.device({ hasLocks: random() < 0.7 }) }))
  const wire = ({ device, line }: Person): void =>
    device.through(
      through(line, {
        random,
        late,
        sleep,
        hit: (fault) => hit(`network: ${fault}`),
        now: world.clock.now,
        hear,
      }),
    )
  people.forEach(wire)
  const { client, users, spaces } = options
  const recorder = createRecorder(options.history ?? (() => undefined), world.clock.now)
  const sim: Recorded = {
    ...{ options, client, users, spaces, world, random, people, trace, late, disk, sent, known, found, secretsIn, recorder, wire, hit },
    ...{ lots: lotsOf(swarm(random, [...ALL_FAULTS()])), acts: swarm(random, Object.entries(options.actions)) },
    ...{ away: [], copies: [], histories: [], authored: new Map() },
  }
  let settled = 0
  let failure: Run['failure']
  try {
    for (const space of options.spaces) for (const user of options.users) await world.server.grant(space, user, 'write')
    for (const person of people) await openTab(person, options.client)
    // Where only the fence says who leads there are two from the beginning.
    for (const person of people) if (!person.device.hasLocks) await openTab(person, options.client)
    await quiet()
    await morning(sim)
    const steps = options.mode === 'liveness' ? Math.floor(random() * options.steps) : options.steps
    for (let step = 0; step < steps; step++) await takeStep(sim)
    await lastOfAll(sim)
    settled = await evening(sim)
  } catch (error) {
    const { checker = 'crash', message, stack } = error as Broken
    trace.note('checker', `${checker}: ${message}`)
    failure = { checker, message: checker === 'crash' ? `${stack}` : message }
  } finally {
    recorder.end()
    await world.close()
  }
  return { seed: options.seed, hash: trace.hash(), timeline: trace.timeline, failure, covered, settled }
}

/** Notes when each transaction says that it was written, and when the server gets it. */
function noteSent({ submissions }: SyncRequest, now: number, sent: Map<string, { at: number; now: number }[]>): void {
  for (const one of submissions) {
    const name = dotName(one.dot)
    sent.set(name, [...(sent.get(name) ?? []), ...(isVoid(one) ? [] : [{ at: one.at, now }])])
  }
}

const GOES_BACK: FaultName = 'server goes back'
/** So much is there before anything goes wrong. */
const EARLY = 6

/**
 * How the day begins: with something that all have, since who has nothing is in nobody's way; with a copy to which the server may go back;
 * with some who are not there, or have a bad line all day, or hold nothing. What only lasts for minutes meets hardly anything else.
 */
async function morning(sim: Recorded): Promise<void> {
  const { random, options, people, spaces, copies, world } = sim
  for (let i = 0; i < EARLY; i++) takeAction(sim, pick(random, people))
  await quiet()
  if (options.faults.has(GOES_BACK) && random() < 0.5) copies.push(await world.backup())
  for (const person of people) {
    const dice = random()
    if (dice < 0.35) {
      if (options.faults.has('offline')) person.device.offline()
    } else if (dice < 0.6) person.line.isBad = options.faults.has('bad network')
    else if (dice < 0.8 && options.faults.has('unfollows')) for (const space of spaces) letGoOf(space, sim, person)
  }
}

/** Whoever writes on tells a server that went back what it lacks; so sometimes nobody does. */
async function lastOfAll(sim: Recorded): Promise<void> {
  const { random, options, people, copies } = sim
  if (options.faults.has(GOES_BACK) && copies.length > 0 && random() < 0.3) await doFault(GOES_BACK, sim, pick(random, people))
}

async function takeStep(sim: Recorded): Promise<void> {
  let isQuiet = false
  const { random, options, people, trace, hit } = sim
  await openAgain(sim, people)
  const person = pick(random, people)
  // It has died at this very moment.
  if (person.tabs.length === 0) return
  const [isAction, dice] = [random() < 0.55, random()]
  if (isAction) {
    takeAction(sim, person)
    if (random() < 0.5) await turns(Math.floor(random() * 6))
  } else {
    const name = sim.lots[Math.floor(dice * sim.lots.length)] as FaultName
    if (!options.faults.has(name)) return
    hit(`fault: ${name}`)
    trace.note(person.name, `fault: ${name}`)
    await doFault(name, sim, person)
    isQuiet = name === 'time passes'
  }
  for (const one of people) {
    noteStored(one)
    noteStates(one, hit)
  }
  invariants(sim)
  honestStatus(sceneOf(sim, people))
  trueStatus({ people, isQuiet })
  if (sim.found[0]) throw sim.found[0]
}

/** Does one thing of the app, as it would be done by this person now. */
function takeAction({ random, options, trace, hit, recorder, acts, authored, found }: Recorded, person: Person): void {
  const [name, act] = pick(random, acts)
  trace.note(person.name, name)
  const { db, writes } = pick(random, person.tabs)
  const memory = memoryOf(db)
  const tookBack = (write: string) => {
    person.listed.add(write)
    person.refused.add(write)
  }
  try {
    const space = pick(random, options.spaces)
    const given = act({
      db,
      user: person.user,
      space,
      random: chooser(random),
      record: recorder.of(db),
      tookBack,
    })
    // What is refused at the call, always, has never been done.
    hit(`action: ${name}`)
    Promise.resolve(given).catch((error) => {
      // What cannot be stored is told by the status, and by who awaits it; a tab may die. All else is a mistake in the action.
      if (!isHoldfastError(error) && !(error instanceof TabDied)) found.push(new Broken('crash', `${name}: ${error?.stack ?? error}`))
    })
    if (isWrite(given)) writes.push(given)
  } catch (error) {
    // What a device knows to be wrong is wrong at the call.
    if (!isHoldfastError(error)) throw error
  }
  noteAuthored(db, memory, authored)
}
