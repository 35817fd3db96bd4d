import type { Todo } from '../schema.ts'
import { el, setText } from './dom.ts'
import type { TodoRow } from './todo-row.ts'

/** One todo for whoever may only read: words, and no controls that would promise more. */
export function createReadRow(): TodoRow {
  const mark = el('span', { className: 'check', role: 'img' })
  const title = el('span', { className: 'title' })
  const tags = el('span', { className: 'quiet tags' })
  const votes = el('span', { className: 'quiet votes actions' })
  return {
    element: el('li', { className: 'todo' }, mark, el('div', { className: 'body' }, title, tags), votes),
    update({ title: words, done, votes: n, tags: names }: Todo) {
      mark.parentElement?.classList.toggle('done', done)
      setText(mark, done ? '✓' : '○')
      mark.ariaLabel = done ? 'Done' : 'Open'
      setText(title, words)
      setText(tags, names.map((tag) => `#${tag}`).join(' '))
      setText(votes, n === 1 ? '1 vote' : `${n} votes`)
    },
  }
}
