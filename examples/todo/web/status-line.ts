import type { Db } from './db.ts'
import { byId, setText } from './dom.ts'
import type { Network } from './network.ts'
import { nameOf } from './session.ts'
import { type Fix, statusText } from './status-text.ts'

const FIXES: Record<Fix, string> = { retry: 'Try now', 'sign-in': 'Sign in', reload: 'Reload', review: 'Review' }
/** What lasts less than this, in milliseconds, is not worth a screen reader's breath. */
const SETTLED = 1_000

/** Says in words how syncing goes, and what would help. Returns the way to stop. */
export function showStatus(db: Db, network: Network): () => void {
  const button = byId<HTMLButtonElement>('status-fix')
  const toggle = byId<HTMLInputElement>('offline')
  let fix: Fix | null = null
  let timer = 0

  const stop = db.status.subscribe((status) => {
    const said = statusText(status, network.off)
    fix = said.fix
    byId('status').dataset.state = status.state
    setText(byId('status-text'), said.text)
    if (!fix && document.activeElement === button) toggle.focus()
    button.hidden = !fix
    if (fix) setText(button, FIXES[fix])
    setText(
      byId('leader'),
      `${status.leader ? 'This window' : 'Another window'} syncs for all of ${nameOf(db.userId)}’s windows in this browser.`,
    )
    clearTimeout(timer)
    timer = window.setTimeout(() => setText(byId('announcer'), said.text), SETTLED)
  })
  button.onclick = () => {
    if (fix === 'retry') void db.sync()
    if (fix === 'sign-in') location.hash = ''
    if (fix === 'reload') location.reload()
    if (fix === 'review') byId('review').focus()
  }
  toggle.checked = network.off
  toggle.onchange = () => network.switch(toggle.checked)
  return () => {
    stop()
    clearTimeout(timer)
  }
}
