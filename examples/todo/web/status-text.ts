import type { Status } from '@holdfast/client'

/** What one can do about the state of syncing. */
export type Fix = 'retry' | 'sign-in' | 'reload' | 'review'

export interface StatusText {
  readonly text: string
  readonly fix: Fix | null
}

type Problem = NonNullable<Status['problem']>

const WAYS_OUT: Record<Problem['fix'], { readonly text: string; readonly fix: Fix | null }> = {
  wait: { text: '', fix: 'retry' },
  sign_in: { text: 'Sign in again to go on.', fix: 'sign-in' },
  upgrade: { text: 'Reload to get the new version.', fix: 'reload' },
  free_space: { text: 'Free some space on this device, then try again.', fix: 'retry' },
  review: { text: 'Look at it before it is sent.', fix: 'review' },
  reload: { text: 'Reload this window.', fix: 'reload' },
}

/** The state of syncing in words. */
export function statusText(status: Status, switchedOff: boolean): StatusText {
  const { state, problem, progress } = status
  switch (state) {
    case 'synced':
      return { text: `Everything is synced.${memoryOnly(status)}`, fix: null }
    case 'syncing':
      if (progress) return { text: `Fetching your lists: ${progress.done} of ${progress.total}.`, fix: null }
      return { text: status.pending > 0 ? `Syncing ${changes(status.pending)}…` : 'Syncing…', fix: null }
    case 'offline':
      return { text: `Offline${waiting(status)}`, fix: switchedOff ? null : 'retry' }
    case 'paused':
    case 'stuck': {
      if (!problem) return { text: `Paused${waiting(status)}`, fix: 'retry' }
      const way = WAYS_OUT[problem.fix]
      // Nothing is wrong: what would help says it all.
      if (way.fix === 'review') return { text: `Paused${waiting(status)} ${way.text}`, fix: way.fix }
      return { text: `Paused${waiting(status)} ${[problem.message, way.text, retry(problem)].filter(Boolean).join(' ')}`, fix: way.fix }
    }
  }
}

export const changes = (n: number): string => (n === 1 ? '1 change' : `${n} changes`)

function waiting({ pending, oldestPending }: Status): string {
  if (pending === 0 || oldestPending === null) return '. What you do is kept on this device.'
  return `, with ${changes(pending)} waiting here, the oldest since ${timeOf(oldestPending)}.`
}

const retry = ({ fix, retryAt }: Problem): string => (fix === 'wait' && retryAt ? `Next try at ${timeOf(retryAt)}.` : '')

const memoryOnly = ({ storage }: Status): string => (storage === 'memory' ? ' This browser forgets it when the window closes.' : '')

/** The time, with the day if it is not today. */
export function timeOf(at: number): string {
  const date = new Date(at)
  const today = date.toDateString() === new Date().toDateString()
  return date.toLocaleString('en-GB', today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' })
}
