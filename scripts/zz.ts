import { ALL_FAULTS } from '/work/wt-h25/packages/testing/src/sim/faults.ts'
import { run } from '/work/wt-h25/packages/testing/src/sim/run.ts'
import * as workload from '/work/wt-h25/packages/testing/src/sim/mixed-workload.ts'
const [from, n, only] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]]
const covered: Record<string, number> = {}
let failed = 0
const kinds: Record<string, number[]> = {}
const { schema, commands, rules, server, actions, invariant, judge, insertOnly } = workload as any
const faults = only ? new Set([...ALL_FAULTS()].filter((f) => only.split(',').some((o) => o.startsWith('-') ? !only.split(',').some(x => f.startsWith(x.slice(1))) : f.startsWith(o)))) : ALL_FAULTS()
for (let seed = from; seed < from + n; seed++) {
  const timer = setTimeout(() => { console.log('HANG', seed); process.exit(1) }, 20000)
  const one = await run({ seed, server, client: { schema, commands, rules, insertOnly }, mode: (process.env.MODE ?? 'safety'), judge, users: ['ann', 'bob'], spaces: workload.spaces, steps: 60, actions, invariant, faults } as any)
  clearTimeout(timer)
  for (const [k, v] of Object.entries(one.covered)) covered[k] = v + (covered[k] ?? 0)
  if (one.failure) { failed++; const k = one.failure.checker + ': ' + one.failure.message.replace(/[\w-]{20,}/g, 'X').slice(0, 90); (kinds[k] ??= []).push(seed); if (failed < 6) console.log(seed, one.failure.checker, one.failure.message.slice(0, 400)) }
}
for (const [k, s] of Object.entries(kinds)) console.log(s.length, k, s.slice(0, 5).join(' '))
console.log(n, 'runs', failed, 'failed'); console.log(JSON.stringify(Object.fromEntries(Object.entries(covered).filter(([k]) => /state|disk|dies|power|device cl|upgraded/.test(k)))))
process.exit(0)
