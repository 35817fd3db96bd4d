import { LIST, LIST_PREFIX, SHARED } from '../schema.ts'
import type { Db } from './db.ts'
import { byId, el, keyed, setText } from './dom.ts'
import { forgetNames, listName } from './list-name.ts'
import { addressOf, type User } from './session.ts'
import { attempt } from './toast.ts'

interface Entry {
  readonly space: string
  readonly name: string
  readonly open: number
}

const collator = new Intl.Collator()

/** All lists of a user, each with what is open in it: one computation over all spaces, which runs again when any of it changes. */
export function showLists(db: Db, user: User) {
  let current: string | undefined
  const home = db.home.id
  const entryOf = ({ space }: Entry) => {
    const label = el('span')
    const badge = el('span', { className: 'badge' })
    const element = el('a', { href: addressOf({ user, list: space === home ? undefined : space }) }, label, ' ', badge)
    return {
      element,
      update(next: Entry) {
        setText(label, next.name)
        setText(badge, `${next.open} open`)
        element.ariaCurrent = next.space === current ? 'page' : null
        if (next.space === current) document.title = `${next.name} (${next.open}) · ${user.name} · Holdfast todo`
      },
    }
  }
  const links = keyed<Entry>(byId('lists'), {
    key: ({ space }) => space,
    make: entryOf,
    onFocusLost: (_, heir) => (heir ?? byId('new-list')).focus(),
  })
  const entries = db.live((read): readonly Entry[] => {
    const openIn = ($space: string) => read.todos.where({ $space, done: false }).count().read()
    const named = [...read.lists].map(({ $space, name }) => ({ space: $space, name, open: openIn($space) }))
    const rank = ({ space }: Entry) => (space === SHARED ? 0 : 1)
    named.sort((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name))
    return [{ space: home, name: 'My list', open: openIn(home) }, ...named]
  })
  const stop = entries.subscribe((found) => {
    // Also so that it is known what a list was called that is lost.
    for (const { space } of found) listName(db, space)
    links.show(found)
  })
  return {
    /** Which of them is looked at. */
    select(space: string): void {
      current = space
      links.show(entries.read())
    },
    stop(): void {
      stop()
      links.show([])
      forgetNames()
    },
  }
}

/** Makes a list, offline too: it is a space of its own, which can be shared later without moving anything. Gives where it is. */
export async function createList(db: Db): Promise<string | undefined> {
  const list = db.spaces.create(LIST_PREFIX)
  const id = await attempt(() => list.write((tx) => tx.lists.insert({ id: LIST, name: 'New list' }), { label: 'New list' }))
  return id && list.id
}
