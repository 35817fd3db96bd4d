/** A value that can be read; what a transaction and a `live(compute)` work with. */
export interface Reading<T> {
  /** Equal for equal questions. */
  readonly key: string
  read(): T
}

/** A value that changes: `read()` gives it now, `subscribe()` from now on. */
export interface Live<T> extends Reading<T> {
  /**
   * Calls at once with the current value, then synchronously at the end of each transaction or applied response that changed it: once,
   * after every query is up to date. The value is the same object until it changes. Returns the way to stop.
   */
  subscribe(listener: (value: T) => void): () => void
}
