// A kept run as the table of docs/performance.md: `node bench/src/table.ts bench/results/<run>.json`.
import { readFileSync } from 'node:fs'
import { short } from './print.ts'
import type { Results } from './results.ts'

const { rows, contenders } = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as Results
const kinds = new Map(contenders.map(({ name, kind }) => [name, kind]))

process.stdout.write('| measure | Holdfast | target | limits | peers |\n|---|---|---|---|---|\n')
for (const { key, title, unit, targets, cells } of rows) {
  const told = (kind: string) =>
    cells
      .filter(({ contender }) => kinds.get(contender) === kind)
      .flatMap(({ contender, measures }) => {
        const all = Object.entries(measures).map(([name, { median }]) => `${name} ${short(median)}`)
        if (all.length === 0) return []
        return [kind === 'holdfast' ? all.join('<br>') : `${contender}: ${all.join(', ')}`]
      })
      .join('<br>') || '—'
  const aims = targets.map(({ measure, says, bound, met }) => {
    const ratio = bound !== null && says.includes('×') ? ` = ${short(bound)}` : ''
    return `${measure} ${says}${ratio}${met === null ? '' : met ? ': met' : ': **not met**'}`
  })
  process.stdout.write(
    `| ${key}. ${title}, ${unit} | ${told('holdfast')} | ${aims.join('<br>') || '—'} | ${told('limit')} | ${told('peer')} |\n`,
  )
}
