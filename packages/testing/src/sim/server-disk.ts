import type { Changes } from '@holdfast/server/internal/engine/changes'
import type { Storage, WriteJob } from '@holdfast/server/internal/storage/storage'
import { pick } from '../random.ts'
import type { HostOptions } from '../server-host.ts'

/**
 * What may happen to a commit: the process dies before it, in the middle of it (what was written is rolled back), or after it, before
 * anyone is answered; or it fails, and the process lives on.
 */
export const COMMIT_FAULTS = ['crash before a commit', 'crash in a commit', 'crash after a commit', 'commit fails'] as const
type CommitFault = (typeof COMMIT_FAULTS)[number]

/** The disk of the server, as the next commit will find it. */
export interface ServerDisk {
  next: CommitFault | undefined
  /** Virtual milliseconds that each commit waits before it begins. */
  lag: number
  readonly wrap: NonNullable<HostOptions['disk']>
}

interface Around {
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly hit: (what: string) => void
}

export function createServerDisk({ random, sleep, hit }: Around): ServerDisk {
  const disk: ServerDisk = {
    next: undefined,
    lag: 0,
    wrap: (storage, crash) => ({ ...storage, write: (job) => write(storage, crash, job) }),
  }

  async function write<T>(storage: Storage, crash: (ms: number) => void, job: WriteJob<T>): Promise<T> {
    if (disk.lag > 0) {
      hit('server: slow commit')
      await sleep(disk.lag)
    }
    const fault = disk.next
    disk.next = undefined
    if (!fault) return await storage.write(job)
    hit(`server: ${fault}`)
    const isDead = fault !== 'commit fails'
    const die = () => isDead && crash(Math.floor(random() * 20_000))
    if (fault === 'crash after a commit') await storage.write(job)
    else if (fault !== 'crash before a commit') await storage.write(torn(job, random)).catch(() => undefined)
    die()
    throw new Error(fault)
  }

  return disk
}

/** The parts of a commit, one of which is the first that a torn one lacks. */
export const PARTS: readonly (keyof Changes)[] = ['records', 'log', 'sessions', 'answers', 'known', 'grants']

/** The same changes, of which the storage gets only the first parts before everything ends. */
const torn = <T>(job: WriteJob<T>, random: () => number): WriteJob<T> =>
  function* () {
    const { result, changes } = yield* job()
    const part = pick(random, PARTS)
    const end = () => {
      throw new Error('the disk is gone')
    }
    return { result, changes: Object.defineProperty({ ...changes }, part, { get: end }) }
  }
