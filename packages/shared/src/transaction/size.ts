import { HoldfastError } from '../errors.ts'
import { field, type MergeTable } from '../merge/record.ts'
import type { Touched } from '../merge/touched.ts'
import { LIMITS } from '../protocol/limits.ts'
import { utf8Length } from '../schema/value.ts'
import type { Operation } from './operation.ts'

/**
 * Checks, at the write and again on the server, that a transaction leaves no field so big that each change of it, however small, costs
 * more than a request may. Of one value `check` has said so already; here are those that grow: sets, maps, and values side by side.
 *
 * @throws HoldfastError `too_large`
 */
export function checkFieldSizes(definition: MergeTable, { table, before, after }: Pick<Touched, 'table' | 'before' | 'after'>): void {
  for (const [name, state] of Object.entries(after?.fields ?? {})) {
    if (state === before?.fields[name]) continue
    const text = JSON.stringify(field(definition, name).policy.pack(state, () => []))
    atMostBytes(LIMITS.fieldBytes, text, `bytes in ${table}.${name}`)
  }
}

/** Checks that operations fit into one transaction. @throws HoldfastError `too_large` */
export function checkOperations(operations: readonly Operation[]): void {
  atMost(LIMITS.operations, operations.length, 'operations in a transaction')
  checkPayload(JSON.stringify(operations))
}

/** Checks that what one transaction sends is not too much. @throws HoldfastError `too_large` */
export const checkPayload = (text: string): void => atMostBytes(LIMITS.transactionBytes, text, 'bytes in a transaction')

/** Bytes of a text are counted only where they may be too many: no UTF-16 unit is more than three. */
function atMostBytes(most: number, text: string, what: string): void {
  if (text.length * 3 > most) atMost(most, utf8Length(text), what)
}

/** @throws HoldfastError `too_large` */
export function atMost(most: number, size: number, what: string): void {
  if (size > most) throw new HoldfastError('too_large', `There cannot be more than ${most} ${what}.`)
}
