// drafts/form.ts
import type { Database } from '@holdfast/client'
import { type Draft, openDraft } from '@holdfast/client/draft'
import { defineSchema, string, table } from '@holdfast/shared'

export const schema = defineSchema({ version: 1, tables: { notes: table({ title: string(), text: string().default('') }) } })

export function form(db: Database<typeof schema>, id: string, root: HTMLFormElement) {
  const draft = openDraft(db.notes, id) // throws unknown_record
  const [title, meanwhile] = [root.querySelector('input'), root.querySelector('output')]
  title?.addEventListener('input', () => draft.set({ title: title.value }))
  root.addEventListener('submit', (event) => {
    event.preventDefault()
    draft.save() // one transaction, of what was changed
  })
  // Calls now, and whenever something was changed here or arrives.
  draft.subscribe(({ values, theirs, gone }) => {
    if (title && title.value !== values.title) title.value = values.title
    if (meanwhile) meanwhile.value = gone ? 'Deleted meanwhile: saving brings it back.' : (theirs.title?.value ?? '')
  })
  return { keepTheirs: () => draft.take('title'), close: () => draft.close() }
}

export type NoteDraft = Draft<{ readonly title: string }, { readonly title?: string }>
