import type { Conflict } from '@holdfast/client'
import type { schema } from '../schema.ts'
import type { Db } from './db.ts'
import { el, type Part } from './dom.ts'
import { listName } from './list-name.ts'
import { nameOf } from './session.ts'
import { timeOf } from './status-text.ts'
import { attempt } from './toast.ts'
import type { Beginning } from './todo-form.ts'

export type AnyConflict = Conflict<typeof schema>

/** Of each value that was dropped: it is the same conflict while another is dropped after it. */
export const keyOfConflict = ({ id, dropped }: AnyConflict): string => `${id}@${dropped.at}`

/** An edit that a merge dropped, with the ways to have it back; on the item it is about also to `edit` it. */
export function conflictCard(db: Db, conflict: AnyConflict, edit?: (from: Beginning) => void): Part<AnyConflict> {
  const { space, dropped, kind, field } = conflict
  const isDeleted = kind === 'deleted'
  const button = (name: string, onclick: () => void) => el('button', { type: 'button', onclick }, name)
  const restore = button(isDeleted ? 'Bring it back' : 'Keep mine', () => void attempt(() => conflict.restore()))
  restore.className = 'primary'
  const buttons = [restore, button(isDeleted ? 'Leave it' : 'Keep theirs', () => void attempt(() => conflict.dismiss()))]
  if (edit && field === 'title') {
    buttons.push(button('Edit', () => edit({ title: dropped.value, after: () => conflict.dismiss() })))
  }
  const element = el('li', { className: 'notice' })
  element.append(
    el('p', {}, isDeleted ? `“${titleOf(dropped.value)}” was deleted while you changed it.` : replaced(conflict, db.userId)),
    el('p', { className: 'quiet' }, `${edit ? '' : `${listName(db, space)}, `}${timeOf(dropped.at)}`),
    el('p', { className: 'row' }, ...buttons),
  )
  return { element, update() {} }
}

function replaced({ kept, dropped }: AnyConflict, me: string): string {
  const by = kept === null || kept.userId === me ? 'Your later' : `${nameOf(kept.userId)}’s`
  return `${by} ${inWords(kept?.value)} replaced your ${inWords(dropped.value)}.`
}

/** A value as people would say it. */
export const inWords = (value: unknown): string => (typeof value === 'boolean' ? (value ? '“done”' : '“open”') : `“${String(value)}”`)

/** Of a record that is deleted a conflict holds the fields that were edited. */
function titleOf(value: unknown): string {
  const { title } = Object(value) as { title?: unknown }
  return typeof title === 'string' ? title : 'A todo'
}
