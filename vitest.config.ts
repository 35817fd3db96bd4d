import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { findChromium, noChromium } from './scripts/browser-path.mjs'

// The name of a test file says where it runs: *.test.ts in Node, *.browser.test.ts inside Chromium, *.e2e.test.ts in Node, driving Chromium.
const exclude = ['**/node_modules/**', '**/dist/**']
// Takes all processors itself, and says in how much time.
const days = 'packages/testing/src/days.test.ts'
// Begun first, or one processor waits for the other in the end.
const long = ['todo/todo.test.ts', 'crash-atomicity.test.ts', 'hostile.test.ts', 'ranks.test.ts', 'kill.e2e.test.ts', 'tabs.e2e.test.ts']
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => long.some((name) => moduleId.endsWith(name))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
// For what hangs; how long a test takes is the machine's affair.
const patience = 300_000
const node: TestProjectConfiguration = {
  test: {
    name: 'node',
    include: ['**/*.test.ts'],
    exclude: [...exclude, '**/*.browser.test.ts', '**/*.e2e.test.ts', days],
    // All processors, since nothing here is timed; so one test may be in another's way.
    maxWorkers: '100%',
    testTimeout: patience,
    sequence: { groupOrder: 0 },
  },
}
const alone: TestProjectConfiguration = { test: { name: 'alone', include: [days], testTimeout: patience, sequence: { groupOrder: 1 } } }

const report = process.env.HOLDFAST_TEST_REPORT
export default defineConfig({
  test: {
    projects: [node, alone, ...browserProjects()],
    sequence: { sequencer: LongFirst },
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
})

function browserProjects(): TestProjectConfiguration[] {
  const chromium = findChromium()
  if (chromium === null) {
    if (process.env.CI && process.env.CI !== 'false') throw new Error(noChromium)
    const line = '!'.repeat(100)
    process.stderr.write(`\n${line}\n${noChromium}\nTHE BROWSER AND E2E TESTS ARE SKIPPED.\n${line}\n\n`)
    return []
  }
  const launchOptions = { executablePath: chromium.path, args: chromium.args, env: chromium.env }
  return [
    {
      // Named here, because Vite reloads the page in the middle of a test when it meets a dependency it has not yet prepared.
      optimizeDeps: { include: ['@holdfast/client > idb', '@holdfast/shared > valibot', '@holdfast/testing > fast-check'] },
      test: {
        name: 'browser',
        include: ['**/*.browser.test.ts'],
        exclude,
        testTimeout: patience,
        sequence: { groupOrder: 2 },
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          provider: playwright({ launchOptions }),
          instances: [{ browser: 'chromium' }],
        },
      },
    },
    {
      test: {
        name: 'e2e',
        include: ['**/*.e2e.test.ts'],
        exclude,
        testTimeout: patience,
        hookTimeout: patience,
        maxWorkers: 2,
        sequence: { groupOrder: 3 },
      },
    },
  ]
}
