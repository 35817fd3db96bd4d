// sharing/lists.ts
import type { Database, Space } from '@holdfast/client'
import type { commands, schema } from './app.ts'

export type Db = Database<typeof schema, typeof commands>
export type List = Space<typeof schema>

/** Works offline: the list exists, and is owned by whoever made it, when its first write is accepted. */
export function createList(db: Db, name: string): List {
  const list = db.spaces.create('list') // its id, list_V1StGXR8…, can be neither guessed nor squatted
  list.lists.insert({ name })
  return list
}

export async function shareLink(db: Db, list: List): Promise<string> {
  const verdict = await db.run.invite({ space: list.id, access: 'write' }).confirmed({ within: '10s' })
  if (verdict.status === 'applied') return `https://example.com/#join=${verdict.result.secret}`
  throw new Error(verdict.status === 'refused' ? verdict.message : 'Sharing needs a connection.')
}

/** Offline the joining waits in the queue, survives a reload, and happens later. */
export async function openLink(db: Db, link: string, onLoss: (why: string) => void): Promise<List | undefined> {
  const verdict = await db.run.join({ secret: link.split('#join=')[1] ?? '' }).confirmed()
  if (verdict.status === 'refused') {
    onLoss(verdict.message)
    await db.deadLetters
      .read()
      .find(({ id }) => id === verdict.deadLetter)
      ?.discard() // it was shown: no need to keep it
  }
  if (verdict.status !== 'applied') return undefined
  const list = db.space(verdict.result.space)
  await list.ready() // its first copy is complete: it appears whole
  list.state.subscribe((state) => {
    if (state.is === 'gone') onLoss(state.why)
  })
  return list
}

/** A join and a count over all spaces, which runs again when one of them changes. */
export const sidebar = (db: Db) =>
  db.live((read) =>
    read.lists
      .orderBy('name')
      .read()
      .map(({ name, $space }) => ({ name, space: $space, open: read.todos.where({ $space, done: false }).count().read() })),
  )
