import { HoldfastError } from '../errors.ts'
import type { JsonValue } from '../json.ts'

/** The elements of a packed state, or `bad_response`: what arrives is never trusted to have the right form. */
export function packedArray(packed: JsonValue | undefined, length?: number): readonly JsonValue[] {
  if (Array.isArray(packed) && (length === undefined || packed.length === length)) return packed
  throw new HoldfastError('bad_response', 'A field arrived in an unknown form.')
}

export function packedInteger(packed: JsonValue | undefined): number {
  if (Number.isSafeInteger(packed)) return packed as number
  throw new HoldfastError('bad_response', 'A counter arrived that is not a safe integer.')
}
