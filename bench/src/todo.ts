/** One record as every contender stores it; about 250 bytes as JSON. */
export interface Todo {
  readonly id: string
  readonly title: string
  readonly done: boolean
  readonly priority: number
  readonly listId: string
  /** Milliseconds since 1970. */
  readonly updatedAt: number
  /** About 120 characters. */
  readonly notes: string
}

/** Into how many lists the records are dealt. */
export const LISTS = 100

export const listOf = (i: number): string => `list_${i % LISTS}`

const WORDS = 'call the bank about rent before friday and ask Maria whether the boat needs paint oil new rope or only a calm weekend'.split(
  ' ',
)
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Numbers that are the same each time for a seed (mulberry32). */
function numbers(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
}

/** The record of this number, the same wherever it is made. Ids are as random as real ones, so that nothing compresses or sorts too well. */
export function todo(i: number): Todo {
  const next = numbers(i * 7_919 + 1)
  let id = ''
  while (id.length < 20) id += LETTERS[next() % LETTERS.length]
  let notes = ''
  while (notes.length < 116) notes += `${WORDS[next() % WORDS.length]} `
  const title = `${WORDS[next() % WORDS.length]} ${WORDS[next() % WORDS.length]} ${i}`
  return {
    id,
    title,
    done: next() % 2 === 0,
    priority: next() % 5,
    listId: listOf(i),
    updatedAt: 1_760_000_000_000 + (next() % 31_536_000_000),
    notes,
  }
}

export const todos = (from: number, to: number): Todo[] => Array.from({ length: to - from }, (_, i) => todo(from + i))

/** The list that is watched, and asked for first. */
export const WATCHED = listOf(3)

/** The ids that `query` is to find of so many records, by hand: the open ones of the watched list, newest first, 50 at most. */
export const shownOf = (records: number): string[] =>
  todos(0, records)
    .filter((one) => one.listId === WATCHED && !one.done)
    .sort((a, b) => b.updatedAt - a.updatedAt)
    .slice(0, 50)
    .map(({ id }) => id)
