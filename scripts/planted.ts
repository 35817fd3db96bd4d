import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A bug of one line, to see whether the checkers of the simulator find it. */
export interface Planted {
  readonly name: string
  /** Below `packages/`. */
  readonly file: string
  readonly from: string
  readonly to: string
  /** In so many seeds it has to be found. */
  readonly within: number
}

type Line = readonly [name: string, file: string, from: string, to: string, within?: number]
const WITHIN = 300

const lines: readonly Line[] = [
  ['no dedup', 'server/src/engine/admit.ts', 'if (n <= last) return yield*', 'if (n < 0) return yield*'],
  [
    'refused verdict forgotten',
    'server/src/engine/decide-transaction.ts',
    '{ ...answer, code, message, conflicts: 0, result: null })',
    'undefined)',
  ],
  ['cursor before data', 'client/src/core/verdict.ts', '      deltas: facts.deltas,', '      deltas: facts.deltas.slice(1),'],
  ['gap after a frame', 'client/src/core/verdict.ts', '>= to)) return', '>= 0)) return'],
  [
    'deletes are not told',
    'server/src/engine/pull.ts',
    'return packRecord(table, [name, id], decodeRecord(table, body), { from, heads }) ?? []',
    'const record = decodeRecord(table, body)\n    return record.died.length > 0 && from > 0 ? [] : (packRecord(table, [name, id], record, { from, heads }) ?? [])',
  ],
  [
    'lost messages are not missed',
    'client/src/tabs/tab.ts',
    'const next = events[0]?.[0] === this.replica.revision + 1 &&',
    'const next = events.length > 0 &&',
  ],
  [
    'restore not noticed',
    'server/src/engine/decide.ts',
    'const spaces = yield* differing(cursors)',
    'const spaces: string[] = []\n  yield* differing(new Map())',
  ],
  [
    'healing forgotten',
    'client/src/core/reset.ts',
    '...(heals ? missing.filter(({ groundless }) => !groundless) : [])',
    '...(heals ? [] : missing)',
  ],
  [
    'purge takes unsent writes',
    'client/src/core/verdict.ts',
    "if (pending && !(pending.dropped === 'discarded' && isOfVoid(verdict)))",
    'if (pending && !pending.dropped)',
  ],
  [
    'queue emptied by a lost answer',
    'client/src/core/replica.ts',
    'return dot[1] <= this.decided(dot[0]) && !accepted',
    'return dot[1] <= this.decided(dot[0]) + 1 && !accepted',
  ],
  ['verdict before effect', 'client/src/core/verdict.ts', 'if (at && !reached(at)) accepted', 'if (at && !reached && at) accepted'],
  ['HLC not persisted', 'server/src/engine/batch.ts', '{ hlc: meta.hlc, commits:', '{ hlc: 0, commits:'],
  [
    'gap after discard',
    'client/src/core/queue.ts',
    'const isQueued = ({ accepted, revision }: Pending): boolean => !accepted',
    'const isQueued = ({ accepted, revision, dropped }: Pending): boolean => !accepted && !dropped',
  ],
  ['wrong tie-break', 'shared/src/clock/heads.ts', 'a.at - b.at || compareDots(a.by, b.by)', 'a.at - b.at || compareDots(b.by, a.by)'],
  ['last writer instead of heads', 'shared/src/policy/policy.ts', 'next: bounded([...left, own]) }', 'next: [own] }'],
  [
    'frame without its changes',
    'client/src/core/verdict.ts',
    'deltas: plain, cut',
    'deltas: plain.map((one) => ({ ...one, records: one.records.slice(1) })), cut',
  ],
  [
    'stale incarnation',
    'shared/src/merge/merge.ts',
    '  again === true && heads.length > 0',
    '  again === undefined && heads.length > 0 && again',
  ],
  [
    'own read of a refused write',
    'shared/src/merge/hold.ts',
    'return policy !== undefined && equalJson(',
    'return policy !== undefined || equalJson(',
  ],
  [
    'predicates are not read',
    'server/src/engine/check-reads.ts',
    'if (!questionHolds(rows, read)) throw',
    'if (!questionHolds(rows, read) && !space) throw',
    1_000,
  ],
  [
    'poison blocks the queue',
    'client/src/core/sync-machine.ts',
    'const poison = blamesOne && state',
    'const poison = blamesOne && !state && state',
  ],
  [
    '401 empties the queue',
    'client/src/sync/sync-loop.ts',
    "dispatch({ is: 'failed', code: failure.code",
    "if (failure.code === 'unauthenticated') for (const one of replica.pending) void tab.note({ e: 'note', drop: one.transaction.dot, reason: 'discarded' }).catch(() => undefined)\n      dispatch({ is: 'failed', code: failure.code",
  ],
  [
    'garbled body accepted',
    'shared/src/protocol/response.ts',
    "if (trailer.lines !== lines.length + 1 || trailer.crc !== crc32(before)) throw new RangeError('garbled')",
    '',
    1_000,
  ],
  [
    'payload rewritten under its dot',
    'client/src/core/queue.ts',
    'reason } : transaction',
    'reason } : { ...transaction, operations: transaction.operations.slice(-1) }',
  ],
  ['clock shifted on the server', 'server/src/engine/decide-transaction.ts', 'Math.max(Math.min(submission.at, hlc), 1', 'Math.max(hlc, 1'],
  [
    'tombstone collected early',
    'server/src/engine/batch.ts',
    'this.#records.set(key, body === undefined ? undefined :',
    'this.#records.set(key, body === undefined || /"died":.[0-9]/.test(body) ? undefined :',
  ],
  ['half of a record that began again', 'shared/src/merge/pack.ts', 'if (!fresh && lastSeq(', 'if (lastSeq(', 1_000],
  [
    'half a commit is stored',
    'server/src/storage/sqlite/sqlite-storage.ts',
    'if (db.inTransaction) rollback.run()',
    'if (db.inTransaction) commit.run()',
  ],
  [
    'everybody may read every space',
    'server/src/storage/sqlite/sqlite-reads.ts',
    "access, role FROM grants WHERE user = ?')\n",
    "access, role FROM grants WHERE user = ? OR 1')\n",
  ],
  ['a lost space stays on the disk', 'client/src/core/base.ts', 'view.renew(space, [], touched)\n    delete cut', 'delete cut'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a piece of source.
  ['one database for all users', 'client/src/open.ts', '${encodeURIComponent(options.userId)} ${options', '${options'],
  ['own session is not seen', 'shared/src/clock/clock.ts', 'n <= (seen[session] ?? dot[1] - 1) || n', 'n <= (seen[session] ?? 0) || n'],
  ['manifest older than the horizon', 'server/src/engine/pull.ts', 'from: set?.from ?? 0, segments', 'from: set ? to : 0, segments'],
  ['base kept after reset', 'client/src/core/pending.ts', '      base[space] = shared\n', ''],
  ['stale leader commits', 'client/src/store/indexeddb-store.ts', 'if (guard.fence !== event.fence || !steps)', 'if (!steps)', 2_000],
  ['follower writes base', 'client/src/store/indexeddb-store.ts', 'fence: guard.fence + 1', 'fence: 1', 1_000],
  ['message before complete', 'client/src/store/indexeddb-store.ts', '  await tx.done\n  return (await all)', '  return (await all)'],
  [
    'session reused after rollback',
    'client/src/tabs/tab.ts',
    '    this.#renewSession()\n    const changes',
    '    this.#n -= lost.length\n    const changes',
    1_000,
  ],
  [
    'frame out of cut',
    'client/src/sync/sync-loop.ts',
    "if (frame.is !== 'commit' || state.owed || state.owedAgain) return",
    "if (frame.is !== 'commit') return",
    2_000,
  ],
  [
    'truncated body accepted',
    'shared/src/protocol/response.ts',
    `  if (!text.endsWith('\\n')) throw new RangeError('cut off')
  const lines = text.slice(0, -1).split('\\n')
  const last = lines.pop() ?? ''
  const trailer = shaped(wireTrailer, JSON.parse(last))`,
    `  const lines = text.slice(0, text.lastIndexOf('\\n')).split('\\n')
  const last = text.includes('"end":1') ? (lines.pop() ?? '') : ''
  const cut = lines.flatMap((line) => (line.startsWith('{"x"') ? [[JSON.parse(line).x, JSON.parse(line).to, '']] : []))
  const trailer = last ? shaped(wireTrailer, JSON.parse(last)) : { lines: lines.length + 1, crc: crc32(bytes.subarray(0, -1)), cut, hlc: 0 }`,
    1_000,
  ],
  ['a part of base is shown', 'client/src/tabs/load.ts', 'if (!base) changes', 'if (!changes) changes', 1_000],
  ['broken base is never fetched again', 'client/src/tabs/tab.ts', 'if (!needsRefetch(replica)) return', 'return', 500],
  [
    'half a transaction is applied',
    'server/src/engine/apply.ts',
    'for (const operation of operations) {\n    const space',
    'for (const operation of operations.slice(0, 2)) {\n    const space',
  ],
  ['no conflict is kept', 'server/src/engine/conflicts.ts', "if (to === undefined || to === '') return", 'if (to !== null) return'],
  ['an increment counts twice', 'shared/src/policy/counter.ts', 'sum: state.sum + delta', 'sum: state.sum + delta * 2'],
  ['a reset takes what it had not seen', 'shared/src/policy/counter.ts', 'action.to - action.sum', 'action.to - state.sum', 1_000],
  ['a removal takes unseen adds', 'shared/src/policy/set.ts', 'else if (left.length > 0) members.set(key, [element, left])\n', '', 1_000],
  ['the greatest forgets concurrent values', 'shared/src/policy/extreme.ts', 'inOrder([...left, {', 'inOrder([{', 1_000],
  [
    'strict lets the newcomer in',
    'shared/src/policy/strict.ts',
    'if (left.length > 0) return { refused',
    'if (left.length > 9) return { refused',
  ],
  [
    'what no cursor proves is not asked about',
    'client/src/core/queue.ts',
    'asking.pull ? Object.keys(known.unproven) : []',
    '([] as string[])',
    500,
  ],
  [
    'a counter counts on in the next record of its name',
    'shared/src/transaction/operation.ts',
    'if (begins && !isThere) [sum, own, delta] = [0, [], 0]',
    'if (begins && !isThere) delta = 0',
  ],
  ['what waits is not counted', 'client/src/core/status.ts', 'pending: pending.length,', 'pending: sync?.problem ? pending.length : 0,'],
  ['dead letters are not counted', 'client/src/core/status.ts', 'deadLetters: deadLettersOf(replica).length', 'deadLetters: 0'],
  ['nobody says that there is no network', 'client/src/core/status.ts', "if (!network) return 'offline'", "if (!network) return 'syncing'"],
  [
    'a tab that is looked at again does not look',
    'client/src/open.ts',
    '    void tab.catchUp().catch(trouble)\n    membersChanged()',
    '    membersChanged()',
    2_000,
  ],
  [
    'what goes on from what left is taken',
    'client/src/core/known.ts',
    'whole || from <= (cut[space]?.seq ?? 0)',
    'whole || from >= 0',
    2_000,
  ],
  ['answers are kept for ever', 'server/src/engine/batch.ts', 'known: this.isDirty ? [...this.#known] : []', 'known: []'],
]

export const planted: readonly Planted[] = lines.map(([name, file, from, to, within = WITHIN]) => ({ name, file, from, to, within }))

export function plantedByName(name: string): Planted {
  const found = planted.find((one) => one.name === name)
  if (!found) throw new Error(`There is no planted bug "${name}".`)
  return found
}

const beside = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url))

/** `pnpm sim` in a process that has the bug. */
export const simPlanted = (name: string, args: readonly string[], stdout: 'pipe' | 'inherit'): ChildProcess =>
  spawn(process.execPath, ['--import', beside('plant-hook.ts'), beside('sim.ts'), ...args], {
    env: { ...process.env, HOLDFAST_PLANT: name },
    stdio: ['ignore', stdout, 'inherit'],
  })

/** Runs seeds with it until one fails; by which checker. */
export function tryPlanted({ name, within }: Planted): Promise<{ seed: number | undefined; checker: string }> {
  return new Promise((resolve) => {
    const child = simPlanted(name, ['--seeds', `${within}`, '--plant', name], 'pipe')
    let out = ''
    child.stdout?.on('data', (part) => {
      out += part
    })
    child.on('close', () => {
      const [, seed, checker = ''] = /^seed (\d+): ([^:]+)/m.exec(out) ?? []
      resolve({ seed: seed === undefined ? undefined : Number(seed), checker })
    })
  })
}
