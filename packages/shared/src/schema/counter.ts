import { counterPolicy } from '../policy/counter.ts'
import type { Policy } from '../policy/policy.ts'
import type { Field } from './field.ts'
import { checkInteger } from './value.ts'

/** A whole number that is incremented: concurrent increments add up. */
export type Counter = Field<{ kind: 'counter'; value: number; input: number; optional: true; scalar: true; to: never }>

/** A whole number from 0 on, changed by `increment` and `reset`. */
export const counter = (): Counter => ({
  def: {
    kind: 'counter',
    policy: counterPolicy as Policy,
    nullable: false,
    fallback: 0,
    scalar: true,
    check: checkInteger,
    verbs: {
      increment: ([by = 1], { at }) => ['inc', checkInteger(by, at)],
      reset: ([to = 0], { at, counted }) => ['off', { to: checkInteger(to, at), ...counted() }],
    },
  },
})
