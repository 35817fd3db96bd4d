import { HoldfastError } from '@holdfast/shared/internal/errors'
import { homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import type { Touched } from '@holdfast/shared/internal/merge/touched'
import { judgeRules } from '@holdfast/shared/internal/schema/judge-rules'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { accessIn, beginning, OWNER } from './access.ts'
import type { Replica } from './replica.ts'

export interface JudgeParts {
  readonly replica: Replica
  readonly tables: Readonly<Record<string, TableDef>>
  readonly rules: Rules
  readonly userId: string
}

/** Refusals of what was written, not of the space that it was to begin. */
const OF_CONTENT: ReadonlySet<string> = new Set(['rule_refused', 'hook_failed'])

/** What the server would say of a write, as far as this device can know: by access, then by rules. */
export function createJudge({ replica, tables, rules, userId }: JudgeParts) {
  const tableOf = (name: string): TableDef => (name === CONFLICTS ? conflictsTable : tables[name]) as TableDef
  /** Spaces that this tab made; nobody knows of them until something is written there. */
  const made = new Set<SpaceId>()

  /** It was there and is not any more, or the server did not want it: then it does not begin here once more. */
  const wasRefused = (space: SpaceId) =>
    replica.known.lost.includes(space) ||
    replica.known.dead.some(({ code, transaction }) => !OF_CONTENT.has(code) && transaction.begins?.includes(space))
  const isGranted = (space: SpaceId) => replica.known.spaces?.some((one) => one.space === space) ?? false
  const begins = (space: SpaceId) =>
    !isGranted(space) && (beginning(replica).has(space) || (made.has(space) && !wasRefused(space) && !replica.known.lost.includes(space)))

  /** What its user may do there; undefined if nothing, null if nobody has said yet. */
  const accessOf = (space: SpaceId) => (begins(space) || space === homeSpace(userId) ? OWNER : accessIn(replica, space))

  /** @throws HoldfastError `forbidden`, `rule_refused`, `hook_failed`, and what rules refuse with */
  function judge(touched: readonly Touched[]): void {
    for (const [space, records] of Map.groupBy(touched, (one) => one.space)) {
      const access = accessOf(space)
      if (access === null) continue
      if (!access) throw forbidden('This space is not yours, or no more.', space)
      if (access.access === 'read' && records.some(({ table }) => table !== CONFLICTS)) throw forbidden('You may only read here.', space)
      judgeRules(rules, tableOf, { userId, role: access.role }, records)
    }
  }

  return { made, begins, accessOf, judge }
}

export type Judge = ReturnType<typeof createJudge>

const forbidden = (message: string, space: SpaceId): HoldfastError => new HoldfastError('forbidden', message, { space })
