import type { SessionId } from '../ids.ts'
import { compareStrings } from '../json.ts'

/** The name of a transaction: the session that wrote it and its number there: 1, 2, 3… without a gap. */
export type Dot = readonly [session: SessionId, n: number]

/** A total order over dots, for ties. */
export const compareDots = (a: Dot, b: Dot): number => compareStrings(a[0], b[0]) || a[1] - b[1]

export const sameDot = (a: Dot, b: Dot): boolean => a[1] === b[1] && a[0] === b[0]

/** A dot as a text: the key of maps, and what an app is given to name a write by. */
export const dotName = (dot: Dot): string => `${dot[0]}.${dot[1]}`
