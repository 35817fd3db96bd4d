/** A promise that was not kept. */
export class Broken extends Error {
  override readonly name = 'Broken'
  readonly checker: string

  constructor(checker: string, what: string) {
    super(`${checker}: ${what}`)
    this.checker = checker
  }
}
