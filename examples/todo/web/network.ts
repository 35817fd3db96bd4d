/**
 * A network that can be switched off. The switch is one for all windows of a user in this browser, because they are one device: they
 * share a database, and one of them syncs for all.
 */
export function createNetwork(userId: string, onChange: (off: boolean) => void) {
  const key = `holdfast-todo ${userId} offline`
  let off = localStorage.getItem(key) === 'yes'
  let cut = new AbortController()
  const life = new AbortController()

  function turn(next: boolean): void {
    if (next === off) return
    off = next
    // Whatever is under way breaks off, the live stream too.
    if (off) cut.abort(offlineError())
    else cut = new AbortController()
    onChange(off)
  }
  addEventListener('storage', (event) => event.key === key && turn(event.newValue === 'yes'), { signal: life.signal })

  return {
    get off() {
      return off
    },
    switch(next: boolean): void {
      localStorage.setItem(key, next ? 'yes' : 'no')
      turn(next)
    },
    /** For `platform.fetch` of openDatabase. */
    async fetch(url: string, init: RequestInit): Promise<Response> {
      if (off) throw offlineError()
      return fetch(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, cut.signal]) : cut.signal })
    },
    close: () => life.abort(),
  }
}

export type Network = ReturnType<typeof createNetwork>

const offlineError = () => new TypeError('The offline switch is on.')
