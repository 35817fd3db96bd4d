// faults.md A1, A3, A11: whatever happens at any one call to the disk or the network, a device goes on from something whole.
import type { Database } from '@holdfast/client'
import { internalsOf } from '@holdfast/client/internal/internals'
import type { Validate } from '@holdfast/server'
import { refuse } from '@holdfast/shared'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import { expect, test } from 'vitest'
import { quiet } from './manual-clock.ts'
import { acknowledged, convergence, exactlyOnce, honestStatus, type Scene, samePrefix, sameTabs } from './sim/checkers.ts'
import type { DiskFailure } from './sim/disk.ts'
import { isWrite, leaveTab, newPerson, noteStored, openTab, type Person } from './sim/person.ts'
import { COMMIT_FAULTS, createServerDisk, PARTS } from './sim/server-disk.ts'
import { testSchema as schema } from './test-schema.ts'
import { createWorld, type World } from './world.ts'

type App = Database<typeof schema>

const validate: Validate<typeof schema> = ({ changes }) =>
  changes.some(({ after }) => after?.title === 'refused') ? refuse('unwelcome', 'Not here.') : undefined
const client = { schema }

interface Day {
  readonly world: World
  readonly person: Person
  /** Another device of the same user. */
  readonly other: App
  copy: string
}

const appOf = ({ person }: Day) => person.tabs[0]?.db as unknown as App

/** What somebody does in a day that has everything: each goes on from wherever the one before has come to. */
const DAY: readonly ((day: Day) => unknown)[] = [
  (day) => appOf(day).home.todos.insert({ id: 'r', title: 'Milk' }),
  (day) =>
    appOf(day).write((tx) => {
      tx.home.todos.insert({ title: 'Bread' })
      tx.home.todos.insert({ title: 'Butter' })
    }),
  async (day) => {
    day.copy = await day.world.backup()
  },
  ({ other }) => {
    other.write((tx) => {
      for (let i = 0; i < 40; i++) tx.home.todos.insert({ title: `${i}` })
    })
  },
  (day) => appOf(day).home.todos.insert({ title: 'refused' }),
  (day) => appOf(day).deadLetters.read()[0]?.retry(),
  (day) => appOf(day).deadLetters.read()[0]?.discard(),
  (day) => appOf(day).todos.increment('r', 'votes', 1),
  // The server goes on with an older copy: what it lost is healed.
  ({ world, copy }) => world.restore(copy),
  ({ person }) => person.device.offline(),
  (day) => appOf(day).todos.increment('r', 'votes', 10),
  // Taken back before it went out.
  (day) => {
    const { replica, tab } = internalsOf(appOf(day))
    const [one] = replica.pending
    if (!one || one.dropped) return undefined
    day.person.listed.add(dotName(one.transaction.dot))
    return tab.note({ e: 'note', drop: one.transaction.dot, reason: 'discarded' })
  },
  ({ person }) => person.device.online(),
  async ({ person }) => {
    const [tab] = person.tabs
    if (!tab) return
    leaveTab(person, tab)
    await tab.db.close()
  },
]

interface CommitFault {
  /** The how-maniest commit it is. */
  readonly n: number
  readonly fault: (typeof COMMIT_FAULTS)[number]
  /** From 0 to 1: how far a commit gets that is torn, and how long the server is gone. */
  readonly far: number
}

/** Lives the day, with one thing that goes wrong, and judges it with every checker; gives how many calls it took. */
async function live(
  goWrong: (person: Person) => void,
  commitFault?: CommitFault,
): Promise<{ calls: number; changes: number; commits: number }> {
  const serverDisk = createServerDisk({ random: () => commitFault?.far ?? 0, sleep: async () => undefined, hit: quietly })
  let commits = 0
  const world = createWorld({
    server: { schema, validate, segmentsFrom: 8 } as never,
    disk(storage, crash) {
      const disk = serverDisk.wrap(storage, crash)
      const write: typeof disk.write = (job) => {
        if (++commits === commitFault?.n) serverDisk.next = commitFault.fault
        return disk.write(job)
      }
      return { ...disk, write }
    },
  })
  try {
    const device = world.device()
    const person = newPerson('ann 1', 'ann', { device })
    const other: App = await world.device().tab({ ...client, userId: 'ann' })
    const day: Day = { world, person, other, copy: '' }
    await world.synced(other)
    const before = { ...device.counts() }
    commits = 0
    goWrong(person)
    for (const step of DAY) {
      while (person.tabs.length === 0) await openTab(person, client)
      try {
        const given = step(day)
        Promise.resolve(given).catch(() => undefined)
        if (isWrite(given)) person.tabs[0]?.writes.push(given)
      } catch {
        // What cannot be done after what went wrong is not done.
      }
      await quiet()
      noteStored(person)
      await world.clock.advance(3_000)
      noteStored(person)
    }
    const { calls, changes } = device.counts()
    device.calm()
    while (person.tabs.length === 0) await openTab(person, client)
    for (const { db } of person.tabs) await world.synced(db, other)
    await world.clock.advance(5_000)
    noteStored(person)
    const scene: Scene = {
      world,
      schema,
      people: [person],
      wentBack: true,
      async fresh(user) {
        const newcomer = newPerson('new', user, { device: world.device() })
        const tab = await openTab(newcomer, client)
        if (!tab) throw new Error('nobody kills it')
        await world.synced(tab.db)
        return tab
      },
    }
    sameTabs(scene)
    honestStatus(scene)
    exactlyOnce(scene)
    await samePrefix(scene)
    await acknowledged(scene)
    await convergence(scene)
    return { calls: calls - before.calls, changes: changes - before.changes, commits }
  } finally {
    await world.close()
  }
}

const quietly = () => undefined

test('a browser that dies at the n-th call to the disk or the network, for every n', async () => {
  const { calls } = await live(quietly)
  expect(calls).toBeGreaterThan(100)
  for (let n = 1; n <= calls; n++)
    await live((person) =>
      person.device.atCall(n, () => {
        for (const tab of [...person.tabs]) leaveTab(person, tab)
        person.device.crash()
      }),
    ).catch((error: Error) => expect.fail(`call ${n}: ${error.message}`))
})

const FAILURES = ['UnknownError', 'AbortError', 'QuotaExceededError'] as const

test('the n-th request fails, for every n', async () => {
  const { calls } = await live(quietly)
  for (let n = 1; n <= calls; n++)
    await live(({ device }) => device.disk.failRequest(n, FAILURES[n % 3] as DiskFailure)).catch((error: Error) =>
      expect.fail(`request ${n}: ${error.message}`),
    )
})

test.each(['UnknownError', 'QuotaExceededError'] as const)('the n-th transaction aborts with %s, for every n', async (failure) => {
  const { changes } = await live(quietly)
  expect(changes).toBeGreaterThan(20)
  for (let n = 1; n <= changes; n++)
    await live(({ device }) => device.disk.failTransaction(n, failure)).catch((error: Error) =>
      expect.fail(`transaction ${n}: ${error.message}`),
    )
})

test.each(COMMIT_FAULTS)("%s: the n-th of the server's, for every n and wherever it is torn", async (fault) => {
  const { commits } = await live(quietly)
  expect(commits).toBeGreaterThan(10)
  const parts = fault === 'crash in a commit' ? PARTS.length : 1
  for (let n = 1; n <= commits; n++)
    for (let part = 0; part < parts; part++)
      await live(quietly, { n, fault, far: (part + 0.5) / parts }).catch((error: Error) =>
        expect.fail(`commit ${n}, part ${part}: ${error.message}`),
      )
})
