import { ready } from './scheduler.ts'

interface Waiting {
  readonly options: LockOptions
  readonly call: (lock: Lock | null) => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** The Web Locks of one device, as far as the client uses them: exclusive, with `signal` and `steal`. Granted in a later turn, in order. */
export function createLocks(): LockManager {
  const queues = new Map<string, Waiting[]>()
  const held = new Map<string, Waiting>()

  function grant(name: string): void {
    const next = held.has(name) ? undefined : queues.get(name)?.shift()
    if (!next) return
    held.set(name, next)
    ready(() => {
      run(name, next).then(next.resolve, next.reject)
    })
  }

  async function run(name: string, one: Waiting): Promise<unknown> {
    try {
      return held.get(name) === one ? await one.call({ name, mode: 'exclusive' }) : undefined
    } finally {
      if (held.get(name) === one) {
        held.delete(name)
        grant(name)
      }
    }
  }

  const aborted = () => new DOMException('aborted', 'AbortError')

  return {
    request(name: string, options: LockOptions, call: Waiting['call']) {
      return new Promise<unknown>((resolve, reject) => {
        const one: Waiting = { options, call, resolve, reject }
        const queue = queues.get(name) ?? []
        queues.set(name, queue)
        if (options.signal?.aborted) return reject(options.signal.reason ?? aborted())
        if (options.steal) {
          held.get(name)?.reject(aborted())
          held.delete(name)
          queue.unshift(one)
        } else queue.push(one)
        options.signal?.addEventListener('abort', () => {
          const at = queue.indexOf(one)
          if (at < 0) return
          queue.splice(at, 1)
          reject(options.signal?.reason ?? aborted())
        })
        grant(name)
      })
    },
    query: async () => ({ held: [], pending: [] }),
  } as unknown as LockManager
}
