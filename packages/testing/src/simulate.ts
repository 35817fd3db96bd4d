import type { Database } from '@holdfast/client'
import type { User } from '@holdfast/server'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { ALL_FAULTS, type FaultName } from './sim/faults.ts'
import { run } from './sim/run.ts'
import type { Actions, Judge, Mode, Run, RunOptions } from './sim/simulation.ts'
import { trustAs } from './trust-as.ts'

export interface SimulateOptions<S extends Schema, C extends Commands> {
  /** The app, as `createSyncServer` takes it: schema, rules, commands, hooks. */
  readonly server: { readonly schema: S; readonly commands?: C | undefined; readonly rules?: object | undefined }
  /** Stands in for `authenticate`: who somebody is to hooks and commands. Only his id, unless stated. */
  readonly user?: (id: string) => User
  /** How many runs, each another one. */
  readonly seeds: number
  /** The seed of the first run: 1 unless stated. */
  readonly from?: number
  /** The first one mostly has two devices. All may write in all `spaces`; access of the last one comes and goes. */
  readonly users?: readonly string[]
  readonly spaces?: readonly string[]
  /** What happens in a run after its morning, faults included: 60 unless stated. */
  readonly steps?: number
  readonly faults?: 'all' | 'none' | readonly FaultName[]
  /**
   * `safety` unless stated: random faults, and everything is judged to the end. `liveness`: at some moment the faults stop for some of the
   * devices and the server, the others stay broken, and what is well has to come to rest: `longest` says after how long.
   */
  readonly mode?: Mode
  /** What the app does. */
  readonly actions: Actions<Database<S, C>>
  /** Tables from which the app never deletes: what a tab showed of them once it shows ever after. */
  readonly insertOnly?: readonly string[]
  /** Looks at what the server decided, in its order, after each run. */
  readonly judge?: Judge
  /** Gets what actions `record`, a line of JSON each, in the form of Jepsen's Elle. */
  readonly history?: (line: string) => void
  /** Gets what happened in each run, a line for each thing. */
  readonly timeline?: (line: string) => void
  /** Ends with the first run that fails, as it is. */
  readonly stopAtFirst?: boolean
  /** Looks at what a tab shows, at every change of it; throws where something is wrong. */
  readonly invariant?: (seen: { readonly read: Database<S, C>; readonly user: string }) => void
}

export interface Failure {
  readonly seed: number
  /** Which promise was not kept: `convergence`, `acknowledged`, `exactly-once`, `invariant`… */
  readonly checker: string
  readonly reason: string
  /** The smallest run that fails in the same way: how many steps it takes, by whom, and which faults. */
  readonly steps: number
  readonly users: readonly string[]
  readonly faults: readonly FaultName[]
  /** What happened in that, a line for each thing. */
  readonly timeline: readonly string[]
  /** What to change in the call to see it again. */
  readonly reproduce: string
}

export interface Report {
  readonly runs: number
  readonly failed: readonly Failure[]
  /** How often each action and each fault happened, over all runs. */
  readonly covered: Readonly<Record<string, number>>
  /** The actions and faults that were to happen, and never did: what never happens is not tested. */
  readonly missing: readonly string[]
  /** Of each run: the same seed gives the same one, in any process. */
  readonly hashes: readonly string[]
  /** The longest that it took after the faults until all was well, in virtual milliseconds. */
  readonly longest: number
}

/**
 * Runs an app, the shipping client and the shipping server through random days on virtual time: networks that lose, double, cut and
 * delay, tabs that crash and freeze, clocks that are wrong, servers that restart. After each the promises are checked; a run that fails
 * is made smaller, and can be repeated from its seed.
 *
 * @example
 * const report = await simulate({ server: { schema }, seeds: 500, actions: {
 *   add: ({ db, space, random }) => db.space(space).todos.insert({ title: random.word() }),
 * } })
 * expect(report.failed).toEqual([])
 */
export async function simulate<const S extends Schema, const C extends Commands = Record<never, never>>(
  options: SimulateOptions<S, C>,
): Promise<Report> {
  const { server, seeds, from = 1, users = ['ann', 'bob'], spaces = ['shared'], steps = 60, faults = 'all' } = options
  const { schema, commands, rules } = server
  const { mode = 'safety', insertOnly = [], judge, history } = options
  const base: Omit<RunOptions, 'seed'> = {
    server: { ...server, authenticate: trustAs(options.user) } as RunOptions['server'],
    ...{ mode, judge, history },
    client: {
      schema,
      insertOnly,
      invariant: options.invariant,
      ...(commands ? { commands } : {}),
      ...(rules ? { rules } : {}),
    } as RunOptions['client'],
    users,
    spaces,
    steps,
    actions: options.actions as unknown as Actions,
    faults: faults === 'all' ? ALL_FAULTS() : new Set(faults === 'none' ? [] : faults),
  }
  const failed: Failure[] = []
  const covered: Record<string, number> = {}
  const hashes: string[] = []
  let longest = 0
  for (let seed = from; seed < from + seeds; seed++) {
    const one = await run({ ...base, seed })
    hashes.push(one.hash)
    if (options.timeline) for (const line of one.timeline) options.timeline(line)
    longest = Math.max(longest, one.settled)
    for (const [what, times] of Object.entries(one.covered)) covered[what] = times + (covered[what] ?? 0)
    if (!one.failure) continue
    failed.push(options.stopAtFirst ? failureOf({ ...base, seed }, one) : await smallest({ ...base, seed }, one))
    if (options.stopAtFirst) break
  }
  const wanted = [...Object.keys(base.actions).map((name) => `action: ${name}`), ...[...base.faults].map((name) => `fault: ${name}`)]
  return { runs: seeds, failed, covered, missing: wanted.filter((what) => !covered[what]), hashes, longest }
}

/** Takes users, steps and faults away as long as it fails by the same checker. */
async function smallest(options: RunOptions, first: Run): Promise<Failure> {
  let [small, found] = [options, first]
  const tryWith = async (less: RunOptions) => {
    const again = await run(less)
    const isSame = again.failure?.checker === first.failure?.checker
    if (isSame) [small, found] = [less, again]
    return isSame
  }
  for (const user of options.users)
    if (small.users.length > 1) await tryWith({ ...small, users: small.users.filter((one) => one !== user) })
  for (const fault of options.faults) await tryWith({ ...small, faults: new Set([...small.faults].filter((one) => one !== fault)) })
  for (let by = Math.ceil(small.steps / 2); by >= 1; by = by === 1 ? 0 : Math.ceil(by / 2))
    while (small.steps > by && (await tryWith({ ...small, steps: small.steps - by })));
  return failureOf(small, found)
}

function failureOf(small: RunOptions, found: Run): Failure {
  const faults = [...small.faults].sort()
  return {
    seed: small.seed,
    checker: found.failure?.checker ?? '',
    reason: found.failure?.message ?? '',
    steps: small.steps,
    users: small.users,
    faults,
    timeline: found.timeline,
    reproduce: `simulate({ …, from: ${small.seed}, seeds: 1, steps: ${small.steps}, users: ${JSON.stringify(small.users)}, faults: ${JSON.stringify(faults)} })`,
  }
}
