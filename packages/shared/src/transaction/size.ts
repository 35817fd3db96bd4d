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
export function checkFieldSizes(definition: MergeTable, { table, id, before, after }: Omit<Touched, 'space'>): void {
  for (const [name, state] of Object.entries(after?.fields ?? {})) {
    const { policy } = field(definition, name)
    const grows = policy.wrote !== undefined || policy.kind === 'set' || policy.kind === 'map'
    if (!grows || state === before?.fields[name]) continue
    if (utf8Length(JSON.stringify(policy.pack(state, () => []))) > LIMITS.fieldBytes)
      throw new HoldfastError('too_large', `${table}.${name} would hold more than ${LIMITS.fieldBytes} bytes.`, { table, id, field: name })
  }
}

/** Checks that operations fit into one transaction. @throws HoldfastError `too_large` */
export function checkOperations(operations: readonly Operation[]): void {
  if (operations.length > LIMITS.operations) throw tooLarge(`more than ${LIMITS.operations} operations`)
  if (utf8Length(JSON.stringify(operations)) > LIMITS.transactionBytes) throw tooLarge(`more than ${LIMITS.transactionBytes} bytes`)
}

const tooLarge = (what: string): HoldfastError => new HoldfastError('too_large', `A transaction cannot have ${what}.`)
