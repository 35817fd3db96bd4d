import type { Reading } from '@holdfast/shared/internal/query/reading'
import type { Hub, Recipe, Running } from './live.ts'

/** Reads one input of a computation. */
export type Pull = <T>(recipe: Recipe<T>) => Reading<T>

interface Input {
  readonly running: Running<unknown>
  seen: unknown
}
type Outcome<T> = { readonly value: T } | { readonly error: unknown }

/**
 * A value computed from others. It depends on exactly what its last run read through `pull`: those inputs are kept up to date while it
 * is held, and it runs again when one of them is not the same any more; an error that it throws is its value until then.
 */
export const computedRecipe = <T>(hub: Hub, key: string, compute: (pull: Pull) => T): Recipe<T> => ({
  key,
  once: () => compute((recipe) => hub.live(recipe)),
  start() {
    let inputs = new Map<string, Input>()
    let outcome: Outcome<T> | undefined

    function run(): Outcome<T> {
      const former = inputs
      inputs = new Map()
      const pull: Pull = (recipe) => ({
        key: recipe.key,
        read() {
          let input = inputs.get(recipe.key)
          if (!input) {
            input = former.get(recipe.key) ?? { running: hub.hold(recipe), seen: undefined }
            former.delete(recipe.key)
            inputs.set(recipe.key, input)
          }
          const seen = (input.running as Running<never>).value()
          input.seen = seen
          return seen
        },
      })
      try {
        return { value: compute(pull) }
      } catch (error) {
        return { error }
      } finally {
        for (const { running } of former.values()) running.stop()
      }
    }

    return {
      value() {
        if (!outcome || [...inputs.values()].some(({ running, seen }) => !Object.is(running.value(), seen))) outcome = run()
        if ('error' in outcome) throw outcome.error
        return outcome.value
      },
      stop() {
        for (const { running } of inputs.values()) running.stop()
        inputs.clear()
      },
    }
  },
})
