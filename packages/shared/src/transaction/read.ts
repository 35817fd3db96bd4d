import type { SpaceId } from '../ids.ts'
import type { JsonValue } from '../json.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { Question } from '../query/question.ts'
import { utf8Length } from '../schema/value.ts'
import { atMost } from './size.ts'

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
  atMost(LIMITS.operations, reads.length, 'records read by a transaction')
  const questions = reads.filter((read) => Array.isArray(read) && read[0] === 'q')
  atMost(QUESTIONS.count, questions.length, 'questions in a transaction')
  atMost(QUESTIONS.bytes, utf8Length(JSON.stringify(questions)), 'bytes of questions in a transaction')
}
