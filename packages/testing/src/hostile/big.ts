import { SPACES } from './scene.ts'

const { ann, list } = SPACES
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const envelope = { p: 1, v: 2, u: 'ann', q: 'big', X: [ann], S: ['big'], cur: [], tx: [] }
const one = (o: readonly unknown[]) => ({ ...envelope, tx: [{ d: [0, 1], o }] })

/** Bodies of Ann's that are as big as they may be in one way each: `[what is big, the body as JSON text]`. */
export const bigBodies = (): readonly (readonly [what: string, text: string])[] =>
  Object.entries({
    'spaces to follow': { ...envelope, follow: many(1_900_000, () => 0) },
    cursors: { ...envelope, cur: many(1_000, (i) => [`${i}`.padEnd(1_024), 0, '']) },
    'numbers of sessions known': { ...envelope, S: many(1_000, (i) => `${i}`), k: many(1_000, (i) => [i, 0]) },
    names: { ...envelope, X: many(1_000, (i) => `${i}`.padEnd(1_024)), S: many(1_000, (i) => `${i}`.padEnd(256)) },
    positions: {
      ...envelope,
      X: many(999, (i) => `${i}`),
      cur: [[ann, 1, 'x']],
      list: many(1_000, (i) => [i, many(32, (seq) => [seq, 'x'])]),
    },
    'operations that are none': one(many(800_000, () => null)),
    'operations, a hundred too many': one(many(10_100, () => ['del', 0, 'todos', 't1'])),
    'what each of 500 has seen': {
      ...envelope,
      S: ['big', ...many(999, (i) => `s${i}`)],
      tx: many(500, (n) => ({ d: [0, n + 1], o: [], s: many(900, (i) => [i + 1, 0]) })),
    },
    voids: { ...envelope, tx: many(500, (i) => ({ d: [0, 1 + i * 200], void: 'lost', to: (i + 1) * 200 })) },
    'voids, each of a number': { ...envelope, tx: many(500, (i) => ({ d: [0, 1 + i], void: 'lost' })) },
    inserts: one(many(10_000, (i) => ['ins', 0, 'todos', `n${i}`, { title: 'x' }])),
    'updates of one field': one(many(10_000, (i) => ['upd', 0, 'todos', 't1', { title: `${i}` }])),
    'deletes and restores': one(many(10_000, (i) => [i % 2 ? 'res' : 'del', 0, 'todos', 't1'])),
    'increments that are not theirs': one(
      many(90, () => ['off', 0, 'todos', 't1', 'votes', { to: 0, sum: 0, own: many(1_000, (i) => [`s${i % 100}`, i, 1]) }]),
    ),
    'elements of a set, one by one': one(many(10_000, (i) => ['add', 0, 'todos', 't1', 'tags', [`e${i}`]])),
    'elements of a set, all at once': one([['add', 0, 'todos', 't1', 'tags', many(9_000, (i) => `e${i}`)]]),
    'keys of a map, one by one': one(many(10_000, (i) => ['key', 0, 'todos', 't1', 'prices', { [`k${i}`]: i }])),
    'keys that are gone, one by one': one(many(10_000, (i) => ['unk', 0, 'todos', 't1', 'prices', [`k${i}`]])),
    questions: {
      ...envelope,
      tx: [
        {
          d: [0, 1],
          o: [['upd', 0, 'todos', 't1', { done: true }]],
          i: 1,
          rd: many(100, (i) => ['q', 0, 'todos', many(20, (k) => [[['title', 'startsWith', `${i} ${k}`]]])]),
        },
      ],
    },
    reads: {
      ...envelope,
      tx: [{ d: [0, 1], o: [['inc', 0, 'todos', 't1', 'votes', 1]], i: 1, rd: many(10_000, (i) => ['r', 0, 'todos', `n${i}`, 0]) }],
    },
    moves: one(many(10_000, (i) => ['mov', 0, 'todos', i % 2 ? 't1' : 't2', 'place', ['V', i % 2 ? 't2' : 't1', null]])),
    'moves with long keys': one(many(200, (i) => ['mov', 0, 'todos', 't1', 'place', ['z'.repeat(4_090), i % 2 ? 't2' : null, null]])),
    'spaces that begin': {
      ...envelope,
      X: many(1_000, (i) => `list_${`${i}`.padStart(22, '0')}`),
      tx: [{ d: [0, 1], new: many(1_000, (i) => i), o: many(1_000, (i) => ['ins', i, 'todos', 'x', { title: 'x' }]) }],
    },
    'transactions on one record': {
      ...envelope,
      X: [list],
      tx: many(500, (i) => ({ d: [0, i + 1], o: [['add', 0, 'todos', 't1', 'tags', [`e${i}`]]] })),
    },
    nesting: one([['upd', 0, 'todos', 't1', { data: many(25_000, () => many(18, () => [])) }]]),
    'a string of brackets': { ...envelope, more: '['.repeat(4_000_000) },
    escapes: { ...envelope, more: '\0'.repeat(650_000) },
    'a message': one([['upd', 0, 'todos', 't1', { ['z'.repeat(900_000)]: 1 }]]),
  }).map(([what, body]) => [what, JSON.stringify(body)])
