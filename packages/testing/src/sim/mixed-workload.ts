import type { Database } from '@holdfast/client'
import { type Draft, openDraft } from '@holdfast/client/draft'
import { internalsOf } from '@holdfast/client/internal/internals'
import type { Validate } from '@holdfast/server'
import {
  conflicting,
  counter,
  defineSchema,
  first,
  map,
  max,
  min,
  number,
  rank,
  ref,
  refuse,
  set,
  siblings,
  strict,
  string,
  table,
  threeWay,
} from '@holdfast/shared'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import * as v from 'valibot'
import { AS_OF_EARLIER } from './authored.ts'
import { Broken } from './broken.ts'
import { POISON } from './line.ts'
import { keyOf } from './sight.ts'
import type { Actions, Doing, Judge } from './simulation.ts'

// The workload of `pnpm sim`: every kind of field, references, commands, serializable writes, drafts of rules. Its invariants are the
// sums and pairs that only exactly-once, atomic writes keep.

export const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string(),
      best: number().default(0).merge(max),
      least: number().default(9).merge(min),
      seat: string().nullable().merge(strict),
      text: string()
        .default('')
        .merge(threeWay(({ base, theirs, mine }) => (mine.startsWith(base) ? theirs + mine.slice(base.length) : conflicting(theirs)))),
      owner: string().default('').merge(first),
      ideas: string().default('').merge(siblings),
      votes: counter(),
      tags: set(string()),
      notes: map(string()),
      place: rank(),
      list: ref('lists', { onDelete: 'cascade', onMissing: 'revive' }).nullable(),
    }).index('title'),
    lists: table({ name: string() }).unique('name').deletes('edit-wins'),
    cards: table({
      list: ref('lists', { onDelete: 'restrict', onMissing: 'reject' }),
      todo: ref('todos', { onDelete: 'set-null', onMissing: 'set-null' }).nullable(),
    }),
    // Only added to: what a post says that its author saw is there wherever it is.
    posts: table({ after: string().nullable() }),
    // Written in pairs: two records of the same words, always.
    pairs: table({ words: string() }),
    // What every device has added, by device, and the sum of all: the same, in every view.
    sums: table({ total: counter(), parts: counter() }),
  },
})
type App = Database<typeof schema, typeof commands>

export const commands = {
  rename: schema.command({
    args: v.object({ space: v.string(), id: v.string(), title: v.string() }),
    run(tx, { space, id, title }) {
      const todo = tx.space(space).todos.get(id)
      if (!todo) throw refuse('gone', 'It is no longer there.')
      tx.space(space).todos.update(id, { title: `${title} ${todo.votes}` })
    },
  }),
  // Reads what it writes by what is in it, so it runs again whenever anything moves.
  mark: schema.command({
    args: v.object({ space: v.string(), tag: v.string() }),
    run(tx, { space, tag }) {
      const { todos } = tx.space(space)
      const marked = todos.where({ title: { startsWith: 'b' } }).read()
      if (marked.length === 0) throw refuse('gone', 'There is nothing to mark.')
      for (const { id, votes } of marked.slice(0, 2)) todos.add(id, 'tags', `${tag}${votes % 3}`)
    },
  }),
}
export const rules = schema.rules({ todos: { insert: ({ after }) => after.title !== 'bad', update: ({ after }) => after.title !== 'bad' } })
/** What only the server knows: its word may be another than what a device has predicted. */
const validate: Validate<typeof schema> = ({ changes }) =>
  changes.some(({ table, after }) => table === 'todos' && /^ba(it|ba)/.test(after?.title ?? ''))
    ? refuse('unwelcome', 'Not here.')
    : undefined
export const server = { schema, commands, rules, validate }
export const spaces = ['shared', 'team']
export const insertOnly = ['posts']
/** Shorter than other days: an evening costs as much, whatever was before it, and in the same time there are more days. */
export const steps = 24

const ids = ['a', 'b', 'c']
const tags = ['x', 'y']
/** Mostly the same one: what nobody else touches meanwhile is in nobody's way. */
const someId = (random: Doing['random']): string => ids[Math.floor(random() ** 2 * ids.length)] as string
/** What a tab has open. */
const drafts = new WeakMap<object, Pick<Draft<object, object>, 'save' | 'close'>>()
const on =
  (act: (todos: ReturnType<App['space']>['todos'], id: string, doing: Doing<App>) => unknown) =>
  (doing: Doing<App>): unknown => {
    const { todos } = doing.db.space(doing.space)
    return act(todos, someId(doing.random), doing)
  }

/** Where there is a list it is named, so that who names it and who deletes it are often two. */
const filed = ({ db, space }: Doing<App>) => ({ list: db.space(space).lists.get('l') ? 'l' : null })
/** What is not there is made first, mostly: an edit of nothing is in nobody's way. */
const edit = (act: Parameters<typeof on>[0]) =>
  on((todos, id, doing) =>
    todos.get(id) || doing.random() < 0.2 ? act(todos, id, doing) : todos.upsert(id, { title: doing.random.word(), ...filed(doing) }),
  )

const typed: Actions<App> = {
  add: on((todos, id, { random, user, space }) =>
    todos.upsert(id, { title: random() < 0.06 ? 'bad' : `${random.word()} by ${user} in ${space}`, tags: [random.pick(tags) as string] }),
  ),
  insert: on((todos, id, doing) => todos.insert({ id, title: doing.random.word(), place: 'first', ...filed(doing) })),
  update: edit((todos, id, { random, user }) =>
    todos.update(id, random() < 0.5 ? { title: random.word() } : { best: random.int(9), least: random.int(9), owner: user }),
  ),
  sit: edit((todos, id, { random, user }) => todos.update(id, { seat: random() < 0.7 ? user : null })),
  type: edit((todos, id, { random }) =>
    todos.update(id, { text: random() < 0.8 ? `${todos.get(id)?.text} ${random.word()}` : random.word() }),
  ),
  idea: edit((todos, id, doing) => todos.update(id, { ideas: doing.random.word(), ...filed(doing) })),
  vote: edit((todos, id, { random }) => (random() < 0.8 ? todos.increment(id, 'votes', 1 + random.int(3)) : todos.reset(id, 'votes', 0))),
  tag: edit((todos, id, { random }) => todos.add(id, 'tags', random.pick(tags) as string)),
  untag: edit((todos, id, { random }) => todos.remove(id, 'tags', random.pick(tags) as string)),
  note: edit((todos, id, { random }) =>
    random() < 0.7 ? todos.setKey(id, 'notes', random.pick(['x', 'y']) ?? '', random.word()) : todos.deleteKey(id, 'notes', 'x'),
  ),
  move: edit((todos, id, { random }) => todos.move(id, 'place', random.pick(['first', 'last'] as const) ?? 'last')),
  delete: on((todos, id) => todos.delete(id)),
  // Another one of the same name: what others still mean for the first is not for this.
  again: on((todos, id, { random }) => {
    if (todos.get(id)) todos.delete(id)
    const made = todos.insert({ id, title: random.word(), votes: random.int(3) })
    return random() < 0.5 ? made : todos.reset(id, 'votes', 0)
  }),
  restore: on((todos, id) => todos.restore(id)),
  list: ({ db, space, random }) => {
    const { lists } = db.space(space)
    const list = random.pick(lists.read())
    if (!list || random() < 0.3) return lists.insert({ id: random.pick(['l', 'l', 'm']) as string, name: random.pick(ids) as string })
    return random() < 0.8 ? lists.delete(list.id) : lists.update(list.id, { name: random.pick(ids) as string })
  },
  file: ({ db, space, random }) => {
    const { lists, todos } = db.space(space)
    if (!lists.get('l')) return lists.upsert('l', { name: random.word() })
    return random() < 0.5 ? lists.delete('l') : todos.insert({ title: random.word(), list: 'l' })
  },
  card: ({ db, space, random }) => {
    const { lists, todos, cards } = db.space(space)
    const [list, todo, card] = [lists.get('m'), random.pick(todos.read()), random.pick(cards.read())]
    if (card && random() < 0.5) return cards.delete(card.id)
    return list && cards.insert({ list: list.id, todo: todo?.id ?? null })
  },
  pair: ({ db, space, random }) =>
    db.write((tx) => {
      const words = random.word()
      const id = random.word()
      tx.space(space).pairs.upsert(`${id} 1`, { words })
      tx.space(space).pairs.upsert(`${id} 2`, { words })
    }),
  sum: ({ db, space, random }) =>
    db.write((tx) => {
      const by = 1 + random.int(5)
      tx.space(space).sums.upsert('sum', {})
      tx.space(space).sums.increment('sum', 'total', by)
      tx.space(space).sums.increment('sum', 'parts', by)
    }),
  // In both spaces at once: nobody sees one of them without the other.
  both: ({ db, random }) => {
    const mine = db.spaces.read()
    if (!spaces.every((space) => mine.includes(space))) return undefined
    return db.write((tx) => {
      const by = 1 + random.int(5)
      for (const space of spaces) {
        tx.space(space).sums.upsert('both', {})
        tx.space(space).sums.increment('both', 'total', by)
        tx.space(space).sums.increment('both', 'parts', by)
      }
    })
  },
  command: ({ db, space, random }) => db.run.rename({ space, id: someId(random), title: random.word() }),
  mark: ({ db, space, random }) => db.run.mark({ space, tag: random.pick(tags) as string }),
  serializable: ({ db, space, random }) => {
    const id = someId(random)
    // Sometimes it rests on an own write that will be refused.
    if (random() < 0.3 && db.space(space).todos.get(id)) db.space(space).todos.update(id, { title: 'bait' })
    return db.write(
      (tx) => {
        const { todos } = tx.space(space)
        const count = todos
          .where({ title: { startsWith: 'b' } })
          .count()
          .read()
        todos.upsert(someId(random), { title: `count ${count}` })
      },
      { isolation: 'serializable' },
    )
  },
  post: ({ db, space, random }) => {
    const seen = random.pick(db.posts.read())
    return db.space(space).posts.insert({ after: seen ? keyOf(seen.$space, 'posts', seen.id) : null })
  },
  // Opened now, saved or left later, whatever comes between.
  draft: ({ db, space, random }) => {
    const draft = drafts.get(db)
    drafts.delete(db)
    if (draft) {
      const write = random() < 0.8 ? draft.save({ label: AS_OF_EARLIER }) : undefined
      draft.close()
      return write
    }
    const todo = random.pick(db.space(space).todos.read())
    if (!todo) return undefined
    const opened = openDraft(db.space(space).todos, todo.id)
    opened.set({ title: random.word() })
    drafts.set(db, opened)
    return undefined
  },
  private: ({ db, random, user }) => db.home.todos.insert({ title: `${random.word()}, a secret of ${user}` }),
  poison: ({ db, space, random }) => (random() < 0.3 ? db.space(space).lists.insert({ name: POISON }) : undefined),
  discard: ({ db, random, tookBack }) => {
    const { replica, tab } = internalsOf(db)
    const one = random.pick(replica.pending.filter(({ accepted, revision, dropped }) => !accepted && revision !== undefined && !dropped))
    if (!one) return
    const { dot } = one.transaction
    tookBack(dotName(dot))
    return tab.note({ e: 'note', drop: dot, reason: 'discarded' })
  },
  conflict: ({ db, random }) => {
    const conflict = random.pick(db.conflicts.read())
    // Who takes back one record of a pair has half of it, as he wants.
    return random() < 0.5 && conflict?.table !== 'pairs' ? conflict?.restore() : conflict?.dismiss()
  },
  'dead letter': ({ db, random }) => {
    const letter = random.pick(db.deadLetters.read())
    if (!letter?.retriable || random() < 0.5) return undefined
    // Who clicks twice has tried it once.
    if (random() < 0.3) Promise.resolve(letter.retry()).catch(() => undefined)
    return letter.retry()
  },
}
export const actions = typed as unknown as Actions

/** P3: what was written together is seen together, by everybody, always. */
export function invariant({ read }: { readonly read: Database }): void {
  const db = read as unknown as App
  for (const { total, parts } of db.sums.read()) if (total !== parts) throw new Error(`half of a sum is seen: ${total} and ${parts}`)
  const [one, other] = db.sums.where({ id: 'both' }).read()
  // Of a space that he lets go of he sees what he writes there himself.
  const areHeld = spaces.every((space) => db.space(space).state.read().is === 'ready')
  if (areHeld && one && other && one.total !== other.total)
    throw new Error(`half of what is in two spaces is seen: ${one.total} and ${other.total}`)
  const words = new Map<string, string>()
  for (const { id, $space, words: of } of db.pairs.read()) {
    const key = `${$space} ${id.slice(0, -2)}`
    const other = words.get(key)
    if (other === undefined) words.set(key, of)
    else if (other !== of) throw new Error(`half of a pair is seen: "${other}" and "${of}"`)
    else words.delete(key)
  }
  if (words.size > 0) throw new Error(`half of a pair is seen: ${[...words.keys()]}`)
}

/** P1: commands are in effect. P8: what a serializable transaction counted is what there was to count, at its place in the order. */
export const judge: Judge = ({ history, authored, applied }) => {
  const logged = new Set([...history.values()].flatMap((entries) => entries.map(({ dot }) => dotName(dot))))
  for (const name of applied)
    if (authored.get(name)?.transaction.command && !logged.has(name))
      throw new Broken('acknowledged', `${name} is a command that always writes, is said to be applied, and is not in the log`)
  for (const [space, entries] of history) {
    const titles = new Map<string, { readonly title: string; readonly isAlive: boolean }>()
    for (const { dot, effects } of entries) {
      const written = authored.get(dotName(dot))?.transaction
      const [, ofSpace, , , values] = written?.reads ? (written.operations[0] ?? []) : []
      const told = /^count (\d+)$/.exec(ofSpace === space ? String((values as { title?: unknown })?.title) : '')
      const count = [...titles.values()].filter(({ title, isAlive }) => isAlive && title.startsWith('b')).length
      if (told && Number(told[1]) !== count)
        throw new Broken('serializable', `${dotName(dot)} counted ${told[1]} at its place in the order, where there were ${count}`)
      for (const [table, id, { born, died, f }] of effects) {
        if (table !== 'todos') continue
        const { title, isAlive } = titles.get(id) ?? { title: '', isAlive: false }
        const [now = title] = (f?.title ?? []) as readonly string[]
        titles.set(id, { title: now, isAlive: died ? died.length === 0 : isAlive || born !== undefined })
      }
    }
  }
}
