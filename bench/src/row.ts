import type { Facts } from './contenders.ts'
import type { Lab } from './lab.ts'

/** What one run has measured, by the name of the measure, in the row's unit. */
export type Sample = Readonly<Record<string, number>>

export interface Target {
  readonly measure: string
  /**
   * Holdfast's median is to be at most, or (where more is better) at least, this; `of` gives the median of this measure of another
   * contender in the same run. Undefined: what it is a ratio of was not measured.
   */
  readonly bound: (of: (contender: string) => number | undefined) => number | undefined
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

/** Bounds that are numbers of their own. */
export const atMost = (measure: string, bound: number, unit = ''): Target => fixed(measure, bound, `≤ ${bound.toLocaleString('en')}${unit}`)
export const atLeast = (measure: string, bound: number): Target => fixed(measure, bound, `≥ ${bound.toLocaleString('en')}`)

const fixed = (measure: string, bound: number, says: string): Target => ({ measure, says, bound: () => bound })

/** So many times what another one took in the same run of the bench; `says` names him after the factor. */
export const times = (measure: string, factor: number, contender: string, says: string): Target => ({
  measure,
  says,
  bound(of) {
    const found = of(contender)
    return found === undefined ? undefined : found * factor
  },
})
