import { ALL_FAULTS } from '/work/wt-h25/packages/testing/src/sim/faults.ts'
import { run } from '/work/wt-h25/packages/testing/src/sim/run.ts'
import * as workload from '/work/wt-h25/packages/testing/src/sim/mixed-workload.ts'
const { schema, commands, rules, server, actions, invariant, judge, insertOnly } = workload as any
const opt = (seed: number, steps: number, faults: Set<string>) => ({ seed, server, client: { schema, commands, rules, insertOnly }, mode: (process.env.MODE ?? 'safety'), judge, users: ['ann', 'bob'], spaces: workload.spaces, steps, actions, invariant, faults }) as any
const seed = Number(process.argv[2]); const want = process.argv[3] ?? ''
let faults = new Set<string>(ALL_FAULTS()), steps = 60
const fails = async (s: number, f: Set<string>) => { const r = await run(opt(seed, s, f)); return r.failure && r.failure.message.startsWith(want) || (r.failure && r.failure.checker === want) ? r : undefined }
let best = await fails(steps, faults)
if (!best) { console.log('does not fail', (await run(opt(seed, steps, faults))).failure); process.exit() }
for (const f of [...faults]) { const l = new Set(faults); l.delete(f); const r = await fails(steps, l); if (r) { faults = l; best = r } }
for (let by = 30; by >= 1; by = by === 1 ? 0 : Math.ceil(by / 2)) for (;;) { if (steps <= by) break; const r = await fails(steps - by, faults); if (!r) break; steps -= by; best = r }
console.log(best!.timeline.filter((l: string) => !/answers 200|GET .*live/.test(l)).join('\n')); console.log(steps, [...faults].join(', '))
process.exit()
