/** Lets what happens to a tab through, or keeps it until later. */
export class Gate {
  #waiting: (() => void)[] | undefined

  pass(call: () => void): void {
    if (this.#waiting) this.#waiting.push(call)
    else call()
  }

  /** What comes of it, now or later. */
  hold<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => this.pass(() => resolve(value)),
        (error) => this.pass(() => reject(error)),
      )
    })
  }

  close(): void {
    this.#waiting ??= []
  }

  open(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const call of waiting) call()
  }
}
