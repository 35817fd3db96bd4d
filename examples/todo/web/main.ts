import { SHARED, USERS } from '../schema.ts'
import type { Db, List } from './db.ts'
import { type Desk, openDesk } from './desk.ts'
import { byId, el, setText } from './dom.ts'
import { showFace } from './face.ts'
import { finishJoining, join } from './join.ts'
import { showHeading } from './list-heading.ts'
import { createList } from './lists.ts'
import { type Lost, lossOf } from './losses.ts'
import { notice } from './notice.ts'
import { showPeople } from './people.ts'
import { addressOf, readAddress, type Session, type User } from './session.ts'
import { showSignIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import type { ToLookAt } from './to-look-at.ts'
import { showList } from './todo-list.ts'

let desk: Desk | undefined
let closeList = () => {}
/** A list that was just made is given its name first. */
let fresh: string | undefined

/** Brings the page to what its address says. */
async function go(): Promise<void> {
  const { session, secret } = readAddress()
  closeList()
  closeList = () => {}
  if (desk && desk.user !== session?.user) closeDesk()
  if (!session) {
    const leaving = !byId('app').hidden
    showOnly('sign-in')
    showSignIn(secret)
    if (leaving) byId('sign-in-title').focus()
    return
  }
  const arriving = byId('app').hidden && document.hasFocus()
  if (!desk) {
    desk = await openDesk(session.user, { onLost: lose, onSignedOut })
    void finishJoining(desk.db).then((space) => arrive(session.user, space))
  }
  // Joined once: the address that a reload finds is no longer the link.
  if (secret) history.replaceState(null, '', addressOf(session))
  closeList = showSession(desk, session)
  if (secret) void join(desk.db, secret).then((space) => arrive(session.user, space))
  // What was clicked is gone: a screen reader goes on from the heading.
  if (arriving || (document.activeElement === document.body && document.hasFocus())) byId('list-name').focus()
}

function closeDesk(): void {
  desk?.close()
  desk = undefined
}

/** Shows the list that a link has led to, unless its user has left meanwhile. */
async function arrive(user: User, space: string | undefined): Promise<void> {
  if (!space || desk?.user !== user) return
  await desk.db.space(space).ready()
  location.hash = addressOf({ user, list: space })
}

function lose({ space, words }: Lost): void {
  notice(words)
  const { session } = readAddress()
  if (session?.list === space) location.hash = addressOf({ user: session.user })
}

function showSession({ db, lists, toLookAt }: Desk, session: Session): () => void {
  const { user, list } = session
  const space = list ? db.space(list) : db.home
  showOnly('app')
  showFace(byId('who'), user.id)
  lists.select(space.id)
  showTry(session)
  byId('new-list').onclick = async () => {
    fresh = await createList(db)
    if (fresh) location.hash = addressOf({ user, list: fresh })
  }
  byId('sign-out').onclick = () => void leave(db)
  const heading = showHeading(db, space)
  if (fresh === space.id) heading.rename()
  fresh = undefined
  const stops = [heading.stop, showPeople(db, space), showItems(db, space, toLookAt)]
  return () => {
    for (const stop of stops) stop()
  }
}

/** The items, with controls or without, as the user may write or not; that can change while he looks. */
function showItems(db: Db, space: List, toLookAt: ToLookAt): () => void {
  let readOnly: boolean | undefined
  let close = () => {}
  const stop = space.state.subscribe((state) => {
    if (state.is === 'gone') return lose({ space: space.id, words: lossOf(db, space.id, state) })
    const only = state.is === 'ready' && state.access === 'read'
    if (only === readOnly) return
    readOnly = only
    close()
    close = showList(db, space, { readOnly, toLookAt })
  })
  return () => {
    stop()
    close()
  }
}

function showTry({ user, list }: Session): void {
  byId('try').hidden = list !== undefined && list !== SHARED
  setText(
    byId('try-text'),
    list ? 'This list is the same for everyone:' : `As ${user.name} it shows this list, as somebody else their own:`,
  )
  byId('try-links').replaceChildren(
    ...USERS.map((one) =>
      el('a', { className: 'button', href: addressOf({ user: one, list }), target: '_blank', rel: 'noopener' }, `As ${one.name}`),
    ),
  )
}

async function leave(db: Db): Promise<void> {
  if (await signOut(db)) onSignedOut()
}

function onSignedOut(): void {
  location.hash = ''
}

function showOnly(id: 'app' | 'sign-in' | 'fatal'): void {
  for (const one of ['app', 'sign-in', 'fatal']) byId(one).hidden = one !== id
}

function fail(error: unknown): void {
  showOnly('fatal')
  setText(byId('fatal-text'), error instanceof Error ? error.message : String(error))
}

// One at a time: the address may change while a database opens.
let going: Promise<void> = Promise.resolve()
const enter = () => {
  going = going.then(go).catch(fail)
}
addEventListener('hashchange', enter)
byId('fatal-reload').onclick = () => location.reload()
enter()
// Without it all works the same, except for opening the page while the server is away.
navigator.serviceWorker?.register('/service-worker.js').catch(() => undefined)
