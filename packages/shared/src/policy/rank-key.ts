/** In the order of their bytes, which is also the order in which every storage compares them. */
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const LEAST = '-'
/** Longer keys are made short by the server, with those around them. */
export const LONG_KEY = 64
const MAX_KEY = 4_096
/** A run: the tag of its session, then a number of three digits, the last of which is never the least one. */
const TAG = 4
const NUMBER = 3
const NUMBERS = 64 * 64 * 63

/** Where an item goes, in the words of who moved it: the key that he saw a place for, and between which items that was. */
export type Place = readonly [key: string, after: string | null, before: string | null]

/** Whether this can be the key of a rank: digits, the last of which is not the least, so that there is always room below. */
export const isRankKey = (key: unknown): key is string =>
  typeof key === 'string' && key.length <= MAX_KEY && /^[-0-9A-Z_a-z]*[0-9A-Z_a-z]$/.test(key)

/** The tag of the keys that a session makes: what several people put in one place at once stays together, each one's own. */
export const tagOf = (session: string): string =>
  session
    .replace(/[^-0-9A-Z_a-z]/g, '')
    .slice(0, TAG)
    .padEnd(TAG, 'x')

/**
 * A key after `a` and before `b`; either may be missing. One that goes on a run of the same tag, at either end, counts up or down there, so
 * that the keys of a run stay short however long it is.
 */
export function between(a: string | undefined, b: string | undefined, tag: string): string {
  const fits = (key: string) => (a === undefined || a < key) && (b === undefined || key < b)
  for (const [neighbour, step] of [[a, 1] as const, [b, -1] as const]) {
    const next = neighbour && stepped(neighbour, tag, step)
    if (next && fits(next)) return next
  }
  let middle = midpoint(a ?? '', b)
  // What begins like `b` and goes on could be after it.
  while (b?.startsWith(middle)) middle = midpoint(middle, b)
  // Who bisects one place for very long without a word from the server: then short comes before together.
  return middle.length > LONG_KEY ? middle : middle + tag + numberOf(NUMBERS / 2)
}

/** `count` keys after `a` and before `b`, as short as they can be, in order. */
export function spread(a: string | undefined, b: string | undefined, count: number): string[] {
  if (count === 0) return []
  const middle = midpoint(a ?? '', b)
  const left = Math.floor((count - 1) / 2)
  return [...spread(a, middle, left), middle, ...spread(middle, b, count - 1 - left)]
}

/**
 * Where a moved item goes now: the key that its author saw, if that is still between the items that he named, wherever those are by now;
 * else next to the one that he put it after, or before. `keys` are those of the two, as far as anybody remembers them.
 */
export function placed(
  [key]: Place,
  keys: { readonly after: string | undefined; readonly before: string | undefined },
  tag: string,
): string {
  const { after, before } = keys
  if ((after === undefined || after < key) && (before === undefined || key < before)) return key
  if (after === undefined) return between(undefined, before, tag)
  if (before === undefined || before <= after) return after + tag + numberOf(NUMBERS / 2)
  return between(after, before, tag)
}

/**
 * The shortest string of digits between two, read as fractions. Source: David Greenspan, "Implementing Fractional Indexing" (2020), and
 * rocicorp/fractional-indexing.
 */
function midpoint(a: string, b: string | undefined): string {
  if (b !== undefined) {
    let same = 0
    while ((a[same] ?? LEAST) === b[same]) same++
    if (same > 0) return b.slice(0, same) + midpoint(a.slice(same), b.slice(same))
  }
  const low = a === '' ? 0 : DIGITS.indexOf(a[0] as string)
  const high = b === undefined ? DIGITS.length : DIGITS.indexOf(b[0] as string)
  if (high - low > 1) return DIGITS[(low + high) >> 1] as string
  if (b !== undefined && b.length > 1) return b.slice(0, 1)
  return DIGITS[low] + midpoint(a.slice(1), undefined)
}

const numberOf = (n: number): string => {
  const [high, low] = [Math.floor(n / 63), n % 63]
  return `${DIGITS[high >> 6]}${DIGITS[high & 63]}${DIGITS[low + 1]}`
}

/** Where in a key its run begins; -1 if it is of no run of this tag. */
function runAt(key: string, tag: string): number {
  const at = key.length - TAG - NUMBER
  return at >= 0 && key.slice(at, at + TAG) === tag ? at : -1
}

function stepped(key: string, tag: string, step: 1 | -1): string | undefined {
  const at = runAt(key, tag)
  if (at < 0) return undefined
  const [high = 0, mid = 0, low = 0] = [...key.slice(-NUMBER)].map((digit) => DIGITS.indexOf(digit))
  const next = (high * 64 + mid) * 63 + low - 1 + step
  return next >= 0 && next < NUMBERS ? key.slice(0, at + TAG) + numberOf(next) : undefined
}
