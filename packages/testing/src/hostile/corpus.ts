import { type Ask, bodyOf, tx, voided } from '@holdfast/server/internal/wire-client.kit'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'
import { SPACES, type Theatre } from './scene.ts'

export type User = 'ann' | 'bob'

/** A body that a client could send, as plain data. */
export interface Valid {
  readonly user: User
  readonly body: Readonly<Record<string, unknown>>
}

/** What is posted, whatever it is. */
export interface Hostile {
  readonly user: User
  readonly gzip: boolean
  readonly bytes: Uint8Array<ArrayBuffer>
}

const { ann, bob, list, team, board } = SPACES

/** Operations of every kind, each in a transaction of its own; a new kind of operation is a line here. `x` is a fresh id. */
const operations = (x: string): readonly (readonly [user: User, ...(readonly unknown[])[]])[] => [
  ['ann', ['ins', ann, 'todos', x, { title: 'Milk', data: { deep: [1, { $bytes: 'AAEC' }, null] }, due: 0, tags: ['x'], votes: 7 }]],
  ['ann', ['ins', list, 'todos', x, { title: 'Milk' }], ['ins', ann, 'notes', x, { text: 'in two spaces' }]],
  ['ann', ['put', ann, 'todos', 't1', { title: 'Put', done: true, size: 2.5 }], ['put', ann, 'todos', x, { title: 'New' }]],
  ['ann', ['upd', team, 'todos', 't1', { title: 'Updated', color: 'sea', data: [[], {}] }]],
  ['bob', ['upd', team, 'todos', 't2', { title: 'Updated' }], ['del', team, 'todos', 't3']],
  ['ann', ['del', list, 'todos', 't2'], ['res', ann, 'todos', 't3']],
  ['ann', ['inc', list, 'todos', 't1', 'votes', -3], ['inc', list, 'todos', 't2', 'votes', 9]],
  ['ann', ['off', ann, 'todos', 't1', 'votes', { to: 0, sum: 5, own: [['A', 5, 2]] }]],
  ['bob', ['off', board, 'todos', 't1', 'votes', { to: -1, sum: 3 }]],
  ['ann', ['add', list, 'todos', 't1', 'tags', ['c', 'b']], ['rem', list, 'todos', 't2', 'tags', ['a']]],
  ['bob', ['rem', bob, 'todos', 't1', 'tags', ['a', 'z']], ['ins', bob, 'notes', x, { text: '' }]],
  ['bob', ['upd', bob, 'todos', '__proto__', {}]],
  ['ann', ['key', list, 'todos', 't1', 'prices', { a: 1, b: 2 }], ['unk', list, 'todos', 't2', 'prices', ['a', 'toString']]],
  ['ann', ['mov', ann, 'todos', 't1', 'place', ['V', 't2', null]], ['mov', ann, 'todos', 't2', 'place', ['V', null, 't4']]],
  ['bob', ['upd', team, 'todos', 't1', { plan: 'B', owner: 'bob', best: 9, names: 'b', lock: 'b' }, { from: { plan: '' } }]],
  [
    'ann',
    ['upd', list, 'todos', 't1', { title: 'a' }],
    ['upd', list, 'todos', 't1', { title: 'b' }],
    ['inc', list, 'todos', 't1', 'votes', 1],
  ],
  ['ann', ['cmd', 'vote', { space: list, id: 't1', by: 2 }]],
  ['bob', ['cmd', 'note', { text: 'hello' }]],
  ['ann', ['ins', `list_${x.padEnd(22, '-').slice(-22)}`, 'todos', x, { title: 'In a list of its own' }]],
]

/** Bodies that are valid, of every shape. `x` is fresh: sessions and new ids are made of it, so that a body works whatever came before. */
export function corpus({ cursors }: Theatre, x: string): readonly Valid[] {
  const body = (user: User, ask: Ask): Valid => ({
    user,
    body: {
      ...bodyOf({ version: 2, user, cursors: cursors[user], known: { [`${x}a`]: 0, [user === 'ann' ? 'A' : 'B']: 3 }, ...ask }),
      q: x,
    },
  })
  const later: Partial<Transaction> = { version: 2, at: 1e15 }
  const one = (user: User, n: number, ops: readonly unknown[], more: Partial<Transaction> = {}) =>
    tx(`${x}a`, n, ops, { ...later, base: baseOf(cursors[user], ops), ...more })
  const single = operations(x).map(([user, ...ops]) => body(user, { tx: [one(user, 1, ops)] }))
  const many = operations(x)
    .filter(([user]) => user === 'ann')
    .map(([, ...ops], i) => one('ann', i + 1, ops))
  const milk = (space: string, id: string) => ['put', space, 'todos', id, { title: 'Milk' }]
  return [
    ...single,
    body('ann', { tx: many }),
    body('ann', {
      tx: [
        one('ann', 1, [milk(ann, x)], { base: {}, seen: { A: 9 } }),
        tx(`${x}b`, 1, [milk(ann, x)], { ...later, seen: { [`${x}a`]: 1, A: 4 } }),
      ],
    }),
    body('ann', {
      tx: [
        one('ann', 1, [['upd', list, 'todos', 't1', { title: 'as read' }]], {
          reads: [
            ['q', list, 'todos', [[[['done', 'eq', false]], [['tags', 'hasAny', ['a']]]], [[['title', 'startsWith', 'M']]]]],
            ['r', list, 'todos', 't1', 1],
            ['r', list, 'todos', x, 0],
            ['r', list, 'todos', 't2', 1, { title: 'Milk', votes: 3 }],
          ],
        }),
      ],
    }),
    body('ann', { tx: [voided(`${x}a`, 1), voided(`${x}a`, 2, 'purged', 40), one('ann', 41, [milk(team, 't1')])] }),
    body('ann', { tx: [voided('A', 5, 'lost', 6), voided('A', 8)], known: { A: 4 }, pull: false }),
    body('bob', { tx: [one('bob', 1, [['upd', team, 'todos', 't1', { title: 'late' }]], { base: { [team]: 1 }, at: 5 })] }),
    body('bob', { tx: [one('bob', 1, [milk(bob, 't1')])], follow: [bob, board], fresh: [board], tag: 'x' }),
    body('ann', {
      cursors: { ...cursors.ann, [ann]: { seq: 99, hash: 'other' } },
      positions: { [ann]: Object.values(cursors.ann), [team]: [] },
    }),
    body('bob', { known: { B: 9 }, tx: [] }),
    body('bob', { pull: false, tx: [one('bob', 1, [['del', team, '$conflicts', 'unknown']])] }),
  ]
}

const baseOf = (cursors: Theatre['cursors']['ann'], ops: readonly unknown[]): Record<string, number> =>
  Object.fromEntries(Object.entries(cursors).flatMap(([space, { seq }]) => (JSON.stringify(ops).includes(space) ? [[space, seq]] : [])))
