import type { Write } from '@holdfast/client'

/** One part of what was done: a write of a register, an append to a list, a read of either. The form of Jepsen's Elle. */
export type Part =
  | readonly ['w' | 'append', key: string, value: string | number]
  | readonly ['r', key: string, value: string | number | null | readonly (string | number)[]]

/** Tells what is done: a read at once, a write now and when there is a word on it. */
export type RecordParts = (parts: readonly Part[], write?: Pick<Write<unknown>, 'confirmed'>) => void

/**
 * Writes what tabs did as JSON lines, `invoke` and then `ok`, `fail` or `info` (nobody knows), for a checker from outside. A process does
 * one thing at a time: while a tab waits for a word, what it does next is another's.
 */
export function createRecorder(line: (text: string) => void, now: () => number) {
  let index = 0
  let processes = 0
  const open = new Map<number, readonly Part[]>()
  /** Of each tab the processes that wait for nothing. */
  const idle = new WeakMap<object, number[]>()

  const tell = (type: 'invoke' | 'ok' | 'fail' | 'info', process: number, value: readonly Part[]): void => {
    const asked = type === 'invoke' ? value.map(([f, key, v]) => (f === 'r' ? [f, key, null] : [f, key, v])) : value
    line(JSON.stringify({ index: index++, type, process, f: 'txn', value: asked, time: now() * 1_000_000 }))
  }

  return {
    of:
      (tab: object): RecordParts =>
      (parts, write) => {
        const mine = idle.get(tab) ?? []
        idle.set(tab, mine)
        const process = mine.pop() ?? processes++
        tell('invoke', process, parts)
        const end = (type: 'ok' | 'fail' | 'info') => {
          if (!open.delete(process)) return
          tell(type, process, parts)
          if (type !== 'info') mine.push(process)
        }
        open.set(process, parts)
        if (!write) return end('ok')
        void write.confirmed().then(({ status }) => end(status === 'applied' ? 'ok' : status === 'refused' ? 'fail' : 'info'))
      },
    /** Of the rest nobody knows. */
    end(): void {
      for (const [process, parts] of open) tell('info', process, parts)
      open.clear()
    },
  }
}
