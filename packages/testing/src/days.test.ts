// The whole mixed workload on random days. Alone in its group, since it takes all processors itself, and says in how much time.
import { expect, test } from 'vitest'
import { simulateInProcesses } from '../../../scripts/sim-processes.ts'

const NETWORK = [
  'segment',
  ...[
    'drop',
    'drop answer',
    'duplicate',
    'overlap',
    'replay',
    'html',
    'truncate',
    'lose a line',
    'delay',
    'late answer',
    'hang',
    'old answer',
    'never arrives',
    'never answers',
  ],
  ...['silent stream', 'late frames', 'expired token', 'too much for a proxy'],
]
const SERVER = [
  ...['server restored', 'server forked', 'server joined: the original', 'server joined: the copy', 'server: slow commit'],
  ...['server: crash before a commit', 'server: crash in a commit', 'server: crash after a commit', 'server: commit fails'],
  'another user on the device',
  ...['server restored, as an epoch', 'server restored, not to be healed'],
]
/** What the server says, and what it decides. */
const SAID = [
  ...['applied', 'differs', 'reset', 'lost'].map((what) => `answer: ${what}`),
  ...['conflict', 'discarded', 'forbidden', 'gone', 'lost', 'not_unique', 'poison', 'purged', 'unknown_record', 'unwelcome'].map(
    (code) => `refused: ${code}`,
  ),
  ...['conflict', 'discarded', 'lost', 'poison', 'purged'].map((reason) => `void: ${reason}`),
  ...['conflict: value', 'conflict: deleted', 'reference: revive'],
]
const STATES = [
  ...['storage_full', 'storage_failed', 'storage_blocked', 'another tab leads', 'a tab died at a call', 'a browser died at a call'],
  ...['a stored write was lost with the power', 'a device went on from an older copy', 'two devices went on from one disk'],
  ...['a disk lost a segment', 'a space was let go', 'a new device is asked'],
  ...['what a restored server lost is back', 'what a restored server lost is listed'],
]
/** Of the whole table of faults as many as a few minutes hold, and a part of that of the rest. */
const { HOLDFAST_SEEDS: seeds = 2_000, HOLDFAST_FROM: from = 1 } = process.env
const few = Math.ceil(Number(seeds) / 20)

test(`${seeds} random days over every kind of field, with references, commands and serializable writes; in another process they are the same runs`, async () => {
  // In as many processes as there are processors: this is a third of all that CI does.
  const report = await simulateInProcesses([], Number(from), Number(seeds))
  expect(report.failed.map(({ seed, checker, reason, reproduce }) => ({ seed, checker, reason, reproduce }))).toEqual([])
  // What never happens is not tested.
  expect(report.missing).toEqual([])
  for (const what of STATES) expect(report.covered[`state: ${what}`], what).toBeGreaterThan(0)
  for (const what of NETWORK) expect(report.covered[`network: ${what}`], what).toBeGreaterThan(0)
  for (const what of [...SERVER, ...SAID]) expect(report.covered[what], what).toBeGreaterThan(0)

  // The first of them once more, in other processes, and some after fewer others: the same runs.
  const again = await simulateInProcesses([], Number(from), 100)
  expect(report.hashes.slice(0, 100)).toEqual(again.hashes)
  expect(new Set(again.hashes).size).toBe(100)
}, 3_600_000)

test(`${few} random days on which the faults stop for some: what is well comes to rest`, async () => {
  const report = await simulateInProcesses(['--mode', 'liveness'], Number(from), few)
  expect(report.failed.map(({ seed, checker, reason, reproduce }) => ({ seed, checker, reason, reproduce }))).toEqual([])
  process.stdout.write(`${report.runs} runs, longest until all was well ${report.longest} virtual ms\n`)
}, 3_600_000)
