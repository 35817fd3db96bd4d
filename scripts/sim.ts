import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Report, simulate } from '@holdfast/testing'
import * as workload from '@holdfast/testing/internal/sim/mixed-workload'
import { planted, plantedByName, simPlanted, tryPlanted } from './planted.ts'
import { simulateInProcesses } from './sim-processes.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    planted: { type: 'boolean', default: false },
    plant: { type: 'string' },
    mode: { type: 'string', default: 'safety' },
  },
})

const say = (line: string) => process.stdout.write(`${line}\n`)

// One of several processes tells its report to the first.
if (process.send) await tellReport()
else if (values.planted) await showPlanted()
// It has to be there before anything is loaded.
else if (values.plant && process.env.HOLDFAST_PLANT !== values.plant)
  simPlanted(plantedByName(values.plant).name, process.argv.slice(2), 'inherit').on('close', (code) => process.exit(code ?? 1))
else await simulateSeeds()

async function tellReport(): Promise<void> {
  // Whoever asked may be gone by then.
  process.once('disconnect', () => process.exit(1))
  process.send?.(await simulateHere(), undefined, undefined, () => process.exit())
}

function simulateHere(from = Number(values.from), seeds = Number(values.seeds)): Promise<Report> {
  const timeline = values.seed ? (line: string) => say(`  ${line}`) : undefined
  return simulate({ ...workload, from, seeds, mode: values.mode, timeline, ...(values.plant ? { stopAtFirst: true } : {}) } as never)
}

/** Runs seeds; with one, says all that happened in it. */
async function simulateSeeds(): Promise<void> {
  const start = performance.now()
  const report = values.seed
    ? await simulateHere(Number(values.seed), 1)
    : values.plant
      ? await simulateHere()
      : await simulateInProcesses(['--mode', values.mode], Number(values.from), Number(values.seeds))
  for (const { seed, reason, steps, users, faults, timeline } of report.failed) {
    say(`seed ${seed}: ${reason}`)
    say(
      `  again: pnpm sim --seed ${seed}${values.mode === 'safety' ? '' : ` --mode ${values.mode}`}${values.plant ? ` --plant "${values.plant}"` : ''}   (smallest: ${steps} steps by ${users.join(', ')}, faults ${faults.join(', ') || 'none'})`,
    )
    if (values.seed) for (const line of ['the smallest:', ...timeline]) say(`  ${line}`)
  }
  if (values.seed) say(`trace ${report.hashes[0]}`)
  else say(JSON.stringify(report.covered))
  say(
    `${report.runs} runs, ${report.failed.length} failed, ${((performance.now() - start) / 1_000).toFixed(0)} s, longest until all was well ${report.longest} virtual ms`,
  )
  process.exitCode = report.failed.length > 0 ? 1 : 0
}

/** Plants each bug, and says how many seeds it took to find it, and which checker did: as many at once as there are processors. */
async function showPlanted(): Promise<void> {
  const all = values.plant ? [plantedByName(values.plant)] : [...planted]
  const waiting = [...all]
  let missed = 0
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const { seed, checker } = await tryPlanted(one)
      if (seed === undefined) missed++
      say(`${one.name.padEnd(44)} ${seed === undefined ? `not found in ${one.within} seeds` : `seed ${String(seed).padEnd(6)} ${checker}`}`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  say(`${all.length - missed} of ${all.length} planted bugs found`)
  process.exitCode = missed > 0 ? 1 : 0
}
