import type { Facts } from './contenders.ts'
import type { Lab } from './lab.ts'

/** What one run has measured, by the name of the measure, in the row's unit. */
export type Sample = Readonly<Record<string, number>>

/** The median of a measure of another contender, or of another row, from the same run of the bench. */
export type Of = (row: string, contender: string, measure: string) => number | undefined

export interface Target {
  readonly measure: string
  /** Holdfast's median is to be at most, or (where more is better) at least, this. Undefined: what it is a ratio of was not measured. */
  readonly bound: (of: Of) => number | undefined
  readonly says: string
}

export interface Row {
  readonly key: string
  readonly title: string
  readonly unit: string
  readonly better: 'more' | 'less'
  readonly targets: readonly Target[]
  /** Runs besides `--quick`. */
  readonly runs: number
  /** How many times as long as others it may take. */
  readonly patience?: number
  /** One run. Whoever cannot do it is not asked: `contenders.ts` says why. */
  run(lab: Lab, contender: Facts): Promise<Sample>
}

/** A bound that is a number of its own. */
export const fixed =
  (bound: number): Target['bound'] =>
  () =>
    bound

/** So many times what another one took in the same run of the bench. */
export const times =
  (factor: number, row: string, contender: string, measure: string): Target['bound'] =>
  (of) => {
    const found = of(row, contender, measure)
    return found === undefined ? undefined : found * factor
  }
