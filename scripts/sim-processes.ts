import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Report } from '@holdfast/testing'

/** Seeds that a process takes at most: code is slow when it is new, and a heap is slow when it is old. */
const TOGETHER = 1_000

/** Runs `pnpm sim` for these seeds in as many processes as there are processors, and puts together what they report. */
export async function simulateInProcesses(args: readonly string[], from: number, seeds: number): Promise<Report> {
  const parts: Report[] = []
  const together = Math.min(TOGETHER, Math.ceil(seeds / availableParallelism()))
  let next = from
  const work = async () => {
    for (let start = next; start < from + seeds; start = next) {
      next = Math.min(from + seeds, start + together)
      const these = [...args, '--from', `${start}`, '--seeds', `${next - start}`]
      // One that the system killed is not the end of all: its seeds are as good in another.
      parts[(start - from) / together] = await inProcess(these).catch((error: Error) => {
        process.stderr.write(`${error.message} Again.\n`)
        return inProcess(these)
      })
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  const covered: Record<string, number> = {}
  for (const part of parts) for (const [what, times] of Object.entries(part.covered)) covered[what] = times + (covered[what] ?? 0)
  return {
    runs: parts.reduce((sum, { runs }) => sum + runs, 0),
    failed: parts.flatMap(({ failed }) => failed),
    covered,
    missing: (parts[0]?.missing ?? []).filter((what) => !covered[what]),
    hashes: parts.flatMap(({ hashes }) => hashes),
    longest: Math.max(...parts.map(({ longest }) => longest)),
  }
}

function inProcess(args: readonly string[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    // Most of what a run makes is gone with it: with a larger young generation less of it is moved before.
    const child = fork(fileURLToPath(new URL('./sim.ts', import.meta.url)), args, { execArgv: ['--max-semi-space-size=64'] })
    child.on('message', (report) => resolve(report as Report))
    child.on('exit', (code) => reject(new Error(`pnpm sim ${args.join(' ')} ended with ${code} and told nothing.`)))
  })
}
