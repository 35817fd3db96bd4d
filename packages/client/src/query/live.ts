import type { RowChange } from '@holdfast/shared/internal/query/question'
import type { Live } from '@holdfast/shared/internal/query/reading'

/** How to find a value: once, or kept up to date while someone holds it. Equal keys mean equal values. */
export interface Recipe<T> {
  readonly key: string
  /** As of now, with these changes on top. */
  once(changes?: readonly RowChange[]): T
  /** `last` is what was found before, to be given again if it is still the same. */
  start(last?: T): Running<T>
}

/** A value that is kept up to date; the same object until it changes. */
export interface Running<T> {
  value(): T
  stop(): void
}

/** Everything that is live, and who listens. */
export interface Hub {
  live<T>(recipe: Recipe<T>): Live<T>
  /** Keeps a value up to date without listening; `stop` lets go. Holders and listeners of one key share one. */
  hold<T>(recipe: Recipe<T>): Running<T>
  /** What is kept up to date under this key, if anything is. */
  peek<T>(recipe: Recipe<T>): Running<T> | undefined
  /** To be called when anything changed: what was read without being held may be old. */
  forget(): void
  /**
   * Calls the listeners of what changed, after everything is up to date. A call from inside a listener returns at once, and the calls
   * it asks for follow after those that are under way.
   */
  notify(): void
}

interface Listener {
  readonly call: (value: never) => void
  last: unknown
}
interface Entry {
  readonly running: Running<unknown>
  readonly listeners: Set<Listener>
  holders: number
  /** What it threw in the last round, so that one failure is reported once. */
  error?: unknown
}

/** @param report hears what listeners and computations throw; must not throw itself */
export function createHub(report: (error: unknown) => void): Hub {
  const entries = new Map<string, Entry>()
  // What was read without being held: while nothing changes it is the same object. Weak, so that this holds nothing either.
  const recent = new Map<string, WeakRef<object>>()
  let busy = false
  let again = false

  function attempt(action: () => void): void {
    try {
      action()
    } catch (error) {
      report(error)
    }
  }

  function remember<T>(key: string, value: T): T {
    if (recent.size > 1000) recent.clear()
    if (typeof value === 'object' && value) recent.set(key, new WeakRef(value))
    return value
  }

  const recall = (key: string) => recent.get(key)?.deref()

  function enter(recipe: Recipe<unknown>): Entry {
    let entry = entries.get(recipe.key)
    if (!entry) {
      entry = { running: recipe.start(recall(recipe.key)), listeners: new Set(), holders: 0 }
      entries.set(recipe.key, entry)
    }
    entry.holders++
    return entry
  }

  function leave(key: string, entry: Entry): void {
    if (--entry.holders) return
    entries.delete(key)
    try {
      remember(key, entry.running.value())
    } catch {
      // A computation that throws has nothing to remember.
    }
    entry.running.stop()
  }

  function round(): void {
    const calls: [Entry, Listener, unknown][] = []
    for (const entry of entries.values()) {
      if (!entry.listeners.size) continue
      try {
        const value = entry.running.value()
        entry.error = undefined
        for (const listener of entry.listeners) {
          if (Object.is(listener.last, value)) continue
          listener.last = value
          calls.push([entry, listener, value])
        }
      } catch (error) {
        if (entry.error !== error) report(error)
        entry.error = error
      }
    }
    for (const [entry, listener, value] of calls) {
      // An earlier listener may have stopped this one.
      if (entry.listeners.has(listener)) attempt(() => listener.call(value as never))
    }
  }

  const hub: Hub = {
    live: <T>(recipe: Recipe<T>): Live<T> => ({
      key: recipe.key,
      read() {
        const running = hub.peek(recipe)
        return running ? running.value() : ((recall(recipe.key) as T | undefined) ?? remember(recipe.key, recipe.once()))
      },
      subscribe(call) {
        const entry = enter(recipe)
        const listener: Listener = { call, last: undefined }
        const stop = () => {
          if (entry.listeners.delete(listener)) leave(recipe.key, entry)
        }
        entry.listeners.add(listener)
        try {
          listener.last = entry.running.value()
        } catch (error) {
          stop()
          throw error
        }
        attempt(() => call(listener.last as T))
        return stop
      },
    }),
    hold<T>(recipe: Recipe<T>) {
      const entry = enter(recipe)
      return { value: () => entry.running.value() as T, stop: () => leave(recipe.key, entry) }
    },
    peek: <T>({ key }: Recipe<T>) => entries.get(key)?.running as Running<T> | undefined,
    forget: () => recent.clear(),
    notify() {
      again = true
      if (busy) return
      busy = true
      while (again) {
        again = false
        round()
      }
      busy = false
    },
  }
  return hub
}
