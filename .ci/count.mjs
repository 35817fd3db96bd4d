// Adds up the JSON report of vitest and the exit codes of the other steps: node count.mjs <report> test=<code> check=<code> …
import { readFileSync } from 'node:fs'

const [report, ...verdicts] = process.argv.slice(2)
const suites = { node: 0, browser: 0, e2e: 0 }
const faults = []
let passed = 0
let failed = 0
let skipped = 0

let files = []
try {
  files = JSON.parse(readFileSync(report, 'utf8')).testResults
} catch (error) {
  faults.push(`no test report: ${error.message}`)
}
for (const file of files) {
  const suite = file.name.endsWith('.browser.test.ts') ? 'browser' : file.name.endsWith('.e2e.test.ts') ? 'e2e' : 'node'
  for (const { status } of file.assertionResults) {
    if (status === 'passed') {
      passed++
      suites[suite]++
    } else if (status === 'failed') failed++
    else skipped++
  }
  if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'))
    faults.push(`failed to run: ${file.name}`)
}
for (const [suite, count] of Object.entries(suites)) if (count === 0) faults.push(`no test passed in the suite "${suite}"`)
for (const verdict of verdicts) {
  const [step, code] = verdict.split('=')
  if (step === 'test') {
    if (code !== '0' && failed === 0 && faults.length === 0) faults.push(`test exited ${code}`)
  } else if (code === '0') passed++
  else faults.push(`${step} exited ${code}`)
}

for (const fault of faults) console.log(`FAILED ${fault}`)
console.log(`node ${suites.node}, browser ${suites.browser}, e2e ${suites.e2e}, skipped ${skipped}`)
failed += faults.length
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
