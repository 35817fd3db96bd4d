import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Machine } from './machine.ts'
import type { Spread } from './spread.ts'

export interface Cell {
  readonly contender: string
  /** By measure. Empty where there is nothing, for this reason. */
  readonly measures: Readonly<Record<string, Spread>>
  readonly gap?: string
}

export interface TargetResult {
  readonly measure: string
  readonly says: string
  readonly bound: number | null
  readonly met: boolean | null
}

export interface RowResult {
  readonly key: string
  readonly title: string
  readonly unit: string
  readonly better: 'more' | 'less'
  readonly targets: readonly TargetResult[]
  readonly cells: readonly Cell[]
}

/** One run of the bench. */
export interface Results {
  readonly at: string
  readonly command: string
  readonly commit: string
  /** What whoever ran it wants to be known, as of a machine that others used. */
  readonly note: string
  readonly quick: boolean
  readonly records: number
  readonly machine: Machine
  readonly contenders: readonly { readonly name: string; readonly kind: string; readonly versions: Readonly<Record<string, string>> }[]
  readonly rows: readonly RowResult[]
}

const folder = fileURLToPath(new URL('../results/', import.meta.url))

/** Keeps a run, and lists all that are kept for the page, which has no server to ask. */
export function keep(results: Results): void {
  const file = `${folder}${results.at.replace(/[:.]/g, '-')}${results.quick ? '-quick' : ''}.json`
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
  const all = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readFileSync(folder + name, 'utf8').trim())
  writeFileSync(
    `${folder}all.js`,
    `// Made by \`pnpm bench\`: every kept run, for plots.html.\nglobalThis.runs = [\n${all.join(',\n')}\n]\n`,
  )
}
