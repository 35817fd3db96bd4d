import { HoldfastError } from '@holdfast/shared'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { lookedAt, newsAmong, questionHolds, recordHolds, writeHolds } from '@holdfast/shared/internal/merge/hold'
import type { Row } from '@holdfast/shared/internal/merge/record'
import { parseTest } from '@holdfast/shared/internal/query/predicate'
import type { Test } from '@holdfast/shared/internal/query/question'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { checkId, checkValue } from '@holdfast/shared/internal/schema/value'
import { type Operation, recordKey } from '@holdfast/shared/internal/transaction/operation'
import { checkExtent, type Read } from '@holdfast/shared/internal/transaction/read'
import { accessTo } from './access.ts'
import type { Batch } from './batch.ts'
import { tableOf } from './engine.ts'
import type { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'
import type { Writer } from './writer.ts'

/**
 * Refuses (`conflict`) a serializable transaction whose reads do not hold any more. Whoever decides has the space to himself until it is
 * stored, so between the look and the write nothing comes.
 */
export function* checkReads(
  batch: Batch,
  overlay: Overlay,
  { reads, operations }: { readonly reads: readonly Read[]; readonly operations: readonly Operation[] },
  writer: Writer,
): Asking<void> {
  const { asker, begins } = writer
  const author = (space: SpaceId) => ({ base: writer.base(space), sees: writer.sees.bind(undefined, space) })
  const isReadable = new Map<SpaceId, boolean>()
  for (const [, space] of reads) {
    if (isReadable.has(space)) continue
    const access = yield* accessTo(asker, space, overlay.grants)
    // In one that begins with it there is nothing yet.
    if (!access && !begins.includes(space)) throw new HoldfastError('forbidden', 'This user may not read there.')
    isReadable.set(space, access !== undefined)
  }
  // A hundred questions about a table look through it once.
  const news = new Map<string, readonly Row[]>()
  const looked = lookedAt(reads)
  for (const read of reads) {
    const [kind, space, name, what] = read
    const table = tableOf(batch.engine, name)
    const isThere = isReadable.get(space)
    if (kind === 'q') {
      if (!isThere) continue
      const key = recordKey(space, name, '')
      const rows = news.get(key) ?? [...newsAmong([name, table], space, yield* overlay.rows(space, name), { ...author(space), looked })]
      news.set(key, rows)
      if (!questionHolds(rows, read)) throw changed(name)
    } else if (!recordHolds(table, isThere ? yield* overlay.record(space, name, what) : undefined, read, author(space))) {
      throw changed(name, what)
    }
  }
  for (const operation of operations) {
    const [, space, name, id] = operation
    // Of a space that is not his nothing is told: that it is not is said later.
    if (!(yield* accessTo(asker, space, overlay.grants))) continue
    if (!writeHolds(tableOf(batch.engine, name), yield* overlay.record(space, name, id), operation, author(space))) throw changed(name, id)
  }
}

const changed = (table: string, id?: string): HoldfastError =>
  new HoldfastError('conflict', `What this was based on has changed meanwhile: ${table}${id === undefined ? '' : ` "${id}"`}.`, {
    table,
    id,
  })

/** Checks what a transaction says that it read. */
export function checkReadSet(schema: Schema, given: readonly unknown[]): readonly Read[] {
  checkExtent(given)
  return given.map((one) => checkRead(schema, one))
}

function checkRead(schema: Schema, given: unknown): Read {
  const [kind, ofSpace, name, what, there, values] = Array.isArray(given) ? given : []
  const space = checkId(ofSpace, 'id of a space')
  const table = typeof name === 'string' ? schema.tables[name] : undefined
  if (!table) throw bad('names a table that this schema does not have')
  if (kind === 'q')
    return [
      'q',
      space,
      name,
      checkList(what).map((group) =>
        checkList(group).map((test): Test => {
          return checkList(test).flatMap((part) => {
            const [field, op, operand] = checkList(part)
            if (typeof field !== 'string' || typeof op !== 'string') throw bad('is a malformed question')
            return parseTest(table, name, { [field]: { [op]: operand } })
          })
        }),
      ),
    ]
  if (kind !== 'r' || (there !== 0 && there !== 1)) throw bad('is malformed')
  const id = checkId(what, `id of ${name}`)
  if (values === undefined) return ['r', space, name, id, there]
  const shown = checkValue(values, { table: name, id })
  if (typeof shown !== 'object' || shown === null || Array.isArray(shown)) throw bad('is malformed')
  return ['r', space, name, id, there, shown as Exclude<Read[5], undefined>]
}

const checkList = (given: unknown): readonly unknown[] => {
  if (!Array.isArray(given)) throw bad('is a malformed question')
  return given
}

const bad = (what: string): HoldfastError => new HoldfastError('invalid_value', `What a transaction read ${what}.`)
