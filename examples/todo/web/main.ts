import { type Database, openDatabase } from '@holdfast/client'
import { SHARED, schema, USERS } from '../schema.ts'
import { byId, el, setText } from './dom.ts'
import { createNetwork } from './network.ts'
import { showReview } from './review.ts'
import { addressOf, listName, readSession, type Session, type User } from './session.ts'
import { showStatus } from './status-line.ts'
import { clearToasts } from './toast.ts'
import { showList } from './todo-list.ts'

/** What is open for the user who is signed in. */
interface Desk {
  readonly user: User
  readonly db: Database<typeof schema>
  close(): void
}

let desk: Desk | undefined
let closeList = () => {}

/** Opens the database of a user, and shows what does not depend on the list. */
async function openDesk(user: User): Promise<Desk> {
  const network = createNetwork(user.id, (off) => {
    byId<HTMLInputElement>('offline').checked = off
    void opening.then((db) => db.sync())
  })
  const opening = openDatabase({ schema, userId: user.id, token: () => user.id, platform: { fetch: network.fetch } })
  const db = await opening
  const stops = [showStatus(db, network), showReview(db), network.close]
  return {
    user,
    db,
    close() {
      for (const stop of stops) stop()
      void db.close()
    },
  }
}

/** Brings the page to what its address says. */
async function go(): Promise<void> {
  const session = readSession()
  closeList()
  closeList = () => {}
  if (desk && desk.user !== session?.user) {
    desk.close()
    desk = undefined
    clearToasts()
  }
  if (!session) return showSignIn()
  const arriving = byId('app').hidden && document.hasFocus()
  desk ??= await openDesk(session.user)
  closeList = showSession(desk.db, session)
  // What was clicked is gone: a screen reader goes on from the heading.
  if (arriving) byId('list-name').focus()
}

function showSession(db: Database<typeof schema>, session: Session): () => void {
  const { user, list } = session
  const space = list === 'shared' ? db.space(SHARED) : db.home
  showOnly('app')
  document.body.dataset.user = user.id
  setText(byId('who'), user.name)
  setText(byId('list-name'), listName(space.id))
  const everyone = `${USERS.map(({ name }) => name)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' and ')} see and change this list together.`
  setText(byId('list-hint'), list === 'shared' ? everyone : `Only ${user.name} sees this list, in every window and on every device.`)
  setText(
    byId('try-text'),
    list === 'shared' ? 'This list is the same for everyone:' : `As ${user.name} it shows this list, as somebody else their own:`,
  )
  byId('try-links').replaceChildren(
    ...USERS.map((one) =>
      el('a', { className: 'button', href: addressOf({ user: one, list }), target: '_blank', rel: 'noopener' }, `As ${one.name}`),
    ),
  )
  const stops = [showLists(db, session), showList(db, space)]
  return () => {
    for (const stop of stops) stop()
  }
}

/** The two lists, each with what is open in it: a live count. */
function showLists(db: Database<typeof schema>, { user, list }: Session): () => void {
  const stops: (() => void)[] = []
  const links = (['home', 'shared'] as const).map((one) => {
    const space = one === 'shared' ? db.space(SHARED) : db.home
    const badge = el('span', { className: 'badge' })
    const link = el('a', { href: addressOf({ user, list: one }) }, listName(space.id), ' ', badge)
    if (one === list) link.ariaCurrent = 'page'
    stops.push(
      space.todos
        .where({ done: false })
        .count()
        .subscribe((open) => {
          setText(badge, `${open} open`)
          if (one === list) document.title = `${listName(space.id)} (${open}) · ${user.name} · Holdfast todo`
        }),
    )
    return link
  })
  const nav = byId('lists')
  const hadFocus = nav.contains(document.activeElement)
  nav.replaceChildren(...links)
  if (hadFocus) nav.querySelector<HTMLElement>('[aria-current]')?.focus()
  return () => {
    for (const stop of stops) stop()
  }
}

function showSignIn(): void {
  const leaving = !byId('app').hidden
  showOnly('sign-in')
  if (leaving) byId('sign-in-title').focus()
  delete document.body.dataset.user
  document.title = 'Holdfast todo'
  byId('users').replaceChildren(
    ...USERS.map((user) => {
      const link = el('a', { href: addressOf({ user, list: 'home' }) }, el('span', { className: 'face' }, user.name))
      link.dataset.user = user.id
      return el('li', {}, link)
    }),
  )
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
