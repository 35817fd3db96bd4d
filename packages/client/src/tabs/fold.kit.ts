import type { Known } from '../core/known.ts'
import type { Replica } from '../core/replica.ts'
import { foldOf } from './fold.ts'

/** What a fold of this memory leaves on the disk. */
export function foldedFrom(replica: Replica, healWindow = 0) {
  let names = 0
  return foldOf(replica, () => `${replica.revision}.${names++}`, { fence: 1, healWindow })
}

/** Opens what a fold left, as another tab would: nothing of it is shared with the memory that it was made from. */
export function unfold(
  replica: Replica,
  { known, upTo, segments }: Pick<ReturnType<typeof foldOf>, 'segments'> & { readonly known: Known; readonly upTo: number },
): void {
  const held = segments.map(({ name, space, segment }) => replica.hold([name, space], segment.bytes.slice()))
  replica.load(structuredClone(known), upTo, held)
}
