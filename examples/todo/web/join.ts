import type { Verdict } from '@holdfast/client'
import type { Db } from './db.ts'
import { notice } from './notice.ts'
import { discardLetter } from './toast.ts'

const keyOf = (db: Db) => `holdfast-todo ${db.userId} joining`

/** Joins the list that a link leads to: at once, or as soon as the server can be reached, be it after a reload. */
export async function join(db: Db, secret: string): Promise<string | undefined> {
  const write = db.run.join({ secret })
  localStorage.setItem(keyOf(db), write.id)
  return finishJoining(db)
}

/** Waits for a joining that was begun, maybe before a reload. Gives the list. */
export async function finishJoining(db: Db): Promise<string | undefined> {
  const id = localStorage.getItem(keyOf(db))
  if (!id) return undefined
  const verdict = await decided(db, id)
  if (localStorage.getItem(keyOf(db)) === id) localStorage.removeItem(keyOf(db))
  if (verdict?.status === 'applied') {
    notice('')
    return (verdict.result as { space: string }).space
  }
  if (verdict?.status !== 'refused') return undefined
  notice(verdict.message)
  await discardLetter(db, verdict.deadLetter)
  return undefined
}

/** `db.verdict` says how it stands now, also of a write of before the reload; it may have changed whenever the status has. */
function decided(db: Db, id: string): Promise<Verdict<unknown> | undefined> {
  const { promise, resolve } = Promise.withResolvers<Verdict<unknown> | undefined>()
  const stop = db.status.subscribe(async ({ online }) => {
    const verdict = await db.verdict(id)
    if (verdict?.status !== 'pending') resolve(verdict)
    else if (!online) notice('You join the list as soon as you are online.')
  })
  return promise.finally(() => stop())
}
