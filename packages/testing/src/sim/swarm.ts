/**
 * What may happen in one run: sometimes all, mostly about half. A run in which everything may happen has little of each; what takes many
 * of a kind, or that another thing never happens, is found by leaving some out. Source: Groce and others, "Swarm Testing" (2012).
 */
export function swarm<T>(random: () => number, all: readonly T[]): readonly T[] {
  if (random() < 0.3) return all
  const some = all.filter(() => random() < 0.5)
  return some.length > 0 ? some : all
}
