// review/review.ts
import type { Database } from '@holdfast/client'
import { type PreviewedWrite, preview } from '@holdfast/client/review'
import type { schema } from './app.ts'

type Db = Database<typeof schema>
type Ask = (lines: string[]) => Promise<'send' | 'discard' | 'later'>

/** One write in a line: what it would do, or why it would be refused, and what would be lost by it. */
function lineOf({ label, summary, is, message, conflicts }: PreviewedWrite<typeof schema>): string {
  const what = label ?? summary.join(', ')
  if (is === 'refused') return `${what}: not possible. ${message}`
  const lost = conflicts.map((one) =>
    one.kind === 'value' ? `“${one.dropped.value}” gives way to “${one.kept.value}”` : 'an edit of what was deleted meanwhile',
  )
  return [what, ...lost].join(': ')
}

/** Shows what waits until its user has decided on it as it is. */
export async function review(db: Db, ask: Ask): Promise<void> {
  for (;;) {
    const { writes, approve } = await preview(db)
    const answer = await ask(writes.map(lineOf))
    if (answer === 'discard') for (const write of writes) await write.drop()
    // 'changed': somebody wrote meanwhile, so it is shown again.
    if (answer !== 'send' || (await approve()) === 'approved') return
  }
}

/** Asks once, whenever there is something to review. */
export function reviewWhenAsked(db: Db, ask: Ask): void {
  let asked = false
  db.status.subscribe(({ problem }) => {
    const isDue = problem?.fix === 'review'
    if (isDue && !asked) {
      review(db, ask).catch(() => {
        asked = false // offline again: the next status asks
      })
    }
    asked = isDue
  })
}
