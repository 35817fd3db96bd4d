import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { faultsOf } from '@holdfast/testing/internal/counted-work/guard'
import { countWork } from '@holdfast/testing/internal/counted-work/scenarios'

// Says what differs from what is written; writes it anew; or gives the counts, of everything or of one scenario.
const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, only: { type: 'string' } },
})

const file = new URL('../packages/testing/src/counted-work.json', import.meta.url)
const counted = await countWork(values.only)
const text = `${JSON.stringify(counted, null, 2)}\n`

if (values.json || values.only !== undefined) process.stdout.write(text)
else if (values.write) writeFileSync(file, text)
else {
  const written = JSON.parse(readFileSync(file, 'utf8'))
  const faults = faultsOf(counted, written)
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  process.stdout.write(`${Object.keys(counted).length} stretches of work counted, ${faults.length} faults\n`)
  process.exitCode = faults.length > 0 ? 1 : 0
}
