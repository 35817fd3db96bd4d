import { exportUnsent } from '@holdfast/client/export'
import { isHoldfastError } from '@holdfast/shared'
import { type Choice, choose } from './choice.ts'
import type { Db } from './db.ts'
import { el } from './dom.ts'
import { changes } from './status-text.ts'

type Way = 'send' | 'keep' | 'save' | 'discard'

const SEND: Choice<Way> = { key: 'send', name: 'Send them now' }
const KEEP: Choice<Way> = { key: 'keep', name: 'Keep them on this device', hint: 'They are sent when you sign in here again.' }
const SAVE: Choice<Way> = { key: 'save', name: 'Save them as a file' }
const DISCARD: Choice<Way> = { key: 'discard', name: 'Delete them from this device', hint: 'Look first whether the file is there.' }

/** Signs out, here and in the other windows of this browser, as far as its user lets it. Gives whether it is done. */
export async function signOut(db: Db): Promise<boolean> {
  const done = await letGo(db)
  if (done) localStorage.setItem(keyOf(db.userId), String(Date.now()))
  return done
}

/**
 * Takes everything of a user off this device, but loses nothing: what the server does not have is sent, kept or saved, as he says. Gives
 * whether it is done.
 */
async function letGo(db: Db): Promise<boolean> {
  let said = ''
  let saved = false
  for (;;) {
    const { pending, deadLetters } = db.status.read()
    if (pending + deadLetters === 0 && (await erased(db, 'refuse'))) return true
    const what = [pending && `${changes(pending)} not sent yet`, deadLetters && `${changes(deadLetters)} not accepted by the server`]
    const text = `${said}Here, and nowhere else: ${what.filter(Boolean).join(', ')}.`
    const way = await choose({ title: 'Sign out?', text }, [...(pending ? [SEND] : []), KEEP, SAVE, ...(saved ? [DISCARD] : [])])
    if (way === undefined) return false
    if (way === 'keep') {
      await db.close()
      return true
    }
    if (way === 'save') {
      save(db)
      saved = true
      said = 'Saved. '
    } else if (way === 'discard') {
      if (await erased(db, 'discard')) return true
    } else {
      await db.sync()
      said = db.status.read().pending > 0 ? 'They could not be sent now. ' : 'Sent. '
    }
  }
}

const keyOf = (userId: string) => `holdfast-todo ${userId} signed out`

/** Signs this window out when another one has: one device is one user's or not. Returns the way to stop. */
export function followSignOut(userId: string, go: () => void): () => void {
  const life = new AbortController()
  addEventListener('storage', ({ key, newValue }) => key === keyOf(userId) && newValue && go(), { signal: life.signal })
  return () => life.abort()
}

async function erased(db: Db, unsent: 'refuse' | 'discard'): Promise<boolean> {
  try {
    await db.erase({ unsent })
    return true
  } catch (error) {
    // Another window has written meanwhile, or what was sent last was refused.
    if (isHoldfastError(error, 'unsent_writes')) return false
    // It is closed here, and gone when the last connection is.
    if (isHoldfastError(error, 'storage_blocked')) return true
    throw error
  }
}

function save(db: Db): void {
  const href = URL.createObjectURL(new Blob([JSON.stringify(exportUnsent(db), null, 2)], { type: 'application/json' }))
  el('a', { href, download: `todo-${db.userId}.json` }).click()
  setTimeout(() => URL.revokeObjectURL(href), 60_000)
}
