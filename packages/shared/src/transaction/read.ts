import { HoldfastError } from '../errors.ts'
import type { SpaceId } from '../ids.ts'
import type { JsonValue } from '../json.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { Question } from '../query/question.ts'
import { utf8Length } from '../schema/value.ts'

/**
 * What a serializable transaction looked at. A record: whether it was there, and the values that it showed because of own changes which
 * the server has not decided yet. Or the answer of a question: which records of a table in a space match.
 */
export type Read =
  | readonly ['r', space: SpaceId, table: string, id: string, there: 0 | 1, values?: Readonly<Record<string, JsonValue>>]
  | readonly ['q', space: SpaceId, table: string, all: Question['all']]

/** The most questions of a transaction, and the most bytes of them: each looks at every record of its table. */
const QUESTIONS = { count: 100, bytes: 64 * 1024 }

/**
 * Checks, at the write and again on the server, that a transaction does not say that it read more than can be looked at.
 *
 * @throws HoldfastError `too_large`
 */
export function checkExtent(reads: readonly unknown[]): void {
  if (reads.length > LIMITS.operations) throw new HoldfastError('too_large', `A transaction reads at most ${LIMITS.operations} records.`)
  const questions = reads.filter((read) => Array.isArray(read) && read[0] === 'q')
  if (questions.length > QUESTIONS.count || utf8Length(JSON.stringify(questions)) > QUESTIONS.bytes)
    throw new HoldfastError('too_large', `A transaction asks at most ${QUESTIONS.count} questions of ${QUESTIONS.bytes} bytes together.`)
}
