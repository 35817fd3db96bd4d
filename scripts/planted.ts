import { spawn } from 'node:child_process'
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

type Line = readonly [name: string, file: string, from: string, to: string]
const WITHIN = 100

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
  ['healing forgotten', 'client/src/core/reset.ts', 'const adds = heals', 'const adds = heals && again.size < 0'],
  [
    'purge takes unsent writes',
    'client/src/core/verdict.ts',
    "if (pending && !(pending.dropped === 'discarded' && verdict.code === 'discarded'))",
    'if (pending && !pending.dropped)',
  ],
  [
    'queue emptied by a lost answer',
    'client/src/core/replica.ts',
    'return dot[1] <= this.decided(dot[0]) && !accepted',
    'return dot[1] <= this.decided(dot[0]) + 1 && !accepted',
  ],
]

export const planted: readonly Planted[] = lines.map(([name, file, from, to]) => ({ name, file, from, to, within: WITHIN }))

export function plantedByName(name: string): Planted {
  const found = planted.find((one) => one.name === name)
  if (!found) throw new Error(`There is no planted bug "${name}".`)
  return found
}

/** Runs seeds with it until one fails; by which checker. */
export function tryPlanted({ name, within }: Planted): Promise<{ seed: number | undefined; checker: string }> {
  return new Promise((resolve) => {
    const hook = fileURLToPath(new URL('./plant-hook.ts', import.meta.url))
    const script = fileURLToPath(new URL('./sim.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', hook, script, '--seeds', `${within}`, '--plant', name], {
      env: { ...process.env, HOLDFAST_PLANT: name },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.on('data', (part) => {
      out += part
    })
    child.on('close', () => {
      const [, seed, checker = ''] = /^seed (\d+): ([^:]+)/m.exec(out) ?? []
      resolve({ seed: seed === undefined ? undefined : Number(seed), checker })
    })
  })
}
