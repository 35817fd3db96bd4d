import { gzipSync } from 'node:zlib'
import type { Random } from '../random.ts'
import type { Hostile, Valid } from './corpus.ts'
import { SPACES } from './scene.ts'

type Tree = Record<string, unknown>
type Spot = { readonly of: Record<string | number, unknown>; readonly key: string | number }

/** JSON that no JavaScript value prints: `raw('1e400')` comes out without its quotes. */
const raw = (text: string) => `@raw:${text}:@`
/** A key that comes out as `key` once more. */
const twin = (key: string) => `${key}@twin`
const print = (tree: unknown): string =>
  JSON.stringify(tree)
    .replace(/"@raw:(.*?):@"/g, (_, text: string) => text)
    .replace(/@twin":/g, '":')

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfff',
  'é',
  'e\u0301',
  '$conflicts',
  ' ',
]
const SESSIONS = ['A', 'B', ...NAMES]
const FOREIGN = [...Object.values(SPACES), `list_${'N'.repeat(22)}`, `board_${'N'.repeat(22)}`, 'home:eve', 'home:', ...NAMES]
const NUMBERS = [0, -1, 1, 0.5, 1e9, 2 ** 31, 2 ** 53, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2 ** 63, 1e308, 5e-324].map(
  (n): unknown => n,
)
const RAWS = [
  '-0',
  '1e400',
  '-1e400',
  'NaN',
  '00',
  '1e-400',
  '0.1e1',
  '99999999999999999999',
  'undefined',
  '"\\ud800"',
  '"\\u0000"',
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1}}',
]

/** A valid body → one that hardly any client would send, in one to three steps. The same random numbers give the same body. */
export function mutate({ user, body }: Valid, random: Random): Hostile {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const below = (n: number) => Math.floor(random() * n)
  const tree = structuredClone(body) as Tree
  const steps = 1 + below(3)
  for (let i = 0; i < steps; i++) {
    const kind = random()
    if (kind < 0.5) (random() < 0.5 ? bend : pretend)(tree, { pick, below })
    else if (kind < 0.9) bend(tree, { pick, below })
  }
  let bytes = new TextEncoder().encode(print(tree)) as Uint8Array<ArrayBuffer>
  if (random() < 0.12) bytes = scratch(bytes, { pick, below })
  const gzip = random() < 0.04
  if (gzip) bytes = new Uint8Array(gzipSync(bytes))
  if (gzip && random() < 0.3) bytes = scratch(bytes, { pick, below })
  return { user: random() < 0.05 ? pick(['ann', 'bob'] as const) : user, gzip, bytes }
}

interface Dice {
  pick<T>(list: readonly T[]): T
  below(n: number): number
}

/** Every place in a tree. */
function spots(of: unknown, into: Spot[] = []): Spot[] {
  if (typeof of !== 'object' || of === null) return into
  for (const key of Array.isArray(of) ? of.keys() : Object.keys(of)) {
    into.push({ of: of as Spot['of'], key })
    spots((of as Spot['of'])[key], into)
  }
  return into
}

/** Another structure: types, arities, sizes, depths, names, keys. */
function bend(tree: Tree, { pick, below }: Dice): void {
  // Most of them inside of a transaction's operations, since what is wrong further out is soon refused.
  const transactions = spots(tree).filter(({ key }) => key === 'o' || key === 'rd')
  const inner = transactions.length > 0 && below(3) > 0 ? spots(pick(transactions.map((spot) => spot.of[spot.key]))) : []
  const { of, key } = pick(inner.length > 0 ? inner : spots(tree))
  const value = of[key]
  const put = (next: unknown) => {
    Object.defineProperty(of, key, { value: next, enumerable: true, configurable: true, writable: true })
  }
  const add = (name: string, what: unknown) => {
    if (Array.isArray(value)) value.splice(below(value.length + 1), 0, what)
    else if (typeof value === 'object' && value !== null)
      Object.defineProperty(value, name, { value: what, enumerable: true, configurable: true, writable: true })
    else put(what)
  }
  const junk = () => pick([null, true, '', 'x', [], {}, [[]], 7, ...NUMBERS, ...NAMES, ...RAWS.map(raw)])
  pick([
    () => put(junk()),
    () => put(junk()),
    () => put(typeof value === 'number' ? pick<unknown>([...NUMBERS, raw(pick(RAWS)), String(value), -value, value + 1]) : pick(NAMES)),
    () => put(typeof value === 'number' ? String(value) : [value]),
    () => put({ ...(typeof value === 'object' ? value : { value }) }),
    () => (Array.isArray(of) ? of.splice(key as number, 1) : delete of[key]),
    () => (Array.isArray(of) ? of.splice(key as number, 0, value) : Object.assign(of, { [twin(String(key))]: junk() })),
    () => add(pick([...NAMES, 'o', 'rd', 'fe', 'i', 'only', 'from', 'more']), junk()),
    () => put(raw('['.repeat(below(120)) + ']'.repeat(below(120)))),
    () => put(raw(`${'{"a":'.repeat(40)}null${'}'.repeat(40)}`)),
    () => put('y'.repeat(2 ** below(12))),
    () => Array.isArray(value) && value.push(...structuredClone(value)),
    () => swap(pick(spots(tree)), { of, key }),
    () => below(40) === 0 && put(Array.from({ length: 3_000 }, () => pick([value, 0, null, []]))),
    () => below(40) === 0 && put(raw(`"${pick(['\\u0000', 'é', 'z'])}`.concat(pick(['z', '😀']).repeat(70_000), '"'))),
  ])()
}

function swap(a: Spot, b: Spot): void {
  const [left, right] = [a.of[a.key], b.of[b.key]]
  // What holds the other would hold itself.
  if ([...spots(left), ...spots(right)].some(({ of }) => of === a.of || of === b.of)) return
  a.of[a.key] = right
  b.of[b.key] = left
}

/** Of the right form, and a lie: foreign spaces and sessions, clocks, numbers, voids. */
function pretend(tree: Tree, { pick, below }: Dice): void {
  const list = <T = unknown>(value: unknown): T[] => (Array.isArray(value) ? value : [])
  const transaction = (pick([...list(tree.tx), {}]) ?? {}) as Tree
  const number = () => pick([0, 1, 2, 3, 9, 10, 100, 1e5, 1e9, Number.MAX_SAFE_INTEGER])
  const operation = list(pick([...list(transaction.o), []]))
  const count = (names: unknown) => below(list(names).length + 1)
  const space = () => below(list(tree.cur).length + list(tree.X).length + 1)
  pick([
    () => list(tree.cur).splice(count(tree.cur), 1, [pick(FOREIGN), number(), 'x']),
    () => list(tree.S).splice(count(tree.S), 1, pick(SESSIONS)),
    () => list(tree.S).splice(count(tree.S), 1, pick(SESSIONS)),
    () => Object.assign(tree, { X: [...list(tree.X), pick(FOREIGN)] }),
    () => Object.assign(transaction, { d: number() }),
    () => Object.assign(transaction, { d: [count(tree.S), number()] }),
    () => Object.assign(transaction, { b: [[space(), number()], ...list(transaction.b)] }),
    () => Object.assign(transaction, { s: [[count(tree.S), number()], ...list(transaction.s)] }),
    () => Object.assign(transaction, { t: pick([0, 62e14, 62e14 * 1024, Number.MAX_SAFE_INTEGER, 1]) }),
    () => Object.assign(transaction, { new: [space(), space()] }),
    () => Object.assign(transaction, { v: pick([0, 1, 2, 3, 1e9]) }),
    () =>
      Object.assign(transaction, {
        void: pick(['discarded', 'exists', 'hook_failed', 'NO', '', '__proto__', 'x'.repeat(64)]),
        to: number(),
      }),
    () => Object.assign(transaction, { [pick(['i', 'rd', 'fe'])]: pick([1, {}, []]) }),
    () => Object.assign(tree, { u: pick(['ann', 'bob', 'eve', '', '__proto__']), v: pick([1, 2, 2, 3]) }),
    () => Object.assign(tree, { k: [[count(tree.S), number()], ...list(tree.k)] }),
    () => list(tree.cur).splice(0, 1, [pick(FOREIGN), number(), pick(['', 'x', '\ud800'])]),
    () =>
      Object.assign(tree, {
        list: [
          [space(), [[number(), 'x']]],
          [0, list(tree.cur).map((one) => list(one).slice(1))],
        ],
      }),
    () => Object.assign(tree, { fresh: [0, space()], follow: pick<unknown>(['all', [], [0], [space(), 0, 0]]) }),
    () => list(transaction.o).push(structuredClone(operation)),
    () =>
      list(transaction.o).splice(
        below(2) * count(transaction.o),
        0,
        pick<unknown>([null, 7, '', {}, [], ['cmd'], ['cmd', 'note', { text: '' }], ['cmd', 'toString', []]]),
      ),
    () => list(tree.tx).push(structuredClone(transaction)),
    () => list(tree.tx).reverse(),
    () =>
      operation.splice(
        0,
        1,
        pick(['ins', 'put', 'upd', 'del', 'res', 'inc', 'off', 'add', 'rem', 'cmd', 'mov', 'key', 'unk', 'later', 'toString', '__proto__']),
      ),
    () => operation.splice(1, 1, pick<unknown>([...FOREIGN, space(), -1, 0.5, 1e9])),
    () => operation.splice(2, 1, pick(['todos', 'notes', ...NAMES])),
    () => operation.splice(3, 1, pick(['t1', 't2', 't3', 't4', 'i'.repeat(257), 'é'.repeat(128), ...NAMES])),
    () =>
      operation.splice(
        4,
        1,
        pick<unknown>([
          'votes',
          'tags',
          'title',
          'prices',
          'place',
          'id',
          '$space',
          ...NAMES,
          { title: '' },
          { size: 1001 },
          { title: 'x', nope: 1 },
        ]),
      ),
    () =>
      operation.splice(
        5,
        1,
        pick<unknown>([
          {
            to: number(),
            sum: -number(),
            own: [
              ['A', number(), number()],
              ['B', 1, 1e15],
              ['', -1, 0],
            ],
          },
          number(),
          [null, {}, '', 0],
          { a: number(), __: '\0' },
          ['-', 't1', 't1'],
          ['V', null, null],
          ['z'.repeat(4_097), 't1', null],
          ['__proto__', 'a'],
        ]),
      ),
    () =>
      operation.push(
        pick<unknown>([
          { only: ['A', 1] },
          { from: 1 },
          { from: { plan: 7 } },
          { from: { title: 'x' } },
          { only: {}, from: { title: '\ud800' } },
          {},
          null,
        ]),
      ),
  ])()
}

/** Bytes cut, flipped, inserted, repeated. */
function scratch(bytes: Uint8Array<ArrayBuffer>, { pick, below }: Dice): Uint8Array<ArrayBuffer> {
  const at = below(bytes.length + 1)
  const to = Math.min(bytes.length, at + 1 + below(20))
  const joined = (...parts: readonly (Uint8Array | readonly number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]))
  const [head, middle, tail] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)]
  return pick([
    () => joined(head),
    () => joined(head, tail),
    () => joined(head, middle, middle, tail),
    () =>
      joined(
        head,
        middle.map((byte) => byte ^ (1 << below(8))),
        tail,
      ),
    () =>
      joined(
        head,
        Array.from({ length: 1 + below(6) }, () => below(256)),
        bytes.subarray(at),
      ),
    () =>
      joined(
        head,
        [...new TextEncoder().encode(pick(['"', '{', ']', ',', '\\', '\\u', '-', 'e9', '\u2028', '\ufeff', '/*']))],
        bytes.subarray(at),
      ),
  ])()
}
