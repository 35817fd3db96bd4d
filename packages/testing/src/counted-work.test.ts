// How much work there is for what people do (docs/performance.md): counted, because counts are the same on each machine.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { wasted } from '../../../scripts/planted-waste.ts'
import type { Counts } from './counted-work/counting.ts'
import { faultsOf } from './counted-work/guard.ts'

const at = (path: string) => fileURLToPath(new URL(`../../../scripts/${path}`, import.meta.url))
const written: Record<string, Counts> = JSON.parse(readFileSync(new URL('./counted-work.json', import.meta.url), 'utf8'))

/** Counts in a process where nothing else is done. */
async function counted(args: readonly string[], plant?: string): Promise<Record<string, Counts>> {
  const hook = plant === undefined ? [] : ['--import', at('plant-hook.ts')]
  const { stdout } = await promisify(execFile)(process.execPath, [...hook, at('counted-work.ts'), ...args], {
    // Most of a short run is to compile what all of them load.
    env: { ...process.env, HOLDFAST_PLANT: plant, NODE_COMPILE_CACHE: join(tmpdir(), 'holdfast-compiled') },
  })
  return JSON.parse(stdout)
}

const everything = counted(['--json'])

test('nothing takes more work than is written, nor less than half', { timeout: 120_000 }, async () => {
  expect(faultsOf(await everything, written)).toEqual([])
})

test.each(wasted.map((one) => [one.name, one] as const))('is noticed: %s', { timeout: 60_000 }, async (_, { name, scenario, grows }) => {
  const faults = faultsOf(await counted(['--only', scenario], name), written)
  expect(faults).toContainEqual(expect.stringMatching(`^${grows.join(': ')}: .*Mend it`))
})

describe('the guard', () => {
  const faults = (now: Counts, was: Counts) => faultsOf({ a: now }, { a: was })

  test('lets a count grow by half, and shrink to half', () => {
    expect(faults({ x: 15, y: 5 }, { x: 10, y: 10 })).toEqual([])
  })

  test('says what grew, how much, and the command', () => {
    expect(faults({ x: 16, z: 1 }, { x: 10 })).toEqual([
      'a: x: 10 -> 16 (1.6 times). Mend it; or, if it has to be, write it anew: pnpm counted-work --write',
      'a: z: 0 -> 1. Mend it; or, if it has to be, write it anew: pnpm counted-work --write',
    ])
  })

  test('wants to be written anew where less than half is left, or what was counted is not done any more', () => {
    expect(faults({ x: 4 }, { x: 10, y: 1 })).toEqual([
      'a: x: 10 -> 4 (0.4 times). Less than half: write it anew, so that it stays so: pnpm counted-work --write',
      'a: y: 1 -> 0 (0.0 times). Less than half: write it anew, so that it stays so: pnpm counted-work --write',
    ])
    expect(faultsOf({}, { a: { x: 1 } })).toHaveLength(1)
  })

  test('notices each count that doubles', () => {
    for (const [span, was] of Object.entries(written)) {
      for (const [what, n] of Object.entries(was))
        expect(faultsOf({ ...written, [span]: { ...was, [what]: 2 * n } }, written)).toEqual([
          expect.stringContaining(`${span}: ${what}: `),
        ])
    }
  })
})
