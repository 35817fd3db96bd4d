import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { contenders, type Facts, reason, versionOf } from './contenders.ts'
import { Lab } from './lab.ts'
import { machine } from './machine.ts'
import { printRow } from './print.ts'
import { type Cell, keep, type Results, type RowResult } from './results.ts'
import type { Row, Sample } from './row.ts'
import { rows } from './rows.ts'
import { type Spread, spread } from './spread.ts'

const USAGE = `pnpm bench [--only a,h] [--with holdfast,raw-rows] [--quick] [--records 100000] [--runs 3] [--note text] [--patience 300] [--no-keep] [--profile folder]
`
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    with: { type: 'string' },
    quick: { type: 'boolean', default: false },
    records: { type: 'string' },
    runs: { type: 'string' },
    profile: { type: 'string' },
    patience: { type: 'string', default: '300' },
    note: { type: 'string', default: '' },
    'no-keep': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  process.stdout.write(USAGE)
  process.exit()
}

/** After so many milliseconds a run is given up; the first of a contender has to fill its device too. */
const PATIENCE = Number(values.patience) * 1_000
const records = Number(values.records ?? (values.quick ? 5_000 : 100_000))
const wanted = values.only?.split(',')
const asked = values.with?.split(',')
const unknown = [
  ...(wanted ?? []).filter((key) => !rows.some((row) => row.key === key)),
  ...(asked ?? []).filter((name) => !contenders.some((one) => one.name === name)),
]
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}. ${USAGE}`)
  process.exit(1)
}

const facts = machine()
process.stdout.write(
  `${facts.cpu}, ${facts.cores} cores, ${facts.memoryGB} GB · ${facts.chromium} · Node ${facts.node} · ${records.toLocaleString('en')} records\n`,
)
if (facts.loadBefore > 0.5)
  process.stdout.write(`Others are at work here (load ${facts.loadBefore.toFixed(1)}): these numbers are a picture, not a result.\n`)

const done: RowResult[] = []
const running = contenders.filter(({ name }) => !asked || asked.includes(name))
const at = new Date().toISOString()
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const lab = new Lab({ quick: values.quick, records, profiles: values.profile })
// Playwright would end its browsers and leave this going on; a run that seems ended and is not spoils the next one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void lab.close().finally(() => process.exit(1)))
try {
  for (const row of rows) {
    if (wanted && !wanted.includes(row.key)) continue
    await measure(row)
    // After each row: a run takes long, and what it has found by then is worth keeping.
    if (!values['no-keep']) keep(results())
  }
} finally {
  await lab.close()
}

process.exit(0)

function results(): Results {
  return {
    at,
    command: `pnpm bench ${process.argv.slice(2).join(' ')}`.trim(),
    commit,
    note: values.note,
    quick: values.quick,
    records,
    machine: facts,
    contenders: running.map(({ name, kind, packages }) => ({
      name,
      kind,
      versions: Object.fromEntries(packages.map((one) => [one, versionOf(one)])),
    })),
    rows: done,
  }
}

/** All runs of a row, every contender once a round, so that what disturbs the machine disturbs all. */
async function measure(row: Row): Promise<void> {
  const runs = Number(values.runs ?? (values.quick ? 1 : row.runs))
  const samples = new Map<Facts, Sample[]>()
  const gaps = new Map<Facts, string>()
  for (let run = 0; run < runs; run++) {
    for (const contender of running) {
      if (gaps.has(contender)) continue
      if (!contender.rows.includes(row.key)) {
        gaps.set(contender, reason(contender, row.key))
        continue
      }
      try {
        const sample = await withPatience(row.run(lab, contender), PATIENCE * (row.patience ?? 1))
        samples.set(contender, [...(samples.get(contender) ?? []), sample])
      } catch (error) {
        gaps.set(contender, `failed: ${(error as Error).message.split('\n')[0]}`)
      } finally {
        await lab.tidy()
      }
    }
  }
  const cells = running.map((contender): Cell => {
    const gap = gaps.get(contender)
    return { contender: contender.name, measures: spreads(samples.get(contender) ?? []), ...(gap ? { gap } : {}) }
  })
  const { key, title, unit, better } = row
  const targets = row.targets.map(({ measure, bound: boundOf, says }) => {
    const of = (name: string) => cells.find(({ contender }) => contender === name)?.measures[measure]?.median
    const bound = boundOf(of) ?? null
    const mine = of('holdfast')
    return { measure, says, bound, met: bound === null || mine === undefined ? null : better === 'more' ? mine >= bound : mine <= bound }
  })
  const result = { key, title, unit, better, targets, cells }
  done.push(result)
  printRow(result)
}

function spreads(samples: readonly Sample[]): Record<string, Spread> {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample)))]
  return Object.fromEntries(names.map((name) => [name, spread(samples.flatMap((sample) => sample[name] ?? []))]))
}

async function withPatience<T>(work: Promise<T>, ms: number): Promise<T> {
  let cancel = () => {}
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`gave up after ${ms / 1_000} s`)), ms)
    cancel = () => clearTimeout(timer)
  })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    cancel()
  }
}
