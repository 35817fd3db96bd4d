import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { Judge } from './core/judge.ts'
import type { Replica } from './core/replica.ts'
import type { Can } from './spaces.ts'

type AnyRule = (change: object) => unknown

/**
 * Whether a verb would be let through, as far as this device can know: by access, and by the rule, which of an update or a delete is asked
 * about the record as it is. An insert's values are not known yet, so only its access counts.
 */
export const createCan =
  ({ userId, rules, replica, accessOf }: { userId: string; rules: Rules; replica: Replica; accessOf: Judge['accessOf'] }) =>
  (space: SpaceId | undefined): Can =>
  (action, table, id) => {
    const row =
      id === undefined ? undefined : space === undefined ? [...replica.view.find(table, id)][0] : replica.view.row(space, table, id)
    const access = accessOf(row?.$space ?? space ?? `home:${userId}`)
    if (access?.access !== 'write' && access !== null) return false
    if (action === 'insert') return true
    if (!row) return id === undefined
    const rule = (rules as Readonly<Record<string, Readonly<Record<string, AnyRule>> | undefined>>)[table]?.[action]
    if (!rule) return true
    try {
      return rule({ userId, role: access?.role ?? null, before: row, after: row, changed: [] }) === true
    } catch {
      return false
    }
  }
