import { internalsOf } from '@holdfast/client/internal/internals'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import { quiet } from '../manual-clock.ts'
import { pick, type Random } from '../random.ts'
import type { DiskFailure } from './disk.ts'
import type { Fault, Faulty } from './faulty.ts'
import { leaveTab, newPerson, openTab, type Person } from './person.ts'
import { watchTables } from './sight.ts'

const FAILURES: readonly DiskFailure[] = ['AbortError', 'UnknownError', 'QuotaExceededError']
/** People who work on a copy of somebody's device: more would say nothing more. */
const CLONES = 2

const upTo = (random: Random, most: number) => 1 + Math.floor(random() * most)

/** Whoever uses this device, or did before another. */
const usersOf = ({ people, away }: Faulty, { device }: Person): readonly Person[] =>
  [...people, ...away].filter((one) => one.device === device)

/** The browser dies: with it go all tabs, and those that are just opening. */
function crash(person: Person): void {
  for (const tab of [...person.tabs]) leaveTab(person, tab)
  person.device.crash()
}

/** From here on nobody can ask for these writes, of all that he knows of and of `others`, nor for what he saw on this disk: it has them no more. */
function lose(person: Person, isLost: (write: string) => boolean, others: readonly string[] = []): void {
  // What was told to commit a moment ago goes with it.
  const pending = person.tabs.flatMap(({ db }) => internalsOf(db).replica.pending.map(({ transaction }) => dotName(transaction.dot)))
  for (const write of [...person.stored.keys(), ...pending, ...others]) {
    if (!isLost(write)) continue
    person.lostWrites.add(write)
    person.stored.delete(write)
  }
  person.shown.clear()
  for (const tab of person.tabs) {
    tab.sight.stop()
    tab.sight = watchTables(tab.db, [], new Set())
  }
}

interface Transactional {
  readonly e?: string
  readonly transaction?: { readonly dot: readonly [string, number] }
}
/** The names of the writes among what is, or was, on a disk: waiting, or kept. */
const writesAmong = (values: readonly unknown[]): string[] =>
  (values.flat() as readonly Transactional[]).flatMap(({ e, transaction }) =>
    transaction && (e === 'write' || e === undefined) ? [dotName(transaction.dot)] : [],
  )

const writesOn = ({ disk }: Person['device']): readonly string[] => writesAmong([...disk.values('events'), ...disk.values('kept')])

/** The power goes: what was stored last was not on the disk yet, whatever the browser said. */
async function cutPower(sim: Faulty, person: Person): Promise<void> {
  const { disk } = person.device
  crash(person)
  // What was told to commit does, as far as anybody could tell.
  await quiet()
  const gone = writesAmong(disk.forget(upTo(sim.random, 6)))
  const still = new Set(writesOn(person.device))
  const lost = new Set(gone.filter((write) => !still.has(write)))
  if (lost.size > 0) sim.hit('state: a stored write was lost with the power')
  for (const one of usersOf(sim, person)) lose(one, (write) => lost.has(write))
}

async function copyDisk(sim: Faulty, person: Person): Promise<void> {
  const stored = new Set(usersOf(sim, person).flatMap((one) => [...one.stored.keys()]))
  person.diskCopies.push({ indexedDB: await person.device.disk.copy(), stored })
}

export const DISK_FAULTS = {
  'disk request fails': [2, ({ random }, { device }) => device.disk.failRequest(upTo(random, 30), pick(random, FAILURES))],
  'disk transaction aborts': [2, ({ random }, { device }) => device.disk.failTransaction(upTo(random, 6), pick(random, FAILURES))],
  'disk full': [1, (_, { device }) => device.disk.full(true)],
  'disk has room': [2, (_, { device }) => device.disk.full(false)],
  'disk connection dies': [2, ({ random }, { device }) => device.disk.sever(random() < 0.5)],
  'app is upgraded': [1, (_, { device }) => device.disk.upgrade()],
  'power cut': [2, cutPower],
  // While it is closed, or while it is open: then its tabs may hear of it.
  'disk evicted': [
    1,
    (sim, person) => {
      const how = sim.random()
      if (how < 0.5) crash(person)
      else person.device.disk.sever(how < 0.75)
      // A tab may still be about to tell another one of what it has just stored.
      const there = writesOn(person.device)
      person.device.disk.evict()
      for (const one of usersOf(sim, person)) lose(one, () => true, there)
    },
  ],
  'disk loses a segment': [
    2,
    (sim, unlucky) => {
      const [which, left] = [sim.random(), sim.random()]
      // Few have any.
      const person = [unlucky, ...sim.people].find(({ device }) => device.disk.damage(which, left))
      if (!person) return
      sim.hit('state: a disk lost a segment')
      for (const one of usersOf(sim, person)) {
        one.hasLostSegments = true
        one.shown.clear()
      }
      if (sim.random() < 0.5) crash(person)
    },
  ],
  'disk copied': [1, copyDisk],
  'disk goes back': [
    2,
    async (sim, person) => {
      const copy = person.diskCopies.pop()
      if (!copy) return await copyDisk(sim, person)
      crash(person)
      sim.hit('state: a device went on from an older copy')
      person.device.disk.restore(copy.indexedDB)
      for (const one of usersOf(sim, person)) lose(one, (write) => !copy.stored.has(write))
    },
  ],
  'device cloned': [
    1,
    async ({ world, people, client, wire, hit }, person) => {
      if (people.filter(({ isClone }) => isClone).length >= CLONES) return
      const { name, user, stored, listed, inserted, refused, lost, letGo, hasLostSegments, line } = person
      // What is stored while the copy is being made may not be in it.
      const own = { stored: new Map(stored), listed: new Set(listed), inserted: new Map(inserted), refused: new Set(refused) }
      const gone = { lost: new Set(lost), letGo: new Set(letGo) }
      const device = world.device({ indexedDB: await person.device.disk.copy() })
      const clone: Person = { ...newPerson(`${name}'`, user, { device }), ...own, ...gone, hasLostSegments, isClone: true }
      Object.assign(clone.line, { isExpired: line.isExpired, isSignedOut: line.isSignedOut })
      wire(clone)
      people.push(clone)
      await openTab(clone, client)
      hit('state: two devices went on from one disk')
    },
  ],
  // Not between two steps, but in the middle of whatever goes on.
  'tab dies at a call': [
    3,
    ({ random, hit }, person) => {
      const tab = pick(random, person.tabs)
      person.device.atCall(upTo(random, 40), () => {
        hit('state: a tab died at a call')
        if (person.tabs.includes(tab)) leaveTab(person, tab)
        tab.kill()
      })
    },
  ],
  'tab freezes at a call': [
    2,
    ({ random }, { device, tabs }) => {
      const tab = pick(random, tabs)
      device.atCall(upTo(random, 20), () => tab.freeze())
    },
  ],
  'browser dies at a call': [
    2,
    (sim, person) =>
      person.device.atCall(upTo(sim.random, 40), () => {
        sim.hit('state: a browser died at a call')
        for (const one of usersOf(sim, person)) crash(one)
      }),
  ],
} satisfies Record<string, Fault>
