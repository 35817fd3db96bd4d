import type { SpaceId } from '../ids.ts'
import type { JsonValue } from '../json.ts'
import type { Question } from '../query/question.ts'

/**
 * What a serializable transaction looked at. A record: whether it was there, and the values that it showed because of own changes which
 * the server has not decided yet. Or the answer of a question: which records of a table in a space match.
 */
export type Read =
  | readonly ['r', space: SpaceId, table: string, id: string, there: 0 | 1, values?: Readonly<Record<string, JsonValue>>]
  | readonly ['q', space: SpaceId, table: string, all: Question['all']]
