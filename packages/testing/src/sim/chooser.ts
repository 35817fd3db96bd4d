import type { Random } from '../random.ts'

/** Random choices that are the same for the same seed. */
export interface Chooser {
  (): number
  pick<T>(list: readonly T[]): T | undefined
  int(below: number): number
  word(): string
}

const SYLLABLES = ['ba', 'do', 'fi', 'ka', 'lu', 'me', 'no', 'ra', 'si', 'tu']

export function chooser(random: Random): Chooser {
  const int = (below: number) => Math.floor(random() * below)
  return Object.assign(() => random(), {
    int,
    pick: <T>(list: readonly T[]): T | undefined => list[int(list.length)],
    word: () => Array.from({ length: 2 + int(2) }, () => SYLLABLES[int(SYLLABLES.length)]).join(''),
  })
}
