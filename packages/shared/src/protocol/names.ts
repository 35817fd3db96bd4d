import { HoldfastError } from '../errors.ts'

/** A body names each space and session once and then by number: this collects the names while writing. */
export class Names {
  readonly list: string[] = []
  readonly #numbers = new Map<string, number>()

  readonly number = (name: string): number => {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.list.push(name) - 1
      this.#numbers.set(name, number)
    }
    return number
  }
}

/** The other way, while reading; a number without a name makes the whole body `bad_request` or `bad_response`. */
export const namesOf =
  (list: readonly string[], code: 'bad_request' | 'bad_response') =>
  (number: number): string => {
    const name = list[number]
    if (name === undefined) throw new HoldfastError(code, 'A body speaks of a name that it does not list.')
    return name
  }
