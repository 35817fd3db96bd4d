import { Broken } from './broken.ts'
import type { Person } from './person.ts'

interface Excuses {
  readonly people: readonly Person[]
  /** The server went back, or was another one: what was lost comes again later, with its author. */
  readonly wentBack: boolean
}

/** P5: nothing that a tab had shown went away, and nothing was there before its causes: but what was refused, purged, or never stored. */
export function sessionGuarantees({ people, wentBack }: Excuses): void {
  // More than one, where a device was cloned.
  const authors = Map.groupBy(
    people.flatMap((person) => [...person.inserted].map(([key, dot]) => ({ key, dot, person }))),
    ({ key }) => key,
  )
  for (const viewer of people) {
    const isExcused = (key: string): boolean => {
      const [space = ''] = key.split('/')
      const by = authors.get(key)
      if (wentBack || viewer.hasLostSegments || viewer.lost.has(space) || viewer.letGo.has(space) || !by) return true
      return by.some(({ dot, person }) => person.refused.has(dot)) || !by.some(({ dot, person }) => person.stored.has(dot))
    }
    for (const { vanished, early } of viewer.sights) {
      for (const key of vanished) if (!isExcused(key)) throw new Broken('session guarantees', `${viewer.name} saw ${key}, and then did not`)
      for (const [key, cause] of early)
        if (!isExcused(cause)) throw new Broken('causal order', `${viewer.name} saw ${key} without ${cause}, which it comes after`)
    }
  }
}
