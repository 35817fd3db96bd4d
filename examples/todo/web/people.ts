import type { Member } from '@holdfast/client'
import { isList } from '../schema.ts'
import { choose } from './choice.ts'
import type { Db, List } from './db.ts'
import { byId, el, keyed, setText } from './dom.ts'
import { showFace } from './face.ts'
import { listName } from './list-name.ts'
import { nameOf } from './session.ts'
import { ask } from './toast.ts'

/** Lists that their user leaves himself: that they are gone is no news to him. */
export const leaving = new Set<string>()

/** Who is in a list, live, and what its owner can do about it. Returns the way to stop. */
export function showPeople(db: Db, space: List): () => void {
  const isOwner = () => {
    const state = space.state.read()
    return isList(space.id) && state.is === 'ready' && state.role === 'owner'
  }
  const rows = keyed<Member>(byId('members'), {
    key: ({ userId }) => userId,
    make: ({ userId }) => memberRow({ db, space, userId, isOwner }),
    onFocusLost: (_, heir) => (heir?.querySelector<HTMLElement>('button') ?? byId('people')).focus(),
  })
  const leave = byId<HTMLButtonElement>('leave')

  function show(): void {
    const members = space.members.read()
    const alone = members.length < 2
    rows.show(members)
    setText(byId('people-link'), `${alone ? 'Only you' : `${members.length} people`}${isOwner() ? ' · Share' : ''}`)
    byId('share').hidden = !isOwner()
    leave.hidden = !isList(space.id) || (isOwner() && !alone)
    setText(leave, isOwner() ? 'Delete this list' : 'Leave this list')
    const owner = members.find(({ role }) => role === 'owner')
    setText(byId('people-hint'), isOwner() || !owner || !isList(space.id) ? '' : `${nameOf(owner.userId)} can let more people in.`)
  }

  async function leaveList(): Promise<void> {
    const name = listName(db, space.id)
    const owner = isOwner()
    const words = owner
      ? { title: `Delete “${name}”?`, text: 'It is deleted on all your devices, with everything in it.' }
      : { title: `Leave “${name}”?`, text: 'It leaves all your devices. To come back you need a new link.' }
    if (!(await choose(words, [{ key: 'leave', name: owner ? 'Delete it' : 'Leave it' }]))) return
    leaving.add(space.id)
    const done = await ask(db, () => db.run.leave({ space: space.id }), `You leave “${name}” as soon as you are online.`)
    if (!done) leaving.delete(space.id)
  }

  byId('people').hidden = space.id === db.home.id
  byId('people-link').hidden = space.id === db.home.id
  byId('people-link').onclick = () => byId('people').focus()
  leave.onclick = () => void leaveList()
  const stops = [space.members.subscribe(show), space.state.subscribe(show), showShare(db, space)]
  return () => {
    for (const stop of stops) stop()
    rows.show([])
  }
}

const roleOf = ({ role, access }: Member): string => (role === 'owner' ? 'owner' : access === 'write' ? 'can edit' : 'can only read')

interface MemberOptions {
  readonly db: Db
  readonly space: List
  readonly userId: string
  readonly isOwner: () => boolean
}

function memberRow({ db, space, userId, isOwner }: MemberOptions) {
  const name = nameOf(userId)
  const role = el('span', { className: 'quiet' })
  let next: 'read' | 'write' = 'read'
  const set = (access: 'read' | 'write' | null) =>
    void ask(db, () => db.run.setAccess({ space: space.id, user: userId, access }), 'This happens as soon as you are online.')
  const toggle = el('button', { type: 'button', onclick: () => set(next) })
  const remove = el('button', { type: 'button', ariaLabel: `Remove ${name}`, onclick: () => void confirmRemoval() }, 'Remove')
  const actions = el('p', { className: 'row' }, toggle, remove)

  async function confirmRemoval(): Promise<void> {
    const text = 'The list leaves all their devices. Links that you gave out end.'
    if (await choose({ title: `Remove ${name}?`, text }, [{ key: 'remove', name: 'Remove' }])) set(null)
  }

  const who = showFace(el('span'), userId)
  const element = el('li', { className: 'member' }, who, role, actions)
  return {
    element,
    update(member: Member) {
      next = member.access === 'write' ? 'read' : 'write'
      setText(role, `${userId === db.userId ? 'you, ' : ''}${roleOf(member)}`)
      setText(toggle, next === 'read' ? 'Make read-only' : 'Let edit')
      toggle.ariaLabel = next === 'read' ? `Make ${name} read-only` : `Let ${name} edit`
      actions.hidden = !isOwner() || userId === db.userId
    },
  }
}

/** Links that let people in. Returns the way to stop. */
function showShare(db: Db, space: List): () => void {
  const form = byId<HTMLFormElement>('share')
  const link = byId<HTMLInputElement>('link')
  let stopped = false

  function show(text: string, address = ''): void {
    setText(byId('share-text'), text)
    link.value = address
    byId('link-row').hidden = address === ''
  }

  async function invite(access: 'read' | 'write'): Promise<void> {
    show(db.status.read().online ? 'One moment…' : 'The link comes as soon as you are online.')
    const verdict = await db.run.invite({ space: space.id, access }).confirmed()
    if (stopped || verdict.status === 'pending') return
    if (verdict.status === 'refused') return show(verdict.message)
    const may = access === 'write' ? 'edit' : 'only read'
    show(`Whoever opens this link within a week can ${may} this list.`, `${location.origin}/#join=${verdict.result.secret}`)
    link.select()
  }

  form.onsubmit = (event) => {
    event.preventDefault()
    void invite(new FormData(form).get('access') === 'read' ? 'read' : 'write')
  }
  byId('copy-link').onclick = async () => {
    link.select()
    // Without a secure context there is no clipboard, but the link is selected.
    await navigator.clipboard?.writeText(link.value)
    setText(byId('share-text'), 'Copied.')
  }
  show('')
  return () => {
    stopped = true
    show('')
  }
}
